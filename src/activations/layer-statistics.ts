/** @file What one picture makes of a layer, measured: zeros, dead channels, spread, and what is left of the picture. */
import { tensor, type Tensor } from "../graph/tensor.ts";
import { plane, toGrey, type Picture, type Plane } from "../image/picture.ts";
import { resizePlane } from "../image/resize.ts";
import { correlation, median } from "../statistics.ts";
import { channelPlanes } from "./layer-values.ts";
import { summarise } from "./picture-summary.ts";

/** A layer over one picture. */
export interface LayerStatistics {
  /** Share of its numbers that are 0, 0..1. */
  readonly zeroShare: number;
  /** Channels that are 0 everywhere for this picture. */
  readonly deadChannels: readonly number[];
  /** Of all its numbers; the spread is their standard deviation. */
  readonly mean: number;
  readonly spread: number;
  /**
   * How many channels carry the activity, 1 to all: (sum of m)^2 / sum of m^2, m being the mean size of a channel's
   * numbers (the sparseness of Treves and Rolls 1991, "What determines the capacity of autoassociative memories in
   * the brain?", times the number of channels). 0 if all are dead.
   */
  readonly effectiveChannels: number;
  /**
   * Median over the channels that vary of the size of their maps' correlation with the luma of the picture, 0..1;
   * undefined where no channel varies over places.
   */
  readonly pictureLikeness: number | undefined;
}

/** The luma of a picture, 0..255, at the size that is asked for. */
export type SizedLuma = (widthPx: number, heightPx: number) => Plane;

/** The luma of what the network sees; layers of one size share it. */
export function lumaOf(seen: Picture): SizedLuma {
  const { widthPx, heightPx, data } = toGrey(seen);
  const whole = plane(widthPx, heightPx, Float32Array.from(data));
  const known = new Map<string, Plane>();
  return (wantedWidthPx, wantedHeightPx) => {
    const key = `${wantedWidthPx} x ${wantedHeightPx}`;
    const sized = known.get(key) ?? resizePlane(whole, wantedWidthPx, wantedHeightPx);
    known.set(key, sized);
    return sized;
  };
}

/** The statistics of values [C, H, W] or [C] of float32; `luma` is the picture's, where there is one. */
export function layerStatistics(values: Tensor, luma: SizedLuma | undefined): LayerStatistics {
  const row = tensor("float32", [1, ...values.dims], values.data as Float32Array);
  const { means, squares, zeros } = summarise(row, 0);
  const planes = channelPlanes(values);
  const places = planes[0]!.data.length;
  const mean = sum(means) / planes.length;
  const square = sum(squares) / planes.length;
  return {
    zeroShare: sum(zeros) / values.data.length,
    deadChannels: [...zeros.keys()].filter((c) => zeros[c] === places),
    mean,
    spread: Math.sqrt(Math.max(square - mean * mean, 0)),
    effectiveChannels: effectiveCount(planes.map(({ data }) => meanSize(data))),
    pictureLikeness: luma && likeness(planes, luma),
  };
}

function sum(values: Float64Array | Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function meanSize(data: Float32Array): number {
  let total = 0;
  for (const value of data) total += Math.abs(value);
  return total / data.length;
}

function effectiveCount(sizes: readonly number[]): number {
  let [total, squares] = [0, 0];
  for (const size of sizes) {
    total += size;
    squares += size * size;
  }
  return squares === 0 ? 0 : (total * total) / squares;
}

function likeness(planes: readonly Plane[], luma: SizedLuma): number | undefined {
  const { widthPx, heightPx } = planes[0]!;
  const small = luma(widthPx, heightPx);
  const found = planes
    .map(({ data }) => Math.abs(correlation(data, small.data)))
    .filter((value) => Number.isFinite(value));
  return found.length === 0 ? undefined : median(found);
}
