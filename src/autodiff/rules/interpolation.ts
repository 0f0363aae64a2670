/** @file How Resize reads its input along one axis, as a matrix; facts from the ONNX specification of Resize. */
import { internalError } from "../../errors.ts";

/** What decides which places of an axis a Resize reads. */
export interface AxisPlaces {
  readonly from: number;
  readonly to: number;
  /** Factor that the node was given, or to / from. */
  readonly scale: number;
  readonly mode: string;
  readonly coordinates: string;
  readonly nearest: string;
  /** Start and end of the region of interest, for `tf_crop_and_resize`. */
  readonly region: readonly [number, number];
}

/** Everything that decides one axis of a Resize. */
export interface AxisResampling extends AxisPlaces {
  readonly cubicCoefficient: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

/** The matrix [to, from], row-major, whose product with a line of the input is the output line. */
export function interpolationMatrix(axis: AxisResampling): Float64Array {
  const matrix = new Float64Array(axis.to * axis.from);
  for (let place = 0; place < axis.to; place++) {
    const source = sourcePlace(axis, place);
    if (axis.coordinates === "tf_crop_and_resize" && (source < 0 || source > axis.from - 1))
      continue;
    for (const [index, weight] of taps(axis, source)) {
      matrix[place * axis.from + Math.min(Math.max(index, 0), axis.from - 1)]! += weight;
    }
  }
  return matrix;
}

/**
 * The place in the input that an output place reads. Rounded where ONNX Runtime rounds to float32, so
 * that places near the border between two neighbours fall to the same one in both.
 */
function sourcePlace(axis: AxisPlaces, place: number): number {
  const { from, to } = axis;
  const round = Math.fround;
  const scale = round(axis.scale);
  const halfPixel = () => round(round((place + 0.5) / scale) - 0.5);
  switch (axis.coordinates) {
    case "half_pixel":
      return halfPixel();
    case "half_pixel_symmetric": {
      const adjustment = round(to / round(scale * from));
      const offset = round((from / 2) * round(1 - adjustment));
      return round(offset + (place + 0.5) / scale - 0.5);
    }
    case "pytorch_half_pixel":
      return to > 1 ? halfPixel() : 0;
    case "align_corners":
      return to === 1 ? 0 : round((place * (from - 1)) / (to - 1));
    case "asymmetric":
      return round(place / scale);
    case "tf_crop_and_resize": {
      const [start, end] = axis.region;
      if (to === 1) return round(0.5 * (start + end) * (from - 1));
      return round(start * (from - 1) + (place * (end - start) * (from - 1)) / (to - 1));
    }
    default:
      throw internalError("Resize", `unknown coordinate mode "${axis.coordinates}"`);
  }
}

/** The place in the input that an output place lies on, a whole one where it is the nearest. */
export function placeRead(axis: AxisPlaces, place: number): number {
  const source = sourcePlace(axis, place);
  return axis.mode === "nearest" ? nearestIndex(axis.nearest, source) : source;
}

type Tap = readonly [index: number, weight: number];

function taps(axis: AxisResampling, source: number): readonly Tap[] {
  if (axis.mode === "nearest") return [[nearestIndex(axis.nearest, source), 1]];
  const spread = axis.antialias ? Math.max(1 / axis.scale, 1) : 1;
  const reach = (axis.mode === "linear" ? 1 : 2) * spread;
  const first = Math.floor(source - reach) + 1;
  const last = Math.ceil(source + reach) - 1;
  let found: Tap[] = [];
  for (let index = first; index <= last; index++) {
    const distance = Math.abs(index - source) / spread;
    const weight =
      axis.mode === "linear" ? Math.max(1 - distance, 0) : cubic(distance, axis.cubicCoefficient);
    found.push([index, weight]);
  }
  if (axis.excludeOutside) {
    found = found.filter(([index]) => index >= 0 && index < axis.from);
  }
  const total = found.reduce((sum, [, weight]) => sum + weight, 0);
  return found.map(([index, weight]) => [index, weight / total]);
}

/** How far from halfway ONNX Runtime still takes a place for halfway between two neighbours. */
const tieTolerance = 1e-6;

function nearestIndex(mode: string, source: number): number {
  if (mode === "floor") return Math.floor(source);
  if (mode === "ceil") return Math.ceil(source);
  const before = Math.floor(source);
  const share = source - before;
  const isTie = Math.abs(share - 0.5) <= tieTolerance;
  if (isTie) return mode === "round_prefer_ceil" ? before + 1 : before;
  return share < 0.5 ? before : before + 1;
}

/** The cubic convolution kernel of Keys (1981). */
function cubic(distance: number, a: number): number {
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}
