/** @file Override tables: methods that bend backpropagation, laid over the default rules. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { NodeView, RuleTable } from "./rule.ts";

/** The gradient where `gate` is positive, else 0. */
function wherePositive(b: GraphBuilder, gate: Value, gradient: Value): Value {
  const zero = b.scalar(0, gradient.type);
  return b.where(b.greater(gate, zero), gradient, zero);
}

/**
 * Guided backpropagation (Springenberg et al. 2015, arXiv 1412.6806): the gradient passes a ReLU only
 * where both its output and the gradient are positive.
 */
export const guidedBackpropagation: RuleTable = {
  Relu: (n, b) => [wherePositive(b, n.grad(0), wherePositive(b, n.out(0), n.grad(0)))],
};

/**
 * Deconvolution (Zeiler and Fergus 2014, arXiv 1311.2901): the gradient passes a ReLU where it is
 * positive itself, whatever the forward pass did.
 */
export const deconvolution: RuleTable = {
  Relu: (n, b) => [wherePositive(b, n.grad(0), n.grad(0))],
};

/** The usual gradient, or, for a picture that it would wholly miss, the gradient as if the function were the identity. */
function redirected(n: NodeView, b: GraphBuilder, passed: Value): readonly Value[] {
  const gradient = n.grad(0);
  const axes = gradient.dims.map((_, axis) => axis).slice(1);
  const magnitude = b.op("Abs", [passed]);
  const largest = b.op("ReduceMax", [magnitude, b.ints(axes)], { keepdims: 1 });
  return [b.where(b.greater(largest, b.scalar(0, gradient.type)), passed, gradient)];
}

/**
 * Redirected ReLU (Lucid, after Olah et al. 2017): a picture whose whole gradient would vanish at a
 * ReLU or ReLU6 gets the gradient passed through, so that a dead start recovers.
 */
export const redirectedRelu: RuleTable = {
  Relu: (n, b) => redirected(n, b, wherePositive(b, n.out(0), n.grad(0))),
  Clip: (n, b) => {
    const inside = [
      n.hasIn(1) ? b.greater(n.in(0), n.in(1)) : null,
      n.hasIn(2) ? b.greater(n.in(2), n.in(0)) : null,
    ];
    const zero = b.scalar(0, n.grad(0).type);
    const passed = inside.reduce<Value>(
      (gradient, gate) => (gate ? b.where(gate, gradient, zero) : gradient),
      n.grad(0),
    );
    return redirected(n, b, passed);
  },
};
