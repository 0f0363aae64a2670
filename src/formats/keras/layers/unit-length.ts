/** @file Vectors along some axes brought to length 1. */
import type { GraphBuilder } from "../../../graph/builder.ts";
import { axisIn, withAllAxes, type NhwcValue } from "../../channels-last/nhwc-value.ts";

/** Squares below this sum count as this. */
const least = 1e-12;

/** `x / sqrt(max(sum of squares, 1e-12))` over the maker's axes; the result is called `name`. */
export function unitLength(
  b: GraphBuilder,
  x: NhwcValue,
  axes: readonly number[],
  name: string,
): NhwcValue {
  const held = withAllAxes(b, x);
  const where = axes.map((axis) => axisIn(held, axis)).sort((a, other) => a - other);
  const squares = b.reduceSum(b.mul(held.value, held.value), where);
  const length = b.op("Sqrt", [b.op("Max", [squares, b.scalar(least)])]);
  return { ...held, value: b.op("Div", [held.value, length], {}, name) };
}
