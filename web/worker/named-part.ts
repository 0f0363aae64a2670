/** @file The part of the picture that is named, as the command is told it: a box of the photo's pixels, or a mask of the photo. */
import type { AskedRegion } from "../../src/app/attribute/region.ts";
import type { Source } from "../../src/app/source.ts";
import type { Picture } from "../../src/image/picture.ts";
import { regionIn, type PaintedGrid, type ShownBox } from "../shown-region.ts";

/** A part as `readRegion` takes it; undefined where none is named. */
export function namedPart(
  text: string | undefined,
  source: Pick<Source, "input" | "photo">,
): (Pick<AskedRegion, "box"> & { readonly mask?: Picture }) | undefined {
  const region = regionIn(text);
  if (!region) return undefined;
  if (region.kind === "box") return { box: boxText(region, source) };
  return { mask: photoMask(region, source) };
}

/** Inside of the photo: "left,top,right,bottom". */
function boxText(region: ShownBox, source: Pick<Source, "input" | "photo">): string {
  const { place, widthPx, heightPx, seen } = photoIn(source);
  const across = (share: number) =>
    within(((share * seen.widthPx - place.left) / place.widthPx) * widthPx, widthPx);
  const down = (share: number) =>
    within(((share * seen.heightPx - place.top) / place.heightPx) * heightPx, heightPx);
  const { left, top, right, bottom } = region;
  return [across(left), down(top), across(right), down(bottom)].join(",");
}

function within(at: number, side: number): number {
  return Math.min(Math.max(Math.round(at), 0), side);
}

/** Of a mask: what is painted is coarser by far. */
const longestSidePx = 1024;

/** White where it is painted, of the photo's size, or smaller in its proportions. */
function photoMask(grid: PaintedGrid, source: Pick<Source, "input" | "photo">): Picture {
  const { place, seen, ...photo } = photoIn(source);
  const times = Math.min(1, longestSidePx / Math.max(photo.widthPx, photo.heightPx));
  const widthPx = Math.max(1, Math.round(photo.widthPx * times));
  const heightPx = Math.max(1, Math.round(photo.heightPx * times));
  const columns = Array.from({ length: widthPx }, (_, x) =>
    Math.floor(((place.left + ((x + 0.5) / widthPx) * place.widthPx) / seen.widthPx) * grid.width),
  );
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const at = place.top + ((y + 0.5) / heightPx) * place.heightPx;
    const row = Math.floor((at / seen.heightPx) * grid.height);
    if (row < 0 || row >= grid.height) continue;
    for (const [x, column] of columns.entries()) {
      const isOver = column >= 0 && column < grid.width;
      if (isOver && grid.inside[row * grid.width + column] === 1) data[y * widthPx + x] = 255;
    }
  }
  return { widthPx, heightPx, channels: 1, data };
}

/** The photo, and where it lies in what the network sees. */
function photoIn({ input, photo }: Pick<Source, "input" | "photo">) {
  const [, , heightPx, widthPx] = input.dims as readonly [number, number, number, number];
  const seen = { widthPx, heightPx };
  return { ...(photo ?? { ...seen, place: { left: 0, top: 0, ...seen } }), seen };
}
