/** @file Which numbers of bands and volumes are shown as black and white. */
import type { Picture, Plane } from "./picture.ts";

/** Numbers shown as black and white. */
export type Stretch = readonly [black: number, white: number];

/** Shares of the numbers that may lie beyond black and white. */
const shares = [0.02, 0.98] as const;

/** More numbers tell no more of where the 2nd and the 98th percentile lie. */
const mostSampled = 2 ** 18;

/**
 * The 2nd and 98th percentile of the finite numbers but for those where nothing was measured; [0, 1] of none. Of one
 * number alone both are the same.
 */
export function stretchOf(values: Float32Array, nodata?: number): Stretch {
  const step = Math.max(Math.ceil(values.length / mostSampled), 1);
  const kept: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    const value = values[i]!;
    if (Number.isFinite(value) && value !== nodata) kept.push(value);
  }
  if (kept.length === 0) return [0, 1];
  const sorted = Float64Array.from(kept).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = shares.map(at) as [number, number];
  // A few bright voxels before a plain ground are what is to be seen.
  return low < high ? [low, high] : [sorted[0]!, sorted.at(-1)!];
}

/** One byte a number, 0 at black and 255 at white; black where nothing was measured, middle grey without a range. */
export function stretched(
  values: Float32Array,
  [black, white]: Stretch,
  nodata?: number,
): Uint8Array {
  return Uint8Array.from(values, (value) => {
    if (!Number.isFinite(value) || value === nodata) return 0;
    if (!(white > black)) return 128;
    return Math.min(Math.max(Math.round((255 * (value - black)) / (white - black)), 0), 255);
  });
}

/** A plane as a grey picture. */
export function greyPicture({ widthPx, heightPx, data }: Plane, stretch: Stretch): Picture {
  return { widthPx, heightPx, channels: 1, data: stretched(data, stretch) };
}

/** Three bands [3, height, width] or one as a picture, each stretched by itself. */
export function bandsPicture(bands: readonly Plane[], nodata?: number): Picture {
  const [first] = bands as [Plane, ...Plane[]];
  const { widthPx, heightPx } = first;
  const shown = bands.map(({ data }) => stretched(data, stretchOf(data, nodata), nodata));
  const channels = bands.length === 3 ? 3 : 1;
  const data = new Uint8Array(channels * widthPx * heightPx);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < widthPx * heightPx; i++) data[i * channels + c] = shown[c]![i]!;
  }
  return { widthPx, heightPx, channels, data };
}
