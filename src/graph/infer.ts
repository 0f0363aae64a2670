/** @file Exact shapes of what the builder emits; models from files are traced by execution instead. */
import { internalError } from "../errors.ts";
import { einsumSizes, einsumTerms } from "./einsum.ts";
import type { ValueShape } from "./graph.ts";
import { movement } from "./infer/movement.ts";
import {
  broadcastShapes,
  positiveAxis,
  reducedShape,
  resized,
  shape,
  type Infer,
  type InferenceContext,
  type InferTable,
} from "./infer/rule.ts";
import { spatial } from "./infer/spatial.ts";
import { formatShape, type ElementType } from "./tensor.ts";

export { positiveAxis } from "./infer/rule.ts";

const sameAsFirst: Infer = (c) => Array.from({ length: c.outputCount }, () => c.in(0));

const elementwise: Infer = (c) => {
  const inputs = Array.from({ length: c.inputCount }, (_, i) => c.in(i));
  if (inputs.length === 0) throw internalError(c.operator, "inputs must be given");
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
  const turn = (dims: readonly number[], flag: string) =>
    c.attributes.int(flag, 0) === 1 ? dims.toReversed() : dims;
  const a = turn(c.in(0).dims, "transA");
  const b = turn(c.in(1).dims, "transB");
  if (a[1] !== b[0]) {
    throw internalError("Gemm", `${formatShape(a)} and ${formatShape(b)} do not fit`);
  }
  return shape(c.in(0).type, [a[0]!, b[1]!]);
};

const einsum: Infer = (c) => {
  const inputs = Array.from({ length: c.inputCount }, (_, i) => c.in(i).dims);
  const { operands, output } = einsumTerms(
    c.attributes.string("equation"),
    inputs.map((dims) => dims.length),
  );
  if (operands.some((term, i) => term.length !== inputs[i]?.length)) {
    throw internalError("Einsum", `${inputs.map(formatShape).join(" and ")} do not fit`);
  }
  const sizes = einsumSizes(operands, inputs);
  return shape(
    c.in(0).type,
    Array.from(output, (letter) => sizes.get(letter)!),
  );
};

const topK: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", -1), dims.length);
  const kept = resized(dims, axis, c.constant(1)[0]!);
  return [
    { type, dims: kept },
    { type: "int64", dims: kept },
  ];
};

const batchNormalization: Infer = (c) => {
  const statistics = Array.from({ length: c.outputCount - 1 }, (_, i) => c.in(3 + i));
  return [c.in(0), ...statistics];
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

/** The element type that an attribute names by its number. */
function typeNamed(c: InferenceContext, attribute: string): ElementType {
  const code = c.attributes.int(attribute);
  const type = Object.entries(castCodes).find((entry) => entry[1] === code)?.[0];
  if (type === undefined) throw internalError(c.operator, `unknown element type ${code}`);
  return type as ElementType;
}

const quantize: Infer = (c) => {
  const isWritten = c.attributes.int("output_dtype", 0) > 0;
  const written = () => (isWritten ? typeNamed(c, "output_dtype") : "uint8");
  return shape(c.has(2) ? c.in(2).type : written(), c.in(0).dims);
};

function forAll(operators: string, infer: Infer): Record<string, Infer> {
  return Object.fromEntries(operators.split(" ").map((operator) => [operator, infer]));
}

const table: InferTable = {
  ...movement,
  ...spatial,
  ...forAll(
    "Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh CumProd CumSum Elu Erf Exp Floor Gelu " +
      "HardSigmoid HardSwish Hardmax Identity InstanceNormalization GroupNormalization LRN LeakyRelu Log LogSoftmax " +
      "LpNormalization MeanVarianceNormalization Mish Neg Not Reciprocal Relu Round ScatterElements ScatterND Selu " +
      "Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Tan Tanh ThresholdedRelu Trilu ReverseSequence",
    sameAsFirst,
  ),
  ...forAll(
    "Add BitShift BitwiseAnd BitwiseOr BitwiseXor Div Max Mean Min Mod Mul PRelu Pow Sub Sum",
    elementwise,
  ),
  ...forAll("And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor", comparison),
  ...forAll(
    "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare",
    reduction,
  ),
  ...forAll("ArgMax ArgMin", argReduction),
  ...forAll("IsInf IsNaN", (c) => shape("bool", c.in(0).dims)),
  BatchNormalization: batchNormalization,
  Cast: (c) => shape(typeNamed(c, "to"), c.in(0).dims),
  CastLike: (c) => shape(c.in(1).type, c.in(0).dims),
  DequantizeLinear: (c) => shape(c.in(1).type, c.in(0).dims),
  Dropout: (c) => [c.in(0), { type: "bool", dims: c.in(0).dims }],
  Einsum: einsum,
  Gemm: gemm,
  LayerNormalization: layerNormalization,
  MatMul: matMul,
  QuantizeLinear: quantize,
  TopK: topK,
  Where: (c) => shape(c.in(1).type, broadcastShapes(c.in(0).dims, c.in(1).dims, c.in(2).dims)),
};

/** The shape rule of an operator, if it has one. */
export function shapeRuleOf(operator: string): Infer | undefined {
  return Object.hasOwn(table, operator) ? table[operator] : undefined;
}

/** The exact types and shapes of a node's outputs. Throws `internal` for an operator that is never emitted. */
export function inferShapes(context: InferenceContext): readonly ValueShape[] {
  const infer = shapeRuleOf(context.operator);
  if (!infer) throw internalError("inferShapes", `no shape rule for ${context.operator}`);
  return infer(context);
}
