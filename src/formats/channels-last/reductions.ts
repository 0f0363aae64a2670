/** @file Sums, means and extremes over some of the maker's axes. */
import type { GraphBuilder } from "../../graph/builder.ts";
import { axisIn, heldFirst, heldLast, withAllAxes, type NhwcValue } from "./nhwc-value.ts";

/** `ReduceMean` and its like over the maker's axes, which may count from the end. */
export function reduce(
  b: GraphBuilder,
  operator: string,
  x: NhwcValue,
  axes: readonly number[],
  keepDims: boolean,
  name: string,
): NhwcValue {
  const held = withAllAxes(b, x);
  const where = axes.map((axis) => axisIn(held, axis)).sort((a, other) => a - other);
  const attributes = { keepdims: keepDims ? 1 : 0 };
  const value = b.op(operator, [held.value, b.ints(where)], attributes, name);
  if (held.held !== "first") return heldLast(value);
  // Without its channels what is left lies in the maker's order already, and so does [N, C].
  const hasChannels = keepDims || !where.includes(1);
  return hasChannels && !where.includes(0) && value.dims.length > 2
    ? heldFirst(value)
    : heldLast(value);
}
