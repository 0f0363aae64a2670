/** @file Arithmetic of constants, number by number. */
import { broadcastShapes } from "../../../graph/infer/rule.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import { elementTypes } from "../description.ts";
import { ofType } from "../constant-node.ts";
import {
  given,
  indicesOf,
  numbersAs,
  plainNumbers,
  requireSmall,
  stridesOf,
  type Fold,
  type Folds,
} from "./numbers.ts";

const one =
  (compute: (x: number) => number, type?: Tensor["type"]): Fold =>
  (inputs, o) => {
    const x = given(inputs, 0, o);
    return numbersAs(type ?? x.type, x.dims, plainNumbers(x).map(compute));
  };

const two =
  (compute: (x: number, y: number) => number, type?: Tensor["type"]): Fold =>
  (inputs, o) => {
    const [x, y] = [given(inputs, 0, o), given(inputs, 1, o)];
    const dims = broadcastShapes(x.dims, y.dims);
    requireSmall(dims);
    const [left, right] = [spread(x, dims), spread(y, dims)];
    return numbersAs(
      type ?? x.type,
      dims,
      left.map((value, i) => compute(value, right[i]!)),
    );
  };

/** The numbers of a value as often as a broadcast to `dims` has them. */
export function spread(value: Tensor, dims: readonly number[]): readonly number[] {
  const numbers = plainNumbers(value);
  const missing = dims.length - value.dims.length;
  const strides = stridesOf(value.dims);
  const steps = dims.map((_, axis) => {
    const own = axis - missing;
    return own < 0 || value.dims[own] === 1 ? 0 : strides[own]!;
  });
  return indicesOf(dims, steps).map((at) => numbers[at]!);
}

const isFloat = (value: Tensor | undefined) => value?.type === "float32";

/** Quotients of whole numbers drop what is behind the point. */
const quotient: Fold = (inputs, o) =>
  two((x, y) => (isFloat(inputs[0]) ? x / y : Math.trunc(x / y)))(inputs, o);

const truth = (compute: (x: number, y: number) => boolean) =>
  two((x, y) => (compute(x, y) ? 1 : 0), "bool");

const cast: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const type = elementTypes[o.attribute("DstT", "type") ?? "INVALID"];
  if (!type || value.type === "string") throw o.refused("must turn numbers into numbers");
  return ofType(value, type);
};

const select: Fold = (inputs, o) => {
  const parts = [given(inputs, 0, o), given(inputs, 1, o), given(inputs, 2, o)] as const;
  const dims = broadcastShapes(...parts.map((part) => part.dims));
  requireSmall(dims);
  const [condition, then, otherwise] = parts.map((part) => spread(part, dims));
  const numbers = then!.map((value, i) => (condition![i] ? value : otherwise![i]!));
  return numbersAs(parts[1].type, dims, numbers);
};

function roundedEven(x: number): number {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

export const elementwiseFolds: Folds = {
  Add: two((x, y) => x + y),
  AddV2: two((x, y) => x + y),
  Sub: two((x, y) => x - y),
  Mul: two((x, y) => x * y),
  RealDiv: two((x, y) => x / y),
  Div: quotient,
  FloorDiv: two((x, y) => Math.floor(x / y)),
  FloorMod: two((x, y) => x - y * Math.floor(x / y)),
  Maximum: two(Math.max),
  Minimum: two(Math.min),
  Pow: two((x, y) => x ** y),
  SquaredDifference: two((x, y) => (x - y) ** 2),
  BiasAdd: two((x, y) => x + y),
  Equal: truth((x, y) => x === y),
  NotEqual: truth((x, y) => x !== y),
  Less: truth((x, y) => x < y),
  LessEqual: truth((x, y) => x <= y),
  Greater: truth((x, y) => x > y),
  GreaterEqual: truth((x, y) => x >= y),
  LogicalAnd: truth((x, y) => x !== 0 && y !== 0),
  LogicalOr: truth((x, y) => x !== 0 || y !== 0),
  LogicalNot: one((x) => (x ? 0 : 1), "bool"),
  Neg: one((x) => -x),
  Abs: one(Math.abs),
  Sqrt: one(Math.sqrt),
  Rsqrt: one((x) => 1 / Math.sqrt(x)),
  Square: one((x) => x * x),
  Exp: one(Math.exp),
  Log: one(Math.log),
  Floor: one(Math.floor),
  Ceil: one(Math.ceil),
  Round: one(roundedEven),
  Reciprocal: one((x) => 1 / x),
  Cast: cast,
  Select: select,
  SelectV2: select,
};
