/** @file Gradient rules of what stands between the last layers of most networks and their score. */
import { activations } from "./activations.ts";
import { elementwise } from "./elementwise.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { reductions } from "./reductions.ts";
import { reshaping } from "./reshaping.ts";
import { softmax } from "./softmax.ts";

export const usualRules = {
  ...activations,
  ...elementwise,
  ...linearAlgebra,
  ...reductions,
  ...reshaping,
  ...softmax,
};
