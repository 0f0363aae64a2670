/** @file The gradient of x sigmoid(x), which graphs spell as two operators, in one. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { NodeView } from "../rule.ts";

/**
 * The gradients of a product that is y = x s with s = sigmoid(x): dx = dy s (x - y + 1), by which nothing is left for the
 * sigmoid to pass on; undefined for other products. Where s rounds to 1, x - y is exactly 0, so that large x lose nothing.
 */
export function swishGradients(
  n: NodeView,
  b: GraphBuilder,
): readonly (Value | null)[] | undefined {
  const gate = [0, 1].find((i) => {
    const made = n.through(n.node.inputs[i]!);
    return made?.operator === "Sigmoid" && made.inputs[0] === n.node.inputs[1 - i];
  });
  if (gate === undefined) return undefined;
  const [s, x] = [n.in(gate), n.in(1 - gate)];
  const rise = b.add(b.sub(x, n.out(0)), b.scalar(1, x.type));
  const dx = b.mul(n.grad(0), b.mul(s, rise));
  return gate === 0 ? [null, dx] : [dx];
}
