/** @file THE table of what each operator reads of its inputs, and the rules that are not about windows. */
import { positiveAxis } from "../graph/infer.ts";
import { mapped, unbroadcast, whole, wholeAlong, type FieldRule, type Region } from "./region.ts";
import {
  convolution,
  depthToSpace,
  pool,
  resize,
  spaceToDepth,
  transposedConvolution,
} from "./window-rules.ts";

const elementwise: FieldRule = (n, region) =>
  n.node.inputs.map((_, i) => unbroadcast(n.in(i), region));

const first: FieldRule = (_, region) => [region];

/** All of the axes from the third on. */
const overPlaces: FieldRule = (n, region) => {
  const dims = n.in(0);
  return [dims.map((size, axis) => (axis < 2 ? region[axis]! : whole(size)))];
};

/** All of every axis but the first, that of the pictures. */
const overPicture: FieldRule = (n, region) => [
  n.in(0).map((size, axis) => (axis === 0 ? region[0]! : whole(size))),
];

const overChannels: FieldRule = (n, region) => [wholeAlong(n.in(0), region, [1])];

const overAxis: FieldRule = (n, region) => {
  const dims = n.in(0);
  return [wholeAlong(dims, region, [positiveAxis(n.int("axis", -1), dims.length)])];
};

const overLastAxes: FieldRule = (n, region) => {
  const dims = n.in(0);
  const from = positiveAxis(n.int("axis", -1), dims.length);
  return [dims.map((size, axis) => (axis < from ? region[axis]! : whole(size)))];
};

const reduction: FieldRule = (n, region) => {
  const dims = n.in(0);
  const asked = n.constant(1);
  if (n.node.inputs[1] && asked === undefined) return undefined;
  const isIdentity = asked === undefined && n.int("noop_with_empty_axes", 0) === 1;
  if (isIdentity) return [region];
  const axes = (asked?.length ? asked : dims.map((_, axis) => axis)).map((axis) =>
    positiveAxis(axis, dims.length),
  );
  const kept = dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const keepsDims = n.int("keepdims", 1) === 1;
  return [
    dims.map((size, axis) =>
      axes.includes(axis) ? whole(size) : region[keepsDims ? axis : kept.indexOf(axis)]!,
    ),
  ];
};

const transpose: FieldRule = (n, region) => {
  const reversed = region.map((_, axis) => region.length - 1 - axis);
  const order = n.ints("perm", reversed);
  return [region.map((_, axis) => region[order.indexOf(axis)]!)];
};

/** Axes that a reshape leaves alone, counted from either end; those between are read whole. */
const reshape: FieldRule = (n, region) => {
  const dims = n.in(0);
  const sizes = region.map((marks) => marks.length);
  const shorter = Math.min(dims.length, sizes.length);
  let front = 0;
  while (front < shorter && dims[front] === sizes[front]) front += 1;
  let back = 0;
  while (back < shorter - front && dims.at(-1 - back) === sizes.at(-1 - back)) back += 1;
  return [
    dims.map((size, axis) => {
      if (axis < front) return region[axis]!;
      return axis >= dims.length - back ? region[axis - dims.length + sizes.length]! : whole(size);
    }),
  ];
};

/** The part of a region that lies in `size` places of an axis from `start` on. */
function partAlong(region: Region, axis: number, start: number, size: number): Region {
  return region.with(axis, region[axis]!.slice(start, start + size));
}

const concatenation: FieldRule = (n, region) => {
  const axis = positiveAxis(n.int("axis"), region.length);
  let start = 0;
  return n.node.inputs.map((_, i) => {
    const size = n.in(i)[axis]!;
    start += size;
    return partAlong(region, axis, start - size, size);
  });
};

const split: FieldRule = (n, region, output) => {
  const dims = n.in(0);
  const axis = positiveAxis(n.int("axis", 0), dims.length);
  const sizes = n.node.outputs.map((name) => n.dimsOf(name)?.[axis]);
  const before = sizes.slice(0, output);
  if (before.includes(undefined)) return undefined;
  const start = before.reduce<number>((sum, size) => sum + size!, 0);
  return [
    region.with(
      axis,
      mapped(region[axis]!, dims[axis]!, (index) => [index + start]),
    ),
  ];
};

const slice: FieldRule = (n, region) => {
  const dims = n.in(0);
  const [starts, axes, steps] = [n.constant(1), n.constant(3), n.constant(4)];
  if (!starts || (n.node.inputs[3] && !axes) || (n.node.inputs[4] && !steps)) return undefined;
  const result = [...region];
  for (const [i, asked] of starts.entries()) {
    const axis = positiveAxis(axes?.[i] ?? i, dims.length);
    const size = dims[axis]!;
    const step = steps?.[i] ?? 1;
    const last = step > 0 ? size : size - 1;
    const start = Math.min(Math.max(asked < 0 ? asked + size : asked, 0), last);
    result[axis] = mapped(region[axis]!, size, (index) => [start + index * step]);
  }
  return [result];
};

/** The place that a padded place of an axis reads, by mode; outside of the axis for one that is made up. */
const padSources: Readonly<Record<string, (place: number, size: number) => number>> = {
  constant: (place) => place,
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  reflect: (place, size) => {
    const period = Math.max(2 * (size - 1), 1);
    const folded = ((place % period) + period) % period;
    return Math.min(folded, period - folded);
  },
  wrap: (place, size) => ((place % size) + size) % size,
};

const pad: FieldRule = (n, region) => {
  const dims = n.in(0);
  const [pads, axes] = [n.constant(1), n.constant(3)];
  const mode = n.string("mode", "constant");
  const source = Object.hasOwn(padSources, mode) ? padSources[mode] : undefined;
  if (!pads || !source || (n.node.inputs[3] && !axes)) return undefined;
  const result = [...region];
  for (const [i, asked] of (axes ?? dims.map((_, axis) => axis)).entries()) {
    const axis = positiveAxis(asked, dims.length);
    const size = dims[axis]!;
    result[axis] = mapped(region[axis]!, size, (index) => [source(index - pads[i]!, size)]);
  }
  return [result];
};

const gather: FieldRule = (n, region) => {
  const dims = n.in(0);
  const indices = n.constant(1);
  const axis = positiveAxis(n.int("axis", 0), dims.length);
  if (!indices) return undefined;
  // The indices' own axes stand in the place of the gathered one.
  const rank = n.in(1).length;
  const isPlain = rank <= 1;
  const marked = isPlain && rank === 1 ? region[axis]! : whole(indices.length);
  const found = mapped(marked, dims[axis]!, (i) => [(indices[i]! + dims[axis]!) % dims[axis]!]);
  return [[...region.slice(0, axis), found, ...region.slice(axis + rank)]];
};

/** Rows of the first factor and columns of the second. */
const matrixProduct: FieldRule = (n, region) => {
  const [a, b] = [n.in(0), n.in(1)];
  if (a.length < 2 || b.length < 2) return undefined;
  const outer = region.slice(0, -2);
  const [rows, columns] = region.slice(-2);
  return [
    [...unbroadcast(a.slice(0, -2), outer), rows!, whole(a.at(-1)!)],
    [...unbroadcast(b.slice(0, -2), outer), whole(b.at(-2)!), columns!],
  ];
};

const gemm: FieldRule = (n, region) => {
  const factors = [
    [region[0]!, whole(n.in(0)[n.int("transA", 0) === 1 ? 0 : 1]!)],
    [whole(n.in(1)[n.int("transB", 0) === 1 ? 1 : 0]!), region[1]!],
  ];
  const isTurned = ["transA", "transB"].map((name) => n.int(name, 0) === 1);
  const summand = n.node.inputs[2] ? [unbroadcast(n.in(2), region)] : [];
  return [...factors.map((factor, i) => (isTurned[i] ? factor.toReversed() : factor)), ...summand];
};

function all(names: string, rule: FieldRule): Readonly<Record<string, FieldRule>> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, rule]));
}

/** THE table of rules. What is not in it reads all of its inputs, which is never too little. */
export const fieldRules: Readonly<Record<string, FieldRule>> = {
  ...all(
    "Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil Cos Cosh Div Equal Erf Exp Floor Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Log Max Mean Min Mod Mul Neg Not Or PRelu Pow Reciprocal Round Sign Sin Sinh Sqrt Sub Sum Tan Where Xor",
    elementwise,
  ),
  ...all(
    "BatchNormalization Cast Celu Clip Dropout Elu Gelu HardSigmoid HardSwish Identity LeakyRelu Mish Relu Selu Shrink Sigmoid Softplus Softsign Swish Tanh ThresholdedRelu",
    first,
  ),
  ...all("AveragePool LpPool MaxPool", pool),
  ...all("GlobalAveragePool GlobalLpPool GlobalMaxPool InstanceNormalization", overPlaces),
  ...all("Hardmax LogSoftmax LpNormalization Softmax", overAxis),
  ...all(
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
    reduction,
  ),
  ...all("Flatten Reshape Squeeze Unsqueeze", reshape),
  Concat: concatenation,
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  DepthToSpace: depthToSpace,
  Expand: (n, region) => [unbroadcast(n.in(0), region)],
  Gather: gather,
  Gemm: gemm,
  GroupNormalization: overPicture,
  LRN: overChannels,
  LayerNormalization: overLastAxes,
  MatMul: matrixProduct,
  Pad: pad,
  Resize: resize,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Transpose: transpose,
};
