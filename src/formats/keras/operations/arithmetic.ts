/** @file Operations number by number, and over axes. */
import { binary, unary } from "../../channels-last/elementwise.ts";
import { heldLast, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { reduce } from "../../channels-last/reductions.ts";
import {
  activationFunction,
  clipped,
  leakyRelu,
  softmaxOver,
} from "../layers/activation-functions.ts";
import type { OperationCall } from "./operation-call.ts";
import type { OperationRow } from "./operation-row.ts";

/** An operator on two tensors, of which one may be a constant. */
const pair =
  (operator: string): OperationRow =>
  (o) =>
    binary(o.b, operator, [o.x(0, "x", "x1", "a"), o.x(1, "y", "x2", "b", "bias")], o.name);

const one =
  (operator: string): OperationRow =>
  (o) =>
    unary(o.b, operator, o.x(0, "x", "input", "features", "a"), o.name);

/** A function that layers have too. */
const activation: OperationRow = (o) => {
  const found = activationFunction(o.op, o.call.isKeras3);
  if (!found) throw o.refused("must be known");
  return found(o.b, o.x(0, "x", "features", "input"), o.name);
};

const softmax =
  (operator: string): OperationRow =>
  (o) => {
    const x = o.x(0, "x", "logits");
    const [axis = -1, ...more] = o.ints(1, "axis") ?? [-1];
    const rank = x.dims.length;
    if (more.length > 0 || axis < -rank || axis >= rank) throw o.refused("must have one axis");
    return softmaxOver(axis, operator)(o.b, x, o.name);
  };

const reduction =
  (operator: string): OperationRow =>
  (o) => {
    const x = o.x(0, "x", "input_tensor", "input");
    const axes = o.axes(x, 1, "axis", "reduction_indices");
    return reduce(o.b, operator, x, axes, o.flag(2, false, "keepdims", "keep_dims"), o.name);
  };

const square: OperationRow = (o) => {
  const x = o.x(0, "x");
  return { ...x, value: o.b.op("Mul", [x.value, x.value], {}, o.name) };
};

const inverseRoot: OperationRow = (o) => {
  const x = o.x(0, "x");
  return { ...x, value: o.b.op("Reciprocal", [o.b.op("Sqrt", [x.value])], {}, o.name) };
};

const clip: OperationRow = (o) => {
  const lowest = o.number(1, undefined, "clip_value_min", "x_min", "min");
  const highest = o.number(2, undefined, "clip_value_max", "x_max", "max");
  return clipped(lowest, highest)(o.b, o.x(0, "t", "x"), o.name);
};

const rectified: OperationRow = (o) => {
  const x = o.x(0, "x", "features");
  const slope = o.number(1, 0, "negative_slope", "alpha");
  const highest = o.plain(2, "max_value") === undefined ? undefined : o.number(2, 0, "max_value");
  if (o.number(3, 0, "threshold") !== 0 || (slope !== 0 && highest !== undefined)) {
    throw o.refused("must have no threshold, nor a slope beside a highest value");
  }
  if (highest !== undefined) return clipped(0, highest)(o.b, x, o.name);
  return slope === 0 ? unary(o.b, "Relu", x, o.name) : leakyRelu(slope)(o.b, x, o.name);
};

const leaky: OperationRow = (o) =>
  leakyRelu(o.number(1, 0.2, "alpha", "negative_slope"))(o.b, o.x(0, "features", "x"), o.name);

const gelu: OperationRow = (o) => {
  // Keras 3 approximates where nothing else is said.
  const isRough = o.flag(1, o.call.isKeras3, "approximate");
  const attributes = isRough ? { approximate: "tanh" } : {};
  return unary(o.b, "Gelu", o.x(0, "features", "x"), o.name, attributes);
};

const product: OperationRow = (o) => {
  const [x, y] = [o.last(o.x(0, "a", "x1", "x")), o.last(o.x(1, "b", "x2", "y"))];
  const turned = (value: NhwcValue, place: number, name: string) => {
    if (!o.flag(place, false, name)) return value.value;
    const order = value.dims.map((_, axis) => axis);
    return o.b.transpose(value.value, [...order.slice(0, -2), order.length - 1, order.length - 2]);
  };
  const values = [turned(x, 2, "transpose_a"), turned(y, 3, "transpose_b")];
  return heldLast(o.b.op("MatMul", values, {}, o.name));
};

/** Numbers are floats here in any case. */
const same: OperationRow = (o) => unary(o.b, "Identity", o.x(0, "x", "input", "variable"), o.name);

const cast: OperationRow = (o: OperationCall) => {
  const type = o.plain(1, "dtype", "DstT");
  if (/float|half|^1$/i.test(JSON.stringify(type) ?? "")) return same(o);
  throw o.refused(`must cast to floats, got ${JSON.stringify(type)}`);
};

const functions = [
  "elu",
  "selu",
  "celu",
  "silu",
  "swish",
  "sigmoid",
  "softplus",
  "softsign",
  "tanh",
  "relu6",
  "hard_sigmoid",
  "hard_silu",
  "hard_swish",
  "hard_tanh",
  "mish",
  "log_sigmoid",
  "squareplus",
  "exponential",
];

export const arithmeticRows: Readonly<Record<string, OperationRow>> = {
  ...Object.fromEntries(functions.map((name) => [name, activation])),
  abs: one("Abs"),
  add: pair("Add"),
  cast,
  clip,
  cos: one("Cos"),
  divide: pair("Div"),
  erf: one("Erf"),
  exp: one("Exp"),
  gelu,
  identity: same,
  leaky_relu: leaky,
  log: one("Log"),
  log_softmax: softmax("LogSoftmax"),
  matmul: product,
  batch_mat_mul_v2: product,
  mat_mul: product,
  max: reduction("ReduceMax"),
  maximum: pair("Max"),
  mean: reduction("ReduceMean"),
  min: reduction("ReduceMin"),
  minimum: pair("Min"),
  multiply: pair("Mul"),
  negative: one("Neg"),
  power: pair("Pow"),
  reciprocal: one("Reciprocal"),
  relu: rectified,
  rsqrt: inverseRoot,
  sin: one("Sin"),
  softmax: softmax("Softmax"),
  sqrt: one("Sqrt"),
  square,
  subtract: pair("Sub"),
  sum: reduction("ReduceSum"),
};
