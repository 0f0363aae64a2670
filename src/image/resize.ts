/** @file Resampling in plain arithmetic, so that Node and every browser make the same pixels. */
import { LimpidError } from "../errors.ts";
import type { Picture, Plane } from "./picture.ts";

/** How pixels between pixels are found; `box` is the mean of the pixels covered. */
export type ResizeFilter = "nearest" | "box" | "bilinear" | "bicubic";

/** THE list of filters, for messages and checks. */
export const resizeFilters: readonly ResizeFilter[] = ["nearest", "box", "bilinear", "bicubic"];

export interface ResizeOptions {
  /** `bilinear` by default. */
  readonly filter?: ResizeFilter;
  /**
   * Where the plane shrinks, widen the filter so that nothing is skipped (default), as Pillow and PyTorch's
   * `interpolate(antialias=True)` do. Without it: PyTorch's `interpolate(align_corners=False)`.
   */
  readonly antialias?: boolean;
}

/** Weights of the source places `first`, `first + 1`, ... that make one place. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Steepness of the cubic at its first zero: Pillow's, and PyTorch's where it does not antialias. */
const softCubic = -0.5;
const steepCubic = -0.75;

/** Reach and value of each filter's kernel; `cubic` is the steepness of the bicubic one. */
function kernelOf(filter: ResizeFilter, cubic: number): [number, (x: number) => number] {
  switch (filter) {
    case "nearest":
    case "box":
      return [0.5, (x) => (x > -0.5 && x <= 0.5 ? 1 : 0)];
    case "bilinear":
      return [1, (x) => Math.max(1 - Math.abs(x), 0)];
    case "bicubic":
      return [2, (x) => keysCubic(Math.abs(x), cubic)];
  }
}

/** Keys 1981, "Cubic convolution interpolation for digital image processing", equation 4 with free a. */
function keysCubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Taps of Pillow's resampling: the kernel widens with the scale, and is cut at the borders. */
function wideTaps(from: number, to: number, filter: ResizeFilter): readonly Taps[] {
  const [reach, kernel] = kernelOf(filter, softCubic);
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = reach * stretch;
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const last = Math.min(Math.trunc(centre + support + 0.5), from);
    const weights = Float64Array.from({ length: last - first }, (_, i) =>
      kernel((i + first - centre + 0.5) * (1 / stretch)),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
}

/** Taps between neighbours only; places beyond a border are those at the border. */
function narrowTaps(from: number, to: number, filter: ResizeFilter): readonly Taps[] {
  const [reach, kernel] = kernelOf(filter, steepCubic);
  return Array.from({ length: to }, (_, place) => {
    const centre = ((place + 0.5) * from) / to - 0.5;
    const lowest = Math.floor(centre) - reach + 1;
    const first = Math.min(Math.max(lowest, 0), from - 1);
    const last = Math.min(Math.max(lowest + 2 * reach - 1, 0), from - 1);
    const weights = new Float64Array(last - first + 1);
    for (let at = lowest; at < lowest + 2 * reach; at++) {
      weights[Math.min(Math.max(at, first), last) - first]! += kernel(at - centre);
    }
    return { first, weights };
  });
}

function nearestTaps(from: number, to: number): readonly Taps[] {
  const weights = Float64Array.of(1);
  return Array.from(nearestPlaces(from, to), (first) => ({ first, weights }));
}

/** Which of `from` places lies nearest to each of `to`. */
export function nearestPlaces(from: number, to: number): Int32Array {
  const places = new Int32Array(to);
  for (let i = 0; i < to; i++) {
    places[i] = Math.min(Math.floor(((i + 0.5) * from) / to), from - 1);
  }
  return places;
}

/** Sums of weighted lines: `source` is [outer, from, inner], the result [outer, taps, inner]. */
function resampleFloats(
  source: Float64Array | Float32Array,
  outer: number,
  from: number,
  inner: number,
  taps: readonly Taps[],
): Float64Array {
  const result = new Float64Array(outer * taps.length * inner);
  for (let o = 0; o < outer; o++) {
    for (const [place, { first, weights }] of taps.entries()) {
      const to = (o * taps.length + place) * inner;
      for (let k = 0; k < weights.length; k++) {
        const at = (o * from + first + k) * inner;
        const weight = weights[k]!;
        for (let i = 0; i < inner; i++) result[to + i]! += weight * source[at + i]!;
      }
    }
  }
  return result;
}

/**
 * The plane at another size, from half-pixel centres. Throws `bad-option` unless the sizes are positive
 * whole numbers.
 */
export function resizePlane(
  source: Plane,
  widthPx: number,
  heightPx: number,
  options: ResizeOptions = {},
): Plane {
  requireSize(widthPx, heightPx);
  const { filter = "bilinear", antialias = true } = options;
  const tapsOf = (from: number, to: number) => {
    if (filter === "nearest") return nearestTaps(from, to);
    return antialias || filter === "box"
      ? wideTaps(from, to, filter)
      : narrowTaps(from, to, filter);
  };
  const across = tapsOf(source.widthPx, widthPx);
  const wide = resampleFloats(source.data, source.heightPx, source.widthPx, 1, across);
  const down = tapsOf(source.heightPx, heightPx);
  const done = resampleFloats(wide, 1, source.heightPx, widthPx, down);
  return { widthPx, heightPx, data: Float32Array.from(done) };
}

/** Fraction bits of the whole-number weights: what 8-bit values and two guard bits leave of 32. */
const precision = 22;
const half = 1 << (precision - 1);

/** Sums of weighted lines in whole numbers, rounded and clipped to a byte. */
function resampleBytes(
  source: Uint8Array,
  outer: number,
  from: number,
  inner: number,
  taps: readonly Taps[],
): Uint8Array {
  const whole = taps.map(({ first, weights }) => ({
    first,
    weights: Int32Array.from(weights, (weight) => {
      return Math.trunc(weight * 2 ** precision + (weight < 0 ? -0.5 : 0.5));
    }),
  }));
  const result = new Uint8Array(outer * taps.length * inner);
  const sums = new Int32Array(inner);
  for (let o = 0; o < outer; o++) {
    for (const [place, { first, weights }] of whole.entries()) {
      sums.fill(half);
      for (let k = 0; k < weights.length; k++) {
        const at = (o * from + first + k) * inner;
        const weight = weights[k]!;
        for (let i = 0; i < inner; i++) sums[i]! += weight * source[at + i]!;
      }
      const to = (o * taps.length + place) * inner;
      for (let i = 0; i < inner; i++) {
        result[to + i] = Math.min(Math.max(sums[i]! >> precision, 0), 255);
      }
    }
  }
  return result;
}

/**
 * The picture at another size: the same bytes as Pillow's `Image.resize` (so also torchvision's `Resize`
 * of a Pillow image) with that filter. Alpha is treated as a colour; `toRgb` before is better. Throws
 * `bad-option` unless the sizes are positive whole numbers.
 */
export function resizePicture(
  source: Picture,
  widthPx: number,
  heightPx: number,
  filter: ResizeFilter = "bilinear",
): Picture {
  requireSize(widthPx, heightPx);
  if (filter === "nearest") return repeatPixels(source, widthPx, heightPx);
  const { channels } = source;
  let { data } = source;
  if (source.widthPx !== widthPx) {
    const taps = wideTaps(source.widthPx, widthPx, filter);
    data = resampleBytes(data, source.heightPx, source.widthPx, channels, taps);
  }
  if (source.heightPx !== heightPx) {
    const taps = wideTaps(source.heightPx, heightPx, filter);
    data = resampleBytes(data, 1, source.heightPx, widthPx * channels, taps);
  }
  return { widthPx, heightPx, channels, data };
}

/** Nearest pixels, copied; equal rows are made once. */
function repeatPixels(source: Picture, widthPx: number, heightPx: number): Picture {
  const { channels } = source;
  const columns = nearestPlaces(source.widthPx, widthPx);
  const rows = nearestPlaces(source.heightPx, heightPx);
  const length = widthPx * channels;
  const data = new Uint8Array(length * heightPx);
  let to = 0;
  for (let y = 0; y < heightPx; y++) {
    const from = rows[y]!;
    if (y > 0 && rows[y - 1] === from) {
      data.copyWithin(to, to - length, to);
      to += length;
      continue;
    }
    for (let x = 0; x < widthPx; x++) {
      const at = (from * source.widthPx + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) data[to++] = source.data[at + c]!;
    }
  }
  return { widthPx, heightPx, channels, data };
}

/** The picture with its shorter side `sidePx` long, proportions kept; the longer is rounded down, as torchvision does. */
export function resizeShorterSide(
  source: Picture,
  sidePx: number,
  filter: ResizeFilter = "bilinear",
): Picture {
  const { widthPx, heightPx } = source;
  return widthPx <= heightPx
    ? resizePicture(source, sidePx, Math.trunc((sidePx * heightPx) / widthPx), filter)
    : resizePicture(source, Math.trunc((sidePx * widthPx) / heightPx), sidePx, filter);
}

function requireSize(widthPx: number, heightPx: number): void {
  if ([widthPx, heightPx].every((side) => Number.isInteger(side) && side > 0)) return;
  throw new LimpidError(
    "bad-option",
    `resize: sides must be positive whole numbers, got ${widthPx} x ${heightPx}.`,
  );
}
