/** @file Gradient rules of operators that move elements without computing: shapes, slices, tiles. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";

/** y holds the elements of x in another shape; dx = dy in x's shape. */
const reshaped: GradientRule = (n, b) => [b.reshape(n.grad(0), n.in(0).dims)];

/** y is x with its axes in another order; dx is dy with the order undone. */
const transpose: GradientRule = (n, b) => {
  const rank = n.in(0).dims.length;
  const order = n.ints(
    "perm",
    Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
  );
  return [
    b.transpose(
      n.grad(0),
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ];
};

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
  const { dims, type } = n.in(0);
  const axis = positiveAxis(n.int("axis", 0), dims.length);
  const count = n.outputCount;
  const sizes =
    n.constant(1) ??
    Array.from({ length: count }, (_, i) => {
      const even = Math.ceil(dims[axis]! / count);
      return Math.min(even, dims[axis]! - i * even);
    });
  const parts = n.node.outputs.map((_, i) =>
    n.hasGrad(i) ? n.grad(i) : b.fill(dims.with(axis, sizes[i]!), 0, type),
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
  const axes = n.constant(3) ?? starts.map((_, i) => i);
  const steps = n.constant(4) ?? starts.map(() => 1);
  return axes.map((asked, i) => {
    const axis = positiveAxis(asked, dims.length);
    const size = dims[axis]!;
    const step = steps[i]!;
    const fromFront = starts[i]! < 0 ? starts[i]! + size : starts[i]!;
    const start = Math.min(Math.max(fromFront, 0), step > 0 ? size : size - 1);
    return { axis, start, step, count: n.out(0).dims[axis]! };
  });
}

/**
 * dx is dy where the slice took from, else 0. Steps of -1 are undone by turning dy round; larger
 * steps by spreading dy with zeros between.
 */
const slice: GradientRule = (n, b) => {
  const { dims, type } = n.in(0);
  if (n.out(0).dims.includes(0)) return [b.fill(dims, 0, type)];
  let gradient = n.grad(0);
  const pads = Array<number>(2 * dims.length).fill(0);
  for (const { axis, start, step, count } of slicedAxes(n)) {
    if (step < 0) gradient = reversed(b, gradient, axis);
    const stride = Math.abs(step);
    const first = step < 0 ? start - (count - 1) * stride : start;
    gradient = spread(b, gradient, axis, stride);
    const length = (count - 1) * stride + 1;
    pads[axis] = first;
    pads[axis + dims.length] = dims[axis]! - first - length;
  }
  return [padded(b, gradient, pads)];
};

function reversed(b: GraphBuilder, value: Value, axis: number): Value {
  return b.slice(value, [-1], [-Number.MAX_SAFE_INTEGER], [axis], [-1]);
}

/** Elements along an axis `stride` apart, zeros between. */
function spread(b: GraphBuilder, value: Value, axis: number, stride: number): Value {
  const size = value.dims[axis]!;
  if (stride === 1 || size === 1) return value;
  const apart = b.reshape(value, value.dims.toSpliced(axis + 1, 0, 1));
  const pads = Array<number>(2 * apart.dims.length).fill(0);
  pads[apart.dims.length + axis + 1] = stride - 1;
  const together = b.reshape(padded(b, apart, pads), value.dims.with(axis, size * stride));
  return b.slice(together, [0], [(size - 1) * stride + 1], [axis]);
}

function padded(b: GraphBuilder, value: Value, pads: readonly number[]): Value {
  return pads.every((pad) => pad === 0) ? value : b.op("Pad", [value, b.ints(pads)]);
}

/** dx sums the copies: axes [repeats, size] are summed over repeats. */
const tile: GradientRule = (n, b) => {
  const repeats = n.requireConstant(1, "repeats");
  const { dims } = n.in(0);
  const split = b.reshape(
    n.grad(0),
    dims.flatMap((size, axis) => [repeats[axis]!, size]),
  );
  const summed = b.reduceSum(
    split,
    dims.map((_, axis) => 2 * axis),
    false,
  );
  return [b.reshape(summed, dims)];
};

/** The inverse of DepthToSpace: blocks back to channels, in the mode's order. */
const depthToSpace: GradientRule = (n, b) => {
  const [batch, channels, height, width] = n.in(0).dims as [number, number, number, number];
  const block = n.int("blocksize");
  const kept = channels / block ** 2;
  const split = b.reshape(n.grad(0), [batch, kept, height, block, width, block]);
  const order = n.string("mode", "DCR") === "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
  return [b.reshape(b.transpose(split, order), n.in(0).dims)];
};

const spaceToDepth: GradientRule = (n, b) => [
  b.op("DepthToSpace", [n.grad(0)], { blocksize: n.int("blocksize"), mode: "DCR" }),
];

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
  Concat: concat,
  DepthToSpace: depthToSpace,
  // y = x spread along axes of size 1; the walk sums them back
  Expand: (n) => [n.grad(0)],
  Flatten: reshaped,
  Reshape: reshaped,
  ReverseSequence: reverseSequence,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: reshaped,
  Tile: tile,
  Transpose: transpose,
  Trilu: trilu,
  Unsqueeze: reshaped,
} satisfies RuleTable;
