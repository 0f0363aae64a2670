/** @file Building blocks: gradients that pass where a condition holds. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { NodeView } from "../rule.ts";

/**
 * The gradient of the node's output where the condition holds, else 0. A product with 0 and 1 runs in less than half of
 * Where's time in ONNX Runtime, and in its blocked layout; where gradients can be infinite it would be no number.
 */
export function masked(n: NodeView, b: GraphBuilder, condition: Value): Value {
  const dy = n.grad(0);
  return takesFactors(n)
    ? b.mul(dy, b.cast(condition, dy.type))
    : b.where(condition, dy, b.scalar(0, dy.type));
}

/** Whether a product with 0 takes nothing but the gradient away, which is then no infinity, in a type that keeps its digits. */
export function takesFactors(n: NodeView): boolean {
  return !n.mayOverflow && ["float32", "float64"].includes(n.grad(0).type);
}
