/** @file Gradient rules of cumulative sums and orderings. */
import type { RuleTable } from "../rule.ts";
import { cumulativeProduct } from "./cumulative-product.ts";

export const ordering = {
  // y_k = product of x up to k; dx_i = (product of x before i) s_i, s_i = dy_i + x_i+1 s_i+1
  CumProd: cumulativeProduct,
  // y = running sum of x; dx = running sum of dy from the other end
  CumSum: (n, b) => {
    const reverse = 1 - n.int("reverse", 0);
    const exclusive = n.int("exclusive", 0);
    return [b.op("CumSum", [n.grad(0), n.in(1)], { exclusive, reverse })];
  },
  // values = x at indices; dx = dy put back at the indices
  TopK: (n, b) => {
    const nil = b.fill(n.in(0).dims, 0, n.in(0).type);
    const attributes = { axis: n.int("axis", -1) };
    return [b.op("ScatterElements", [nil, n.out(1), n.grad(0)], attributes)];
  },
} satisfies RuleTable;
