/** @file Gradient rules of reductions, cumulative sums and orderings. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { NodeView, RuleTable } from "../rule.ts";

/** The axes that a reduction runs over; empty if it leaves its input as it is. */
function reducedAxes(n: NodeView): readonly number[] {
  const rank = n.in(0).dims.length;
  const listed = n.hasIn(1) ? n.requireConstant(1, "axes") : [];
  if (listed.length > 0) return listed.map((axis) => positiveAxis(axis, rank));
  if (n.int("noop_with_empty_axes", 0) === 1) return [];
  return n.in(0).dims.map((_, axis) => axis);
}

/** A value in the shape of the output with the reduced axes back as axes of size 1. */
function withReducedAxes(n: NodeView, b: GraphBuilder, value: Value): Value {
  const axes = reducedAxes(n);
  return b.reshape(
    value,
    n.in(0).dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
  );
}

export const reductions = {
  // y = sum x; dx = dy everywhere
  ReduceSum: (n, b) => [b.expand(withReducedAxes(n, b, n.grad(0)), n.in(0).dims)],
} satisfies RuleTable;
