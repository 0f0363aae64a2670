/** @file Tiny pictures, maps and numbers that are drawn, not found: what golden pictures are made of. */
import { parseHTML } from "linkedom/worker";
import { paint } from "../../src/drawing/marks.ts";
import type { Platform } from "../../src/app/platform.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { resizePicture } from "../../src/image/resize.ts";
import { drawSheet, type SheetLayout } from "../../src/drawing/sheet.ts";
import { tensor, type Tensor } from "../../src/graph/tensor.ts";
import { picture, plane, type Picture, type Plane } from "../../src/image/picture.ts";
import { loadTypefaces } from "../../src/node/typefaces.ts";

/** What charts are drawn into. */
export const { document: chartDocument } = parseHTML("<html><body></body></html>");

/** The sheet with one pixel a unit, which keeps the files small. */
export function drawn(layout: SheetLayout): Picture {
  return paint(drawSheet(layout, loadTypefaces()), 1);
}

/**
 * The sheet that a job draws, at one pixel a unit: the job is given a platform that has `pictures` by their paths and
 * keeps what is written.
 */
export async function drawnBy(
  draw: (platform: Platform) => Promise<unknown>,
  pictures: Readonly<Record<string, Picture>> = {},
): Promise<Picture> {
  const kept: Picture[] = [];
  await draw({
    ...nodePlatform,
    readPicture: (path) => Promise.resolve(pictures[path]!),
    writeWhole: () => Promise.resolve(),
    encodePicture: (frames) => {
      kept.push(...frames);
      return Promise.resolve(new Uint8Array());
    },
  });
  const [{ widthPx, heightPx }] = kept as [Picture];
  return resizePicture(kept[0]!, widthPx / 2, heightPx / 2, "box");
}

/** A disc before a slope from dark blue to light green; `turn` moves the disc and its colour. */
export function scene(widthPx: number, heightPx = widthPx, turn = 0): Picture {
  const data = new Uint8Array(3 * widthPx * heightPx);
  const [centreX, centreY] = [0.5 - 0.1 * Math.cos(turn), 0.45 + 0.15 * Math.sin(turn)];
  for (let i = 0; i < widthPx * heightPx; i++) {
    const [x, y] = [(i % widthPx) / widthPx, Math.floor(i / widthPx) / heightPx];
    const isDisc = Math.hypot(x - centreX, y - centreY) < 0.22;
    const disc = [214 - 40 * Math.sin(turn), 120, 40 + 60 * Math.sin(turn)];
    data.set(isDisc ? disc : [30 + 60 * x, 60 + 150 * y, 120 + 40 * x], 3 * i);
  }
  return picture(widthPx, heightPx, 3, data);
}

/** A hill over the disc of height 1.5 and, if signed, a hollow of -0.9 at the lower right. */
export function hills(widthPx: number, heightPx: number, signed: boolean, turn = 0): Plane {
  const [centreX, centreY] = [0.5 - 0.1 * Math.cos(turn), 0.45 + 0.15 * Math.sin(turn)];
  const data = Float32Array.from({ length: widthPx * heightPx }, (_, i) => {
    const x = ((i % widthPx) + 0.5) / widthPx;
    const y = (Math.floor(i / widthPx) + 0.5) / heightPx;
    const hill = 1.5 * Math.exp(-((x - centreX) ** 2 + (y - centreY) ** 2) / 0.03);
    const hollow = 0.9 * Math.exp(-((x - 0.85) ** 2 + (y - 0.8) ** 2) / 0.02);
    return signed ? hill - hollow : hill;
  });
  return plane(widthPx, heightPx, data);
}

/** Maps [C, H, W] of many kinds: stripes, gradients and discs; the channels in `dead` are 0. */
export function channelMaps(
  channels: number,
  height: number,
  width: number,
  dead: readonly number[] = [],
): Tensor {
  const places = height * width;
  const data = new Float32Array(channels * places);
  for (let c = 0; c < channels; c++) {
    if (dead.includes(c)) continue;
    for (let i = 0; i < places; i++) {
      const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
      const wave = Math.sin(x * (c + 1) * 2 + y * (7 - c) * 1.5);
      const disc = Math.hypot(x - 0.5, y - 0.5) < 0.1 + (c % 5) / 12 ? 1 : 0;
      data[c * places + i] = Math.max(0, (1 + c / 4) * (c % 2 === 0 ? wave : disc));
    }
  }
  return tensor("float32", [channels, height, width], data);
}
