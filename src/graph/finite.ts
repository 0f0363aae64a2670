/** @file Weights that are no numbers: found before they turn every result into NaN. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** Throws `bad-file` if a weight is NaN or infinite. */
export function requireFiniteWeights(graph: Graph): void {
  for (const [name, value] of graph.initializers) {
    if (value.type !== "float32" && value.type !== "float64") continue;
    if (!allFinite(value)) {
      throw new LimpidError(
        "bad-file",
        `model: weights must be finite, got NaN or infinity in "${name}". train or export the model again.`,
      );
    }
  }
}

/**
 * Whether all floats are finite. x - x is 0 for every finite number and NaN for every other, so one sum
 * tells of all without a branch.
 */
export function allFinite(value: Tensor): boolean {
  let sum = 0;
  for (const piece of value.pieces?.() ?? [value.data]) {
    const data = piece as Float32Array;
    for (let i = 0; i < data.length; i++) sum += data[i]! - data[i]!;
  }
  return sum === 0;
}
