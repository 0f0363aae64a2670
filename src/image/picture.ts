/** @file Pictures: 8-bit pixels as people see them, without any codec. */
import { LimpidError } from "../errors.ts";

/** Interleaved 8-bit pixels, row by row: [heightPx, widthPx, channels]. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 is grey, 3 is RGB. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A picture over `data`, which is not copied. Throws `shape-mismatch` if its length does not fit. */
export function picture(
  widthPx: number,
  heightPx: number,
  channels: 1 | 3,
  data: Uint8Array,
): Picture {
  if (data.length !== widthPx * heightPx * channels) {
    throw new LimpidError(
      "shape-mismatch",
      `picture: ${widthPx} x ${heightPx} x ${channels} needs ${widthPx * heightPx * channels} bytes, got ${data.length}.`,
    );
  }
  return { widthPx, heightPx, channels, data };
}

/** The picture with three equal channels, or itself. */
export function toRgb(source: Picture): Picture {
  if (source.channels === 3) return source;
  const data = new Uint8Array(source.data.length * 3);
  for (const [i, value] of source.data.entries()) data.fill(value, 3 * i, 3 * i + 3);
  return { ...source, channels: 3, data };
}

/** The picture's luma (Rec. 601: 0.299 R + 0.587 G + 0.114 B), or itself. */
export function toGrey(source: Picture): Picture {
  if (source.channels === 1) return source;
  const data = new Uint8Array(source.data.length / 3);
  for (let i = 0; i < data.length; i++) {
    const [r, g, b] = source.data.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    data[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return { ...source, channels: 1, data };
}
