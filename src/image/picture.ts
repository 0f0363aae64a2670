/** @file Pictures and planes: 8-bit pixels as people see them, and numbers with a place; no codec. */
import { LimpidError } from "../errors.ts";
import type { Message } from "../wording/face.ts";

/** Interleaved 8-bit pixels, row by row: [heightPx, widthPx, channels]. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 is grey, 3 is RGB, 4 is RGB with straight alpha, as a browser's `ImageData` has it. */
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** The picture of a file. */
export interface DecodedPicture extends Picture {
  /** What was assumed of the file's numbers. */
  readonly note?: Message;
  /** How opaque it was before it was laid on white, [heightPx, widthPx]; only where it was not everywhere. */
  readonly alpha?: Uint8Array;
}

/** One number a place, row by row: [heightPx, widthPx]. */
export interface Plane {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Float32Array;
}

/** A picture over `data`, which is not copied. Throws `shape-mismatch` if its length does not fit. */
export function picture(
  widthPx: number,
  heightPx: number,
  channels: 1 | 3 | 4,
  data: Uint8Array,
): Picture {
  requireLength("picture", [heightPx, widthPx, channels], data.length);
  return { widthPx, heightPx, channels, data };
}

/** A plane over `data`, which is not copied. Throws `shape-mismatch` if its length does not fit. */
export function plane(widthPx: number, heightPx: number, data: Float32Array): Plane {
  requireLength("plane", [heightPx, widthPx], data.length);
  return { widthPx, heightPx, data };
}

function requireLength(where: string, dims: readonly number[], length: number): void {
  const needed = dims.reduce((product, dim) => product * dim, 1);
  if (dims.every((dim) => Number.isInteger(dim) && dim > 0) && length === needed) return;
  throw new LimpidError(
    "shape-mismatch",
    `${where}: [${dims.join(", ")}] must be positive and needs ${needed} elements, got ${length}.`,
  );
}

/** The picture with three channels, or itself. Transparency is laid on white. */
export function toRgb(source: Picture): Picture {
  const { channels, data, widthPx, heightPx } = source;
  if (channels === 3) return source;
  const rgb = new Uint8Array(3 * widthPx * heightPx);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const alpha = channels === 4 ? data[from + 3]! : 255;
    for (let c = 0; c < 3; c++) {
      const value = data[channels === 1 ? from : from + c]!;
      rgb[to + c] = alpha === 255 ? value : Math.round((value * alpha) / 255 + 255 - alpha);
    }
  }
  return { widthPx, heightPx, channels: 3, data: rgb };
}

/** The picture with four channels, opaque where it had no alpha, or itself. */
export function toRgba(source: Picture): Picture {
  const { channels, data, widthPx, heightPx } = source;
  if (channels === 4) return source;
  const rgba = new Uint8Array(4 * widthPx * heightPx).fill(255);
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    for (let c = 0; c < 3; c++) rgba[to + c] = data[channels === 1 ? from : from + c]!;
  }
  return { widthPx, heightPx, channels: 4, data: rgba };
}

/** The picture's luma (Rec. 601: 0.299 R + 0.587 G + 0.114 B), or itself. Transparency is laid on white. */
export function toGrey(source: Picture): Picture {
  if (source.channels === 1) return source;
  const { data: rgb, widthPx, heightPx } = toRgb(source);
  const data = new Uint8Array(widthPx * heightPx);
  for (let i = 0; i < data.length; i++) data[i] = lumaAt(rgb, 3 * i);
  return { widthPx, heightPx, channels: 1, data };
}

/** Pillow's integer form of the luma, so that both make the same bytes. */
function lumaAt(rgb: Uint8Array, at: number): number {
  return (19595 * rgb[at]! + 38470 * rgb[at + 1]! + 7471 * rgb[at + 2]! + 0x8000) >> 16;
}
