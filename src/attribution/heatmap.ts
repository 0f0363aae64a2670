/** @file What every attribution method gives: signed numbers with their target, layer and units. */

/** Why a map may tell less than it seems to. */
export interface MapWarning {
  readonly cause:
    "not-finite" | "all-zero" | "all-negative" | "constant" | "negative-score" | "incomplete";
  readonly message: string;
}

/** One explained picture. */
export interface Heatmap {
  /** Signed, row-major. */
  readonly data: Float32Array;
  /** [C, H, W] of input gradients, [H, W] of class activation maps. */
  readonly dims: readonly number[];
  readonly method: string;
  /** Class that is explained. */
  readonly target: number;
  /** The layer that the map is computed on; the input's name for pixel maps. */
  readonly layer: string;
  readonly logit: number;
  readonly probability: number;
  /** Unit of the numbers, for colour bars. */
  readonly unit: string;
  readonly warnings: readonly MapWarning[];
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

/** What is odd about a map; `beforeRelu` is the same map before negative numbers were cut off. */
export function warningsOf(data: Float32Array, beforeRelu: Float32Array = data): MapWarning[] {
  if (data.some((value) => !Number.isFinite(value))) {
    return [
      {
        cause: "not-finite",
        message: "the map holds NaN or infinity: check the input's range and the weights",
      },
    ];
  }
  const { min, max } = extremes(data);
  if (min !== max) return [];
  if (max !== 0) {
    return [
      { cause: "constant", message: `the map is ${max} everywhere: the layer has lost all places` },
    ];
  }
  const raw = extremes(beforeRelu);
  if (raw.min < 0) {
    return [
      {
        cause: "all-negative",
        message: `every place speaks against the class (from ${raw.min.toPrecision(3)}), and negative numbers are cut off: try --signed`,
      },
    ];
  }
  return [
    {
      cause: "all-zero",
      message:
        "the map is 0 everywhere: the layer is dead for this picture or does not reach the class",
    },
  ];
}
