/** @file Gradient rules of the classification losses. */
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { NodeView, RuleTable } from "../rule.ts";

/** One-hot labels and how much each position counts in the gradient. */
interface Positions {
  /** Booleans in the shape of the scores [N, C, d1, ...]. */
  readonly isLabel: Value;
  /** dy times the weight of the label over the divisor of the mean, [N, 1, d1, ...]; 0 at ignored labels. */
  readonly share: Value;
}

function positionsOf(n: NodeView, b: GraphBuilder): Positions {
  if (n.needs(2)) {
    throw new LimpidError(
      "unsupported-operator",
      `differentiate: ${n.node.operator} "${n.node.name}" must have class weights that are not differentiated, got a gradient asked for them. leave them out of wrt.`,
    );
  }
  const { dims, type } = n.in(0);
  const perPosition = dims.with(1, 1);
  const zero = b.scalar(0, type);
  const labels = b.reshape(b.cast(n.in(1), "int32"), perPosition);
  const classShape = dims.map((dim, axis) => (axis === 1 ? dim : 1));
  const classes = Array.from({ length: dims[1]! }, (_, k) => k);
  const isLabel = b.op("Equal", [labels, b.constant(classes, classShape, "int32")]);
  const classWeights = n.hasIn(2) ? b.reshape(n.in(2), classShape) : b.scalar(1, type);
  let weights = b.reduceSum(b.where(isLabel, classWeights, zero), [1]);
  if (n.has("ignore_index")) {
    const ignored = b.op("Equal", [labels, b.scalar(n.int("ignore_index"), "int32")]);
    weights = b.where(ignored, zero, weights);
  }
  const reduction = n.string("reduction", "mean");
  const dy = reduction === "none" ? b.reshape(n.grad(0), perPosition) : n.grad(0);
  const whole = b.reduceSum(
    weights,
    dims.map((_, axis) => axis),
    false,
  );
  return { isLabel, share: b.mul(weights, reduction === "mean" ? b.div(dy, whole) : dy) };
}

export const losses = {
  // loss = -share x[label] summed as `reduction` says; dx = -share at the label, else 0
  NegativeLogLikelihoodLoss: (n, b) => {
    const { isLabel, share } = positionsOf(n, b);
    return [b.where(isLabel, b.neg(share), b.scalar(0, n.in(0).type))];
  },
  // loss of log(p) with p = softmax(x) over axis 1, q = log(p); dx = share (p - label) + dq - p sum(dq)
  SoftmaxCrossEntropyLoss: (n, b) => {
    const p = b.op("Softmax", [n.in(0)], { axis: 1 });
    const gradients: Value[] = [];
    if (n.hasGrad(0)) {
      const { isLabel, share } = positionsOf(n, b);
      const one = b.scalar(1, p.type);
      gradients.push(b.mul(share, b.where(isLabel, b.sub(p, one), p)));
    }
    if (n.hasGrad(1)) {
      gradients.push(b.sub(n.grad(1), b.mul(p, b.reduceSum(n.grad(1), [1]))));
    }
    return [gradients.reduce((a, c) => b.add(a, c))];
  },
} satisfies RuleTable;
