/** @file Building blocks: gradients that pass where a condition holds. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";

/**
 * dy where the condition holds, else 0. A product with 0 and 1 is faster than Where in ONNX Runtime on small maps,
 * and can stay in its blocked layout; half-precision gradients overflow, and 0 times infinity is no number.
 */
export function masked(b: GraphBuilder, dy: Value, condition: Value): Value {
  return dy.type === "float32" || dy.type === "float64"
    ? b.mul(dy, b.cast(condition, dy.type))
    : b.where(condition, dy, b.scalar(0, dy.type));
}
