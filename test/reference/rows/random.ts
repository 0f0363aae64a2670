/** @file What is checked of the random operators. */
import type { ForwardRows, GradientRows } from "../row.ts";

const own = "draws its own numbers";

/** Random numbers have no gradient. */
export const gradientRows: GradientRows = {};

/** No two runtimes draw the same numbers. */
export const forwardRows: ForwardRows = {
  RandomNormalLike: [{ inputs: [[2, 3]], withoutOnnxRuntime: own }],
  RandomUniformLike: [{ inputs: [[2, 3]], withoutOnnxRuntime: own }],
};
