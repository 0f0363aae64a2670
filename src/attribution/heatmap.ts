/** @file What every attribution method gives: signed numbers with their target, layer and units. */
import type { ExplainedScore } from "../scores/explained-score.ts";
import type { InputKind } from "../graph/input-parts.ts";
import type { PlaceCentres } from "../image/placed-plane.ts";
import { formatPlain } from "../wording/numbers.ts";
import { option, say, type Message } from "../wording/face.ts";

/** What is wrong with a map, or why it is. */
export type WarningCause =
  | "not-finite"
  | "all-zero"
  | "all-negative"
  | "constant"
  | "flat"
  | "concentrated"
  | "single-place"
  | "negative-score"
  | "incomplete"
  | "mixed-places"
  | "dead-layer"
  | "dead-unit"
  | "lone-softmax"
  | "saturated"
  | "constant-input"
  | "input-range"
  | "input-not-finite";

/** Why a map may tell less than it seems to. */
export interface MapWarning {
  readonly cause: WarningCause;
  /** What holds, and what to try; each face words it. */
  readonly message: string | Message;
}

/** One explained picture. */
export interface Heatmap extends ExplainedScore {
  /** Signed, row-major. */
  readonly data: Float32Array;
  /**
   * [C, H, W] of input gradients, [H, W] of class activation maps and of what is hidden; of signals [C, T] and [T], of
   * volumes [C, D, H, W] and [D, H, W], of numbers [K].
   */
  readonly dims: readonly number[];
  /** The input of the file that the map is of; undefined for maps of the whole picture that a method was given. */
  readonly part?: string;
  /** What that input is: a picture unless another kind is named. */
  readonly kind?: InputKind;
  /** Where the places of a class activation map lie on the picture, where that is not the plain grid. */
  readonly centres?: PlaceCentres;
  readonly method: string;
  /** The layer that the map is computed on, or several joined by " + "; the input's name for pixel maps. */
  readonly layer: string;
  /** The layers that the map is fused of, the finest first, where there are several. */
  readonly layers?: readonly string[];
  /** Unit of the numbers, for colour bars. */
  readonly unit: string;
  /** What the method measured of its own work, such as steps and what a sum is off by. */
  readonly figures?: Readonly<Record<string, number>>;
  readonly warnings: readonly MapWarning[];
  /** Of a score that is a difference: the picture's own, and the reference's that is taken off. */
  readonly reference?: { readonly own: number; readonly value: number };
}

/** Smallest and largest number of a map. */
export function extremes(data: Float32Array): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/** Numbers that differ by less than this share of the largest are one colour to the eye. */
const visibleShare = 0.01;

/** A map that is taken at a layer, which could be another one. */
interface AtLayer {
  /** The same map before negative numbers were cut off. */
  readonly beforeRelu: Float32Array;
}

/** What is odd about a map; what to try where it is taken at a layer. */
export function warningsOf(data: Float32Array, atLayer?: AtLayer): MapWarning[] {
  const { beforeRelu = data } = atLayer ?? {};
  const advice = (text: string) => (atLayer ? text : "");
  const lost = atLayer
    ? "the layer has lost all others. choose an earlier layer"
    : "there is no other to compare it with";
  // The cut hides minus infinity.
  if ([data, beforeRelu].some((map) => map.some((value) => !Number.isFinite(value)))) {
    return [
      {
        cause: "not-finite",
        message: "the map holds NaN or infinity: check the input's range and the weights",
      },
    ];
  }
  const { min, max } = extremes(data);
  if (data.length === 1) {
    return [
      {
        cause: "single-place",
        message: `the map has one place, ${max.toPrecision(3)}: ${lost}`,
      },
    ];
  }
  if (min !== max) return flatness(min, max, advice(": try an earlier layer"));
  if (max !== 0) {
    return [
      {
        cause: "constant",
        message: `the map is ${max.toPrecision(3)} everywhere: no place differs from another${advice(". try an earlier layer")}`,
      },
    ];
  }
  return [blankness(beforeRelu, advice(". try another layer"))];
}

function flatness(min: number, max: number, advice: string): MapWarning[] {
  const share = (max - min) / Math.max(-min, max);
  if (share >= visibleShare) return [];
  const percent = formatPlain(100 * share, 2);
  return [
    {
      cause: "flat",
      message: `all places are within ${percent} % of each other, which no colour shows${advice}`,
    },
  ];
}

function blankness(beforeRelu: Float32Array, advice: string): MapWarning {
  const raw = extremes(beforeRelu);
  return raw.min < 0
    ? {
        cause: "all-negative",
        message: say`every place speaks against the class (from ${raw.min.toPrecision(3)}), and negative numbers are cut off: try ${option("signed")}`,
      }
    : {
        cause: "all-zero",
        message: `the map is 0 everywhere: nothing here changes the score${advice}`,
      };
}
