/** @file The gradient rule of the cumulative product. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { GradientRule } from "../rule.ts";
import { placedAlong } from "./margins.ts";

/**
 * y_k = x_1 .. x_k; dx_i = p_i s_i with p_i = x_1 .. x_(i-1) and s_i = dy_i + x_(i+1) s_(i+1), the sum over k of
 * dy_k times the elements between. No division, so it is exact where elements are zero. With `exclusive`, y_k lacks its
 * own element, and s_i begins with dy_(i+1). With `reverse`, all runs from the other end.
 */
export const cumulativeProduct: GradientRule = (n, b) => {
  const x = n.in(0);
  const axis = positiveAxis(n.requireConstant(1, "axis")[0]!, x.dims.length);
  const reverse = n.int("reverse", 0);
  const forth = reverse === 0 ? 1 : -1;
  const following = shifted(b, x, axis, forth);
  const dy = n.int("exclusive", 0) === 0 ? n.grad(0) : shifted(b, n.grad(0), axis, forth);
  const before = b.op("CumProd", [x, n.in(1)], { exclusive: 1, reverse });
  return [b.mul(before, recurrence(b, following, dy, axis, forth))];
};

/** s_i = b_i + a_i s_(i+1): every round doubles how far each element looks (Hillis and Steele 1986). */
function recurrence(
  b: GraphBuilder,
  factors: Value,
  terms: Value,
  axis: number,
  forth: number,
): Value {
  let [a, s] = [factors, terms];
  for (let step = 1; step < terms.dims[axis]!; step *= 2) {
    s = b.add(s, b.mul(a, shifted(b, s, axis, forth * step)));
    if (step * 2 < terms.dims[axis]!) a = b.mul(a, shifted(b, a, axis, forth * step));
  }
  return s;
}

/** The value whose element i is element i + `by`, 0 past either end. */
function shifted(b: GraphBuilder, value: Value, axis: number, by: number): Value {
  const size = value.dims[axis]!;
  const [start, end] = [Math.max(by, 0), size + Math.min(by, 0)];
  if (start >= end) return b.fill(value.dims, 0, value.type);
  return placedAlong(b, b.slice(value, [start], [end], [axis]), axis, Math.max(-by, 0), size);
}
