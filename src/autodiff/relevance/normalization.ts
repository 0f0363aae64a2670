/** @file The relevance rule of normalisations whose statistics are the input's own. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { perOutput } from "./layers.ts";
import type { GradientRule, NodeView } from "../rule.ts";

/**
 * y = (x - mean) / sqrt(variance + epsilon) scale + bias. The divisor is a gate, so that what is left is linear
 * (Achtibat et al. 2024, arXiv 2402.05602, section 3.3): with q = scale / sqrt(variance + epsilon) / y R, averaged over
 * the axes that are normalised, R_x = x (q - mean of q). The bias absorbs.
 */
export function normalizing(stabilizer: number): GradientRule {
  return (n, b) => {
    const x = n.in(0);
    const { axes, scale } = normalized(n, b);
    const centred = b.sub(x, b.reduceMean(x, axes));
    const variance = b.reduceMean(b.mul(centred, centred), axes);
    const shifted = b.add(variance, b.scalar(n.float("epsilon", 1e-5), x.type));
    const shares = perOutput(b, n.grad(0), n.out(0), stabilizer);
    const slopes = b.div(b.mul(shares, scale), b.op("Sqrt", [shifted]));
    return [b.mul(x, b.sub(slopes, b.reduceMean(slopes, axes)))];
  };
}

/** The axes that are normalised, and the scale in a shape that broadcasts to x. */
function normalized(n: NodeView, b: GraphBuilder): { axes: readonly number[]; scale: Value } {
  const { dims } = n.in(0);
  const scale = n.in(1);
  if (n.node.operator === "LayerNormalization") {
    const first = positiveAxis(n.int("axis", -1), dims.length);
    return { axes: dims.map((_, axis) => axis).slice(first), scale };
  }
  const channels = dims.map((size, axis) => (axis === 1 ? size : 1));
  return { axes: dims.map((_, axis) => axis).slice(2), scale: b.reshape(scale, channels) };
}
