/** @file Rule tables that are laid over the default one: methods that bend backpropagation. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { isRelu6 } from "../graph/rectifiers.ts";
import type { NodeView, RuleTable } from "./rule.ts";
import { elementwise } from "./rules/elementwise.ts";

function zeroLike(b: GraphBuilder, value: Value): Value {
  return b.scalar(0, value.type);
}

function isBoundedRectifier(n: NodeView): boolean {
  return isRelu6((i) => n.constant(i));
}

/**
 * Guided backpropagation (Springenberg et al. 2014, arXiv 1412.6806): a ReLU or ReLU6 passes dy where its
 * ordinary gradient does and dy is positive. Leaky and smooth activations keep their gradient. Captum
 * bends ReLU alone.
 */
export const guidedBackpropagation = {
  Relu: (n, b) => {
    const dy = n.grad(0);
    const zero = zeroLike(b, dy);
    return [b.where(b.greater(n.out(0), zero), b.op("Relu", [dy]), zero)];
  },
  // the ordinary gradient is dy or 0, so that its sign is that of dy
  Clip: (n, b) => {
    const [gradient, ...others] = elementwise.Clip(n, b);
    return isBoundedRectifier(n) && gradient
      ? [b.op("Relu", [gradient])]
      : [gradient ?? null, ...others];
  },
} satisfies RuleTable;

/**
 * The deconvolution network (Zeiler and Fergus 2013, arXiv 1311.2901): a ReLU or ReLU6 passes dy where dy
 * is positive, whatever its output was. The others are left as in `guidedBackpropagation`.
 */
export const deconvolution = {
  Relu: (n, b) => [b.op("Relu", [n.grad(0)])],
  Clip: (n, b) => (isBoundedRectifier(n) ? [b.op("Relu", [n.grad(0)])] : elementwise.Clip(n, b)),
} satisfies RuleTable;

/**
 * Redirected ReLU (Lucid, Mordvintsev, Olah et al. 2017), for an objective that is maximised, so that a
 * dead start recovers: in an example whose whole gradient at a ReLU is zero, dy passes wherever it
 * pushes the input towards the active range; elsewhere the gradient is the ordinary one. Axis 0 counts
 * examples (a scalar or a list is one example). Bent are `Relu` and ReLU6, that is `Clip` with the
 * constant bounds 0 and 6.
 */
export const redirectedRelu = {
  // in a dead example no input is above 0, so that only upward pushes matter
  Relu: (n, b) => {
    const dy = n.grad(0);
    const zero = zeroLike(b, dy);
    const gradient = b.where(b.greater(n.out(0), zero), dy, zero);
    return [unlessAllZero(b, gradient, b.op("Relu", [dy]))];
  },
  // in a dead example every input is at or outside a bound: upward pushes matter below, downward ones above
  Clip: (n, b) => {
    const ordinary = elementwise.Clip(n, b);
    const gradient = ordinary[0];
    if (!isBoundedRectifier(n) || !gradient) return ordinary;
    const dy = n.grad(0);
    const upward = b.op("Relu", [dy]);
    const saturated = b.op("GreaterOrEqual", [n.out(0), b.scalar(6, dy.type)]);
    const revived = b.where(saturated, b.sub(dy, upward), upward);
    return [unlessAllZero(b, gradient, revived)];
  },
} satisfies RuleTable;

/** The gradient, and `redirected` in the examples where all of it is zero. */
function unlessAllZero(b: GraphBuilder, gradient: Value, redirected: Value): Value {
  const axes = gradient.dims.map((_, axis) => axis).slice(gradient.dims.length > 1 ? 1 : 0);
  const size = b.op("Abs", [gradient]);
  const largest = axes.length === 0 ? size : b.op("ReduceMax", [size, b.ints(axes)]);
  return b.where(b.greater(largest, zeroLike(b, gradient)), gradient, redirected);
}
