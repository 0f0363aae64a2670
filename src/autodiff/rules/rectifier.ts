/** @file Gradient rule of the rectifier. */
import type { RuleTable } from "../rule.ts";
import { masked } from "./masks.ts";

export const rectifier = {
  // y = max(x, 0); dx = dy where y > 0, else 0 (0 at x = 0, as TensorFlow and PyTorch)
  Relu: (n, b) => [masked(n, b, b.greater(n.out(0), b.scalar(0, n.in(0).type)))],
} satisfies RuleTable;
