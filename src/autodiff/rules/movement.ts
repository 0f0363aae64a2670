/** @file Gradient rules of operators that move elements without computing: slices, tiles, reversals. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { placedAlong, reversedAlong, withMargins } from "./margins.ts";
import { interleave } from "./striding.ts";

/** Each input gets its stretch of dy. */
const concat: GradientRule = (n, b) => {
  const axis = positiveAxis(n.int("axis"), n.out(0).dims.length);
  let end = 0;
  return n.node.inputs.map((_, i) => {
    const start = end;
    end += n.in(i).dims[axis]!;
    return n.needs(i) ? b.slice(n.grad(0), [start], [end], [axis]) : null;
  });
};

/** dx is the outputs' gradients in a row; those of outputs that nobody reads are zeros. */
const split: GradientRule = (n, b) => {
  const { dims } = n.in(0);
  const axis = positiveAxis(n.int("axis", 0), dims.length);
  const even = Math.ceil(dims[axis]! / n.outputCount);
  const listed = n.hasIn(1) ? n.requireConstant(1, "sizes") : undefined;
  const sizes = n.node.outputs.map((_, i) => listed?.[i] ?? Math.min(even, dims[axis]! - i * even));
  const read = sizes.flatMap((_, i) => (n.hasGrad(i) ? [i] : []));
  if (read.length === 1) {
    const [only] = read as [number];
    const start = sizes.slice(0, only).reduce((sum, size) => sum + size, 0);
    return [placedAlong(b, n.grad(only), axis, start, dims[axis]!)];
  }
  const { type } = n.grad(read[0]!);
  const parts = sizes.map((size, i) =>
    n.hasGrad(i) ? n.grad(i) : b.fill(dims.with(axis, size), 0, type),
  );
  return [b.concat(parts, axis)];
};

/** One axis of a slice: where it starts, how far it steps, how many it takes. */
interface SlicedAxis {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function slicedAxes(n: NodeView): SlicedAxis[] {
  const { dims } = n.in(0);
  const starts = n.requireConstant(1, "starts");
  const axes = n.hasIn(3) ? n.requireConstant(3, "axes") : starts.map((_, i) => i);
  const steps = n.hasIn(4) ? n.requireConstant(4, "steps") : starts.map(() => 1);
  return axes.map((asked, i) => {
    const axis = positiveAxis(asked, dims.length);
    const size = dims[axis]!;
    const step = steps[i]!;
    const fromFront = starts[i]! < 0 ? starts[i]! + size : starts[i]!;
    const start = Math.min(Math.max(fromFront, 0), step > 0 ? size : size - 1);
    return { axis, start, step, count: n.out(0).dims[axis]! };
  });
}

/** dx is dy where the slice took from, else 0: dy turned round where steps are negative, spread by zeros where they are large. */
const slice: GradientRule = (n, b) => {
  const { dims } = n.in(0);
  if (n.out(0).dims.includes(0)) return [b.fill(dims, 0, n.grad(0).type)];
  let gradient = n.grad(0);
  const before = dims.map(() => 0);
  const behind = dims.map(() => 0);
  for (const { axis, start, step, count } of slicedAxes(n)) {
    if (step < 0 && count > 1) gradient = reversedAlong(b, gradient, axis);
    const lowest = step < 0 ? start + (count - 1) * step : start;
    gradient = spread(b, gradient, axis, Math.abs(step));
    before[axis] = lowest;
    behind[axis] = dims[axis]! - lowest - gradient.dims[axis]!;
  }
  return [withMargins(b, gradient, before, behind)];
};

/** Elements along an axis with `stride - 1` zeros behind each. */
function spread(b: GraphBuilder, value: Value, axis: number, stride: number): Value {
  if (stride === 1 || value.dims[axis] === 1) return value;
  const zeros = b.fill(value.dims, 0, value.type);
  return interleave(b, [value, ...Array<Value>(stride - 1).fill(zeros)], axis);
}

/** dx sums the copies: repeated axes are taken apart to [repeats, size] and summed over repeats. */
const tile: GradientRule = (n, b) => {
  const repeats = n.requireConstant(1, "repeats");
  const { dims } = n.in(0);
  const apart: number[] = [];
  const copies: number[] = [];
  for (const [axis, size] of dims.entries()) {
    if (repeats[axis] !== 1) copies.push(apart.push(repeats[axis]!) - 1);
    apart.push(size);
  }
  return [b.reduceSum(b.reshape(n.grad(0), apart), copies, false)];
};

/** The kept triangle passes, the other is zero. */
const trilu: GradientRule = (n, b) => [
  b.op("Trilu", n.hasIn(1) ? [n.grad(0), n.in(1)] : [n.grad(0)], { upper: n.int("upper", 1) }),
];

/** Turning the same stretches round again undoes it. */
const reverseSequence: GradientRule = (n, b) => [
  b.op("ReverseSequence", [n.grad(0), n.in(1)], {
    batch_axis: n.int("batch_axis", 1),
    time_axis: n.int("time_axis", 0),
  }),
];

export const movement = {
  // y = the inputs in a row; each dx = its stretch of dy
  Concat: concat,
  // y = x with a stretch turned round; dx = dy with the same stretch turned round
  ReverseSequence: reverseSequence,
  // y = every step-th element of a stretch of x; dx = dy there, else 0
  Slice: slice,
  // y = stretches of x; dx = the gradients of all in a row
  Split: split,
  // y = copies of x in a row; dx = the sum of dy over the copies
  Tile: tile,
  // y = a triangle of x; dx = dy there, else 0
  Trilu: trilu,
} satisfies RuleTable;
