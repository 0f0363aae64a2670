/** @file The outline of a mask on a picture: a light line with a dark one around it, seen on any ground. */
import type { Mask } from "../image/mask.ts";
import { toRgb, type Picture } from "../image/picture.ts";
import { resizePicture, resizePlane } from "../image/resize.ts";
import type { Colour } from "./marks.ts";

/** Of the longer side of a picture, how much each of the two lines takes. */
const lineShare = 1 / 170;
const light: Colour = [255, 255, 255];
const dark: Colour = [0, 0, 0];

/**
 * A picture, enlarged to a size where it is smaller, with the outline of a mask that covers all of it: the light line lies
 * just inside the mask, the dark one just outside. RGB.
 */
export function outlined(
  picture: Picture,
  mask: Mask,
  size: Pick<Picture, "widthPx" | "heightPx">,
  enlarge: "squares" | "smooth",
): Picture {
  const { widthPx, heightPx } = size;
  const isSmaller = picture.widthPx < widthPx || picture.heightPx < heightPx;
  const filter = enlarge === "smooth" ? "bicubic" : "nearest";
  const large = toRgb(isSmaller ? resizePicture(picture, widthPx, heightPx, filter) : picture);
  const data = Uint8Array.from(large.data);
  for (const [p, line] of outlineAt(mask, large.widthPx, large.heightPx).entries()) {
    if (line !== 0) data.set(line > 0 ? light : dark, 3 * p);
  }
  return { ...large, data };
}

/** The outline of a mask that covers all of a picture of a size: 1 where the light line lies, -1 where the dark one does. */
export function outlineAt(mask: Mask, widthPx: number, heightPx: number): Int8Array {
  const line = Math.max(Math.max(widthPx, heightPx) * lineShare, 1);
  return Int8Array.from(borderDistances(mask, widthPx, heightPx), (distance) =>
    distance !== 0 && Math.abs(distance) <= line ? Math.sign(distance) : 0,
  );
}

/**
 * How far each pixel is from the border of a mask, about: above 0 inside, below 0 outside (chamfer distances of 3 and 4,
 * Borgefors 1986). What lies beyond the picture is outside.
 */
function borderDistances(mask: Mask, widthPx: number, heightPx: number): Float32Array {
  const inside = enlargedMask(mask, widthPx, heightPx);
  const toOutside = chamfer(inside, widthPx, heightPx, 0);
  const toInside = chamfer(inside, widthPx, heightPx, 1);
  return Float32Array.from(inside, (one, p) => (one === 1 ? toOutside[p]! : -toInside[p]!));
}

/** The mask at another size, with borders as smooth as its own places allow. */
function enlargedMask(
  { inside, widthPx, heightPx }: Mask,
  toWidthPx: number,
  toHeightPx: number,
): Uint8Array {
  const plane = { widthPx, heightPx, data: Float32Array.from(inside) };
  const { data } = resizePlane(plane, toWidthPx, toHeightPx, { filter: "bilinear" });
  return Uint8Array.from(data, (share) => (share >= 0.5 ? 1 : 0));
}

/** The distance of each pixel from the nearest one of a side, 0 there; beyond the picture all is outside. */
function chamfer(inside: Uint8Array, widthPx: number, heightPx: number, side: 0 | 1): Float32Array {
  const far = widthPx + heightPx;
  const distances = Float32Array.from(inside, (one) => (one === side ? 0 : far));
  const at = (x: number, y: number) => {
    if (x >= 0 && y >= 0 && x < widthPx && y < heightPx) return distances[y * widthPx + x]!;
    return side === 0 ? 0 : far;
  };
  const near = (x: number, y: number, back: 1 | -1) =>
    Math.min(
      at(x, y),
      at(x - back, y) + 1,
      at(x, y - back) + 1,
      at(x - back, y - back) + 4 / 3,
      at(x + back, y - back) + 4 / 3,
    );
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) distances[y * widthPx + x] = near(x, y, 1);
  }
  for (let y = heightPx - 1; y >= 0; y--) {
    for (let x = widthPx - 1; x >= 0; x--) distances[y * widthPx + x] = near(x, y, -1);
  }
  return distances;
}
