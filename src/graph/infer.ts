/** @file Exact shapes of what the builder emits; models from files are traced by execution instead. */
import { internalError } from "../errors.ts";
import { einsumTerms } from "./einsum.ts";
import type { AttributeReader } from "./attributes.ts";
import type { ValueShape } from "./graph.ts";
import { elementCount, formatShape, type ElementType } from "./tensor.ts";
import { transposedWindowsOf, windowsOf } from "./windows.ts";

/** What an inference sees of a node. */
export interface InferenceContext {
  readonly operator: string;
  readonly attributes: AttributeReader;
  readonly outputCount: number;
  /** Type and shape of input `i`; throws if it was left out. */
  in(i: number): ValueShape;
  has(i: number): boolean;
  readonly inputCount: number;
  /** The numbers of input `i`, which must be a constant. */
  constant(i: number): readonly number[];
}

type Infer = (c: InferenceContext) => readonly ValueShape[];

/** The broadcast of shapes under NumPy's rules. Throws `internal` if they do not fit. */
export function broadcastShapes(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const dim = shape[axis - rank + shape.length] ?? 1;
      if (dim === 1) continue;
      if (size !== 1 && size !== dim) {
        throw internalError(
          "broadcastShapes",
          `${shapes.map(formatShape).join(" and ")} do not fit`,
        );
      }
      size = dim;
    }
    return size;
  });
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function shape(type: ElementType, dims: readonly number[]): readonly ValueShape[] {
  return [{ type, dims }];
}

const sameAsFirst: Infer = (c) => Array.from({ length: c.outputCount }, () => c.in(0));

const elementwise: Infer = (c) => {
  const inputs = Array.from({ length: c.inputCount }, (_, i) => c.in(i));
  return shape(inputs[0]!.type, broadcastShapes(...inputs.map((input) => input.dims)));
};

const comparison: Infer = (c) => shape("bool", broadcastShapes(c.in(0).dims, c.in(1).dims));

const reduction: Infer = (c) => {
  const { type, dims } = c.in(0);
  const keep = c.attributes.int("keepdims", 1) === 1;
  const listed = c.has(1) ? c.constant(1).map((axis) => positiveAxis(axis, dims.length)) : [];
  if (listed.length === 0 && c.attributes.int("noop_with_empty_axes", 0) === 1) return [c.in(0)];
  const axes = listed.length === 0 ? dims.map((_, axis) => axis) : listed;
  return shape(type, reducedShape(dims, axes, keep));
};

function reducedShape(dims: readonly number[], axes: readonly number[], keep: boolean): number[] {
  if (keep) return dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return dims.filter((_, axis) => !axes.includes(axis));
}

const argReduction: Infer = (c) => {
  const { dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 0), dims.length);
  return shape("int64", reducedShape(dims, [axis], c.attributes.int("keepdims", 1) === 1));
};

const matMul: Infer = (c) => {
  const a = c.in(0).dims;
  const b = c.in(1).dims;
  const left = a.length === 1 ? [1, a[0]!] : a;
  const right = b.length === 1 ? [b[0]!, 1] : b;
  if (left.at(-1) !== right.at(-2)) {
    throw internalError("MatMul", `${formatShape(a)} and ${formatShape(b)} do not fit`);
  }
  const batch = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  const tail = [
    ...(a.length === 1 ? [] : [left.at(-2)!]),
    ...(b.length === 1 ? [] : [right.at(-1)!]),
  ];
  return shape(c.in(0).type, [...batch, ...tail]);
};

const gemm: Infer = (c) => {
  const rows = c.in(0).dims[c.attributes.int("transA", 0) ? 1 : 0]!;
  const columns = c.in(1).dims[c.attributes.int("transB", 0) ? 0 : 1]!;
  return shape(c.in(0).type, [rows, columns]);
};

const einsum: Infer = (c) => {
  const inputs = Array.from({ length: c.inputCount }, (_, i) => c.in(i).dims);
  const { operands, output } = einsumTerms(
    c.attributes.string("equation"),
    inputs.map((dims) => dims.length),
  );
  const sizes = new Map<string, number>();
  operands.forEach((term, i) => {
    for (const [axis, letter] of Array.from(term).entries()) {
      sizes.set(letter, Math.max(sizes.get(letter) ?? 1, inputs[i]![axis]!));
    }
  });
  return shape(
    c.in(0).type,
    Array.from(output, (letter) => sizes.get(letter)!),
  );
};

const conv: Infer = (c) => {
  const x = c.in(0).dims;
  const w = c.in(1).dims;
  const { output } = windowsOf(c.attributes, x.slice(2), w.slice(2));
  return shape(c.in(0).type, [x[0]!, w[0]!, ...output]);
};

const convTranspose: Infer = (c) => {
  const x = c.in(0).dims;
  const w = c.in(1).dims;
  const { output } = transposedWindowsOf(c.attributes, x.slice(2), w.slice(2));
  return shape(c.in(0).type, [x[0]!, w[1]! * c.attributes.int("group", 1), ...output]);
};

const pool: Infer = (c) => {
  const { type, dims } = c.in(0);
  const { output } = windowsOf(c.attributes, dims.slice(2), c.attributes.ints("kernel_shape"));
  const pooled = [dims[0]!, dims[1]!, ...output];
  const indices: ValueShape = { type: "int64", dims: pooled };
  return c.outputCount > 1 ? [{ type, dims: pooled }, indices] : shape(type, pooled);
};

const globalPool: Infer = (c) => {
  const { type, dims } = c.in(0);
  return shape(type, [dims[0]!, dims[1]!, ...dims.slice(2).map(() => 1)]);
};

const reshape: Infer = (c) => {
  const { type, dims } = c.in(0);
  const asked = c.constant(1);
  const copied = asked.map((dim, axis) =>
    dim === 0 && c.attributes.int("allowzero", 0) === 0 ? dims[axis]! : dim,
  );
  const known = copied.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const total = dims.reduce((product, dim) => product * dim, 1);
  const result = copied.map((dim) => (dim === -1 ? total / known : dim));
  if (result.reduce((product, dim) => product * dim, 1) !== total) {
    throw internalError("Reshape", `${formatShape(dims)} cannot become ${formatShape(asked)}`);
  }
  return shape(type, result);
};

const transpose: Infer = (c) => {
  const { type, dims } = c.in(0);
  const order = c.attributes.ints(
    "perm",
    dims.map((_, axis) => dims.length - 1 - axis),
  );
  return shape(
    type,
    order.map((axis) => dims[axis]!),
  );
};

const unsqueeze: Infer = (c) => {
  const { type, dims } = c.in(0);
  const asked = c.constant(1);
  const rank = dims.length + asked.length;
  const axes = new Set(asked.map((axis) => positiveAxis(axis, rank)));
  const rest = [...dims];
  return shape(
    type,
    Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : rest.shift()!)),
  );
};

const squeeze: Infer = (c) => {
  const { type, dims } = c.in(0);
  if (!c.has(1))
    return shape(
      type,
      dims.filter((dim) => dim !== 1),
    );
  const axes = c.constant(1).map((axis) => positiveAxis(axis, dims.length));
  return shape(type, reducedShape(dims, axes, false));
};

const flatten: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 1), dims.length);
  return shape(type, [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))]);
};

const concat: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis"), dims.length);
  let size = 0;
  for (let i = 0; i < c.inputCount; i++) size += c.in(i).dims[axis]!;
  return shape(type, dims.with(axis, size));
};

const compress: Infer = (c) => {
  const { type, dims } = c.in(0);
  const kept = c.constant(1).filter((flag) => flag !== 0).length;
  if (!c.attributes.has("axis")) return shape(type, [kept]);
  return shape(type, dims.with(positiveAxis(c.attributes.int("axis"), dims.length), kept));
};

const split: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 0), dims.length);
  const even = Math.ceil(dims[axis]! / c.outputCount);
  return Array.from({ length: c.outputCount }, (_, i) => {
    const size = c.has(1) ? c.constant(1)[i]! : Math.min(even, dims[axis]! - i * even);
    return { type, dims: dims.with(axis, size) };
  });
};

const slice: Infer = (c) => {
  const { type, dims } = c.in(0);
  const starts = c.constant(1);
  const ends = c.constant(2);
  const axes = c.has(3) ? c.constant(3) : starts.map((_, i) => i);
  const steps = c.has(4) ? c.constant(4) : starts.map(() => 1);
  const result = [...dims];
  axes.forEach((asked, i) => {
    const axis = positiveAxis(asked, dims.length);
    result[axis] = slicedSize(dims[axis]!, starts[i]!, ends[i]!, steps[i]!);
  });
  return shape(type, result);
};

function slicedSize(size: number, start: number, end: number, step: number): number {
  const clamp = (at: number, low: number, high: number) => {
    const fromFront = at < 0 ? at + size : at;
    return Math.min(Math.max(fromFront, low), high);
  };
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  return Math.max(Math.ceil((clamp(end, low, high) - clamp(start, low, high)) / step), 0);
}

const pad: Infer = (c) => {
  const { type, dims } = c.in(0);
  const pads = c.constant(1);
  const axes = c.has(3)
    ? c.constant(3).map((axis) => positiveAxis(axis, dims.length))
    : dims.map((_, axis) => axis);
  const result = [...dims];
  axes.forEach((axis, i) => {
    result[axis] = dims[axis]! + pads[i]! + pads[i + axes.length]!;
  });
  return shape(type, result);
};

const gather: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 0), dims.length);
  return shape(type, [...dims.slice(0, axis), ...c.in(1).dims, ...dims.slice(axis + 1)]);
};

const gatherND: Infer = (c) => {
  const { type, dims } = c.in(0);
  const indices = c.in(1).dims;
  const skipped = c.attributes.int("batch_dims", 0) + indices.at(-1)!;
  return shape(type, [...indices.slice(0, -1), ...dims.slice(skipped)]);
};

const resize: Infer = (c) => {
  const { type, dims } = c.in(0);
  const asked = c.attributes.ints(
    "axes",
    dims.map((_, axis) => axis),
  );
  const sizes = c.has(3) ? c.constant(3) : undefined;
  const result = [...dims];
  asked.forEach((axis, i) => {
    const at = positiveAxis(axis, dims.length);
    result[at] = sizes ? sizes[i]! : Math.floor(dims[at]! * c.constant(2)[i]!);
  });
  return shape(type, result);
};

const depthToSpace: Infer = (c) => {
  const { type, dims } = c.in(0);
  const block = c.attributes.int("blocksize");
  return shape(type, [dims[0]!, dims[1]! / block ** 2, dims[2]! * block, dims[3]! * block]);
};

const spaceToDepth: Infer = (c) => {
  const { type, dims } = c.in(0);
  const block = c.attributes.int("blocksize");
  return shape(type, [dims[0]!, dims[1]! * block ** 2, dims[2]! / block, dims[3]! / block]);
};

const oneHot: Infer = (c) => {
  const indices = c.in(0).dims;
  const axis = positiveAxis(c.attributes.int("axis", -1), indices.length + 1);
  return shape(c.in(2).type, indices.toSpliced(axis, 0, c.constant(1)[0]!));
};

const topK: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", -1), dims.length);
  const kept = dims.with(axis, c.constant(1)[0]!);
  return [
    { type, dims: kept },
    { type: "int64", dims: kept },
  ];
};

const layerNormalization: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", -1), dims.length);
  const statistics: ValueShape = {
    type: "float32",
    dims: dims.map((dim, i) => (i < axis ? dim : 1)),
  };
  return [{ type, dims }, statistics, statistics].slice(0, c.outputCount);
};

/** ONNX's numbers of the element types that a Cast can be asked for. */
export const castCodes: Readonly<Partial<Record<ElementType, number>>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
};

const cast: Infer = (c) => {
  const code = c.attributes.int("to");
  const type = Object.entries(castCodes).find((entry) => entry[1] === code)?.[0];
  if (type === undefined) throw internalError("Cast", `unknown element type ${code}`);
  return shape(type as ElementType, c.in(0).dims);
};

function forAll(operators: string, infer: Infer): Record<string, Infer> {
  return Object.fromEntries(operators.split(" ").map((operator) => [operator, infer]));
}

const table: Readonly<Record<string, Infer>> = {
  ...forAll(
    "Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh CumSum Elu Erf Exp Floor Gelu " +
      "HardSigmoid HardSwish Hardmax Identity InstanceNormalization GroupNormalization LRN LeakyRelu Log LogSoftmax " +
      "LpNormalization MeanVarianceNormalization Mish Neg Not Reciprocal Relu Round ScatterElements ScatterND Selu " +
      "Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Tan Tanh ThresholdedRelu Trilu ReverseSequence BatchNormalization",
    sameAsFirst,
  ),
  ...forAll("Add BitwiseAnd BitwiseOr Div Max Mean Min Mod Mul PRelu Pow Sub Sum", elementwise),
  ...forAll("And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor", comparison),
  ...forAll(
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
    reduction,
  ),
  ...forAll("ArgMax ArgMin", argReduction),
  ...forAll("AveragePool LpPool MaxPool", pool),
  ...forAll("GlobalAveragePool GlobalLpPool GlobalMaxPool", globalPool),
  ...forAll("IsInf IsNaN", (c) => shape("bool", c.in(0).dims)),
  Cast: cast,
  CastLike: (c) => shape(c.in(1).type, c.in(0).dims),
  Compress: compress,
  Concat: concat,
  Conv: conv,
  ConvTranspose: convTranspose,
  DepthToSpace: depthToSpace,
  DequantizeLinear: (c) => shape(c.in(1).type, c.in(0).dims),
  Einsum: einsum,
  Expand: (c) => shape(c.in(0).type, broadcastShapes(c.in(0).dims, c.constant(1))),
  Flatten: flatten,
  Gather: gather,
  GatherElements: (c) => shape(c.in(0).type, c.in(1).dims),
  GatherND: gatherND,
  Gemm: gemm,
  GridSample: (c) =>
    shape(c.in(0).type, [...c.in(0).dims.slice(0, 2), ...c.in(1).dims.slice(1, -1)]),
  LayerNormalization: layerNormalization,
  MatMul: matMul,
  MaxUnpool: (c) => shape(c.in(0).type, c.constant(2)),
  OneHot: oneHot,
  Pad: pad,
  QuantizeLinear: (c) => shape(c.has(2) ? c.in(2).type : "uint8", c.in(0).dims),
  Reshape: reshape,
  Resize: resize,
  Shape: (c) => shape("int64", [c.in(0).dims.length]),
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Tile: (c) =>
    shape(
      c.in(0).type,
      c.in(0).dims.map((dim, axis) => dim * c.constant(1)[axis]!),
    ),
  TopK: topK,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Where: (c) => shape(c.in(1).type, broadcastShapes(c.in(0).dims, c.in(1).dims, c.in(2).dims)),
};

/** The exact types and shapes of a node's outputs. Throws `internal` for an operator that is never emitted. */
export function inferShapes(context: InferenceContext): readonly ValueShape[] {
  const infer = table[context.operator];
  if (!infer) throw internalError("inferShapes", `no shape rule for ${context.operator}`);
  return infer(context);
}
