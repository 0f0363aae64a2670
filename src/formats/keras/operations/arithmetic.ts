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
import { asNumbers } from "./truths.ts";

/** An operator on two tensors, of which one may be a constant. */
const pair =
  (operator: string): OperationRow =>
  (o) => {
    const [x, y] = [o.x(0, "x", "x1", "a"), o.x(1, "y", "x2", "b", "bias")];
    return binary(o.b, operator, [asNumbers(o, x), asNumbers(o, y)], o.name);
  };

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

/** How far numbers are from their mean, squared and averaged; its root for a deviation. */
const spread =
  (isRoot: boolean): OperationRow =>
  (o) => {
    const x = o.x(0, "x", "input_tensor");
    const axes = o.axes(x, 1, "axis");
    const step = (what: string) => o.b.freeName(`${o.name}/${what}`);
    const mean = reduce(o.b, "ReduceMean", x, axes, true, step("mean"));
    const apart = binary(o.b, "Sub", [x, mean], step("apart"));
    const squared = binary(o.b, "Mul", [apart, apart], step("squared"));
    const name = isRoot ? step("variance") : o.name;
    const kept = o.flag(2, false, "keepdims");
    const variance = reduce(o.b, "ReduceMean", squared, axes, kept, name);
    return isRoot ? unary(o.b, "Sqrt", variance, o.name) : variance;
  };

/** An activation with a number of its own. */
const bent =
  (operator: string, usual: number): OperationRow =>
  (o) => {
    const alpha = o.number(1, usual, "alpha");
    return unary(o.b, operator, o.x(0, "x", "features"), o.name, { alpha });
  };

/** A function that has no word for other numbers of its own than the usual one. */
const usual =
  (row: OperationRow, place: number, name: string, number: number): OperationRow =>
  (o) => {
    if (o.number(place, number, name) !== number)
      throw o.refused(`must have ${number} as "${name}"`);
    return row(o);
  };

const shifted: OperationRow = (o) => {
  const one = heldLast(o.b.scalar(1));
  const sum = binary(o.b, "Add", [o.x(0, "x"), one], o.b.freeName(`${o.name}/more`));
  return unary(o.b, "Log", sum, o.name);
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
const same: OperationRow = (o) =>
  unary(o.b, "Identity", asNumbers(o, o.x(0, "x", "input", "variable")), o.name);

const cast: OperationRow = (o: OperationCall) => {
  const type = o.plain(1, "dtype", "DstT");
  if (/float|half|^1$/i.test(JSON.stringify(type) ?? "")) return same(o);
  throw o.refused(`must cast to floats, got ${JSON.stringify(type)}`);
};

const functions = [
  "selu",
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
  "exponential",
];

export const arithmeticRows: Readonly<Record<string, OperationRow>> = {
  ...Object.fromEntries(functions.map((name) => [name, activation])),
  abs: one("Abs"),
  add: pair("Add"),
  arctan: one("Atan"),
  cast,
  ceil: one("Ceil"),
  celu: bent("Celu", 1),
  clip,
  cos: one("Cos"),
  divide: pair("Div"),
  elu: bent("Elu", 1),
  erf: one("Erf"),
  exp: one("Exp"),
  floor: one("Floor"),
  gelu,
  identity: same,
  leaky_relu: leaky,
  log: one("Log"),
  log1p: shifted,
  log_softmax: softmax("LogSoftmax"),
  logsumexp: reduction("ReduceLogSumExp"),
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
  prod: reduction("ReduceProd"),
  reciprocal: one("Reciprocal"),
  relu: rectified,
  round: usual(one("Round"), 1, "decimals", 0),
  rsqrt: inverseRoot,
  sign: one("Sign"),
  sin: one("Sin"),
  softmax: softmax("Softmax"),
  sqrt: one("Sqrt"),
  square,
  squareplus: usual(activation, 1, "b", 4),
  std: spread(true),
  subtract: pair("Sub"),
  sum: reduction("ReduceSum"),
  tan: one("Tan"),
  var: spread(false),
};
