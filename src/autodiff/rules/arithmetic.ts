/** @file Gradient rules of the arithmetic that stands between the last layers and the score. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { geluGradients } from "./gelu.ts";
import { swishGradients } from "./swish.ts";

/** A rule of a one-input function: dx from dy. */
export function unary(dx: (dy: Value, n: NodeView, b: GraphBuilder) => Value): GradientRule {
  return (n, b) => [dx(n.grad(0), n, b)];
}

export const arithmetic = {
  // y = a + b; da = dy, db = dy
  Add: (n) => [n.grad(0), n.grad(0)],
  // y = a / b; da = dy / b, db = -dy y / b
  Div: (n, b) => {
    const da = b.div(n.grad(0), n.in(1));
    return [da, n.needs(1) ? b.neg(b.mul(da, n.out(0))) : null];
  },
  // y = x; dx = dy
  Identity: unary((dy) => dy),
  // y = a b; da = dy b, db = dy a; of a sigmoid(a) and a (1 + erf(a)) da is both
  Mul: (n, b) =>
    swishGradients(n, b) ??
    geluGradients(n, b) ?? [
      n.needs(0) ? b.mul(n.grad(0), n.in(1)) : null,
      n.needs(1) ? b.mul(n.grad(0), n.in(0)) : null,
    ],
  // y = -x; dx = -dy
  Neg: unary((dy, _, b) => b.neg(dy)),
  // y = a - b; da = dy, db = -dy
  Sub: (n, b) => [n.grad(0), n.needs(1) ? b.neg(n.grad(0)) : null],
  // y = x0 + x1 + ...; each dx = dy
  Sum: (n) => Array<Value>(n.inputCount).fill(n.grad(0)),
} satisfies RuleTable;
