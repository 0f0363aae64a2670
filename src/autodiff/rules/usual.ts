/** @file Gradient rules of what stands between the last layers of most networks and their score. */
import { arithmetic } from "./arithmetic.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { rectifier } from "./rectifier.ts";
import { reductions } from "./reductions.ts";
import { reshaping } from "./reshaping.ts";
import { softmax } from "./softmax.ts";

export const usualRules = {
  ...arithmetic,
  ...linearAlgebra,
  ...rectifier,
  ...reductions,
  ...reshaping,
  ...softmax,
};
