/** @file Gradient rules of reductions. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";

/** The axes that a reduction runs over, in order; none if it was asked to reduce nothing. */
function reducedAxes(n: NodeView): readonly number[] {
  const { dims } = n.in(0);
  const listed = n.hasIn(1) ? n.requireConstant(1, "axes") : [];
  if (listed.length > 0) {
    return listed.map((axis) => positiveAxis(axis, dims.length)).sort((a, b) => a - b);
  }
  return n.int("noop_with_empty_axes", 0) === 1 ? [] : dims.map((_, axis) => axis);
}

/**
 * A rule from the gradient and the value of the output, both with the reduced axes as axes of size 1.
 * What it gives is broadcast to the shape of the input.
 */
function reduction(dx: (dy: Value, y: Value, n: NodeView, b: GraphBuilder) => Value): GradientRule {
  return (n, b) => {
    const { dims } = n.in(0);
    const axes = new Set(reducedAxes(n));
    const kept = dims.map((dim, axis) => (axes.has(axis) ? 1 : dim));
    const gradient = dx(b.reshape(n.grad(0), kept), b.reshape(n.out(0), kept), n, b);
    return [b.expand(gradient, dims)];
  };
}

/**
 * dx = dy at the first extreme along the reduced axes, in row-major order, else 0. (PyTorch's amax and
 * amin divide dy evenly among equal elements; its max and min over one axis do as we do.)
 */
function firstExtreme(search: "ArgMax" | "ArgMin"): GradientRule {
  return reduction((dy, _, n, b) => {
    const x = n.in(0);
    const axes = reducedAxes(n);
    const rest = x.dims.map((_size, axis) => axis).filter((axis) => !axes.includes(axis));
    const order = [...rest, ...axes];
    const count = elementCount(axes.map((axis) => x.dims[axis]!));
    const outer = rest.map((axis) => x.dims[axis]!);
    const rows = b.reshape(b.transpose(x, order), [...outer, count]);
    const first = b.cast(b.op(search, [rows], { axis: outer.length }), "int32");
    const range = b.constant(
      Array.from({ length: count }, (_size, k) => k),
      [count],
      "int32",
    );
    const chosen = b.op("Equal", [range, first]);
    const moved = b.reshape(dy, [...outer, 1]);
    const gradient = b.where(chosen, moved, b.scalar(0, x.type));
    const back = order.map((_axis, axis) => order.indexOf(axis));
    return b.transpose(
      b.reshape(
        gradient,
        order.map((axis) => x.dims[axis]!),
      ),
      back,
    );
  });
}

/** dx = dy times the product of all other elements: exact where elements are zero, too. */
const product = reduction((dy, _, n, b) => {
  const x = n.in(0);
  const axes = reducedAxes(n);
  const zero = b.scalar(0, x.type);
  const one = b.scalar(1, x.type);
  const isZero = b.op("Equal", [x, zero]);
  const nonzero = b.where(isZero, one, x);
  const isOne = b.where(isZero, one, zero);
  const others = b.sub(b.reduceSum(isOne, axes), isOne);
  const attributes = { keepdims: 1, noop_with_empty_axes: 1 };
  const whole = b.op("ReduceProd", [nonzero, b.ints(axes)], attributes);
  const gradient = b.mul(dy, b.div(whole, nonzero));
  return b.where(b.greater(others, zero), zero, gradient);
});

export const reductions = {
  // y = sum x / count over all places; dx = dy / count
  GlobalAveragePool: (n, b) => {
    const { dims } = n.in(0);
    return [b.expand(b.scale(n.grad(0), 1 / elementCount(dims.slice(2))), dims)];
  },
  // y = sum |x|; dx = dy sign(x), 0 at 0
  ReduceL1: reduction((dy, _, n, b) => {
    const zero = b.scalar(0, n.in(0).type);
    const negative = b.where(b.op("Less", [n.in(0), zero]), b.neg(dy), zero);
    return b.where(b.greater(n.in(0), zero), dy, negative);
  }),
  // y = sqrt(sum x^2); dx = dy x / y, 0 where y = 0
  ReduceL2: reduction((dy, y, n, b) => {
    const zero = b.scalar(0, y.type);
    const ratio = b.where(b.op("Equal", [y, zero]), zero, b.div(dy, y));
    return b.mul(n.in(0), ratio);
  }),
  // y = log(sum x); dx = dy exp(-y)
  ReduceLogSum: reduction((dy, y, _, b) => b.mul(dy, b.op("Exp", [b.neg(y)]))),
  // y = log(sum exp(x)); dx = dy exp(x - y)
  ReduceLogSumExp: reduction((dy, y, n, b) => b.mul(dy, b.op("Exp", [b.sub(n.in(0), y)]))),
  // y = largest x; dx = dy at the first one, else 0
  ReduceMax: firstExtreme("ArgMax"),
  // y = sum x / count; dx = dy / count
  ReduceMean: reduction((dy, _, n, b) => {
    const count = elementCount(n.in(0).dims) / elementCount(dy.dims);
    return b.scale(dy, 1 / count);
  }),
  // y = smallest x; dx = dy at the first one, else 0
  ReduceMin: firstExtreme("ArgMin"),
  // y = product of x; dx = dy y / x
  ReduceProd: product,
  // y = sum x; dx = dy
  ReduceSum: reduction((dy) => dy),
  // y = sum x^2; dx = 2 x dy
  ReduceSumSquare: reduction((dy, _, n, b) => b.mul(n.in(0), b.scale(dy, 2))),
} satisfies RuleTable;
