/** @file Arithmetic, comparison, logic and casts of the float64 interpreter. */
import { castCodes } from "../../../src/graph/infer.ts";
import type { ElementType } from "../../../src/graph/tensor.ts";
import { randomStream } from "../../../src/random.ts";
import { combine, filled, mapElements, type NdArray } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { erf } from "./special-functions.ts";

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

function unary(f: Unary): ReferenceOperator {
  return (inputs) => [mapElements(required(inputs, 0), f)];
}

function binary(f: Binary, type?: ElementType): ReferenceOperator {
  return (inputs) => [combine([required(inputs, 0), required(inputs, 1)], (x, y) => f(x, y), type)];
}

function variadic(f: (...values: number[]) => number): ReferenceOperator {
  return (inputs) => [combine(inputs as readonly NdArray[], f)];
}

const truth = (holds: boolean): number => (holds ? 1 : 0);

/** Rounds halves to the even neighbour. */
export function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** Remainder with the sign of the divisor, as Python's `%`. */
const floorMod: Binary = (x, y) => x - y * Math.floor(x / y);

const bitwise =
  (f: (x: bigint, y: bigint) => bigint): Binary =>
  (x, y) =>
    Number(f(BigInt(x), BigInt(y)));

function cast(array: NdArray, type: ElementType): NdArray {
  return mapElements(array, (x) => x, type);
}

function typeOfCode(code: number): ElementType {
  const found = Object.entries(castCodes).find((entry) => entry[1] === code);
  if (!found) throw new Error(`Cast: unknown element type ${code}`);
  return found[0] as ElementType;
}

/** The mask is a fixed function of the position, so that a training dropout can be differentiated. */
const dropout: ReferenceOperator = (inputs) => {
  const x = required(inputs, 0);
  const [ratio] = numbers(inputs, 1, [0.5]);
  const [training] = numbers(inputs, 2, [0]);
  if (!training || ratio === 0) return [x, filled("bool", x.dims, 1)];
  const stream = randomStream("dropout");
  const mask = mapElements(x, () => truth(stream.uniform() >= ratio!), "bool");
  return [combine([x, mask], (value, kept) => (kept ? value / (1 - ratio!) : 0)), mask];
};

export const elementwise: OperatorTable = {
  Abs: unary(Math.abs),
  Acos: unary(Math.acos),
  Acosh: unary(Math.acosh),
  Add: binary((x, y) => x + y),
  And: binary((x, y) => x * y),
  Asin: unary(Math.asin),
  Asinh: unary(Math.asinh),
  Atan: unary(Math.atan),
  Atanh: unary(Math.atanh),
  BitShift: (inputs, attributes) => {
    const left = attributes.string("direction") === "LEFT";
    const arrays = [required(inputs, 0), required(inputs, 1)];
    return [combine(arrays, (x, y) => (left ? x * 2 ** y : Math.floor(x / 2 ** y)))];
  },
  BitwiseAnd: binary(bitwise((x, y) => x & y)),
  BitwiseNot: unary((x) => -x - 1),
  BitwiseOr: binary(bitwise((x, y) => x | y)),
  BitwiseXor: binary(bitwise((x, y) => x ^ y)),
  Cast: (inputs, attributes) => [cast(required(inputs, 0), typeOfCode(attributes.int("to")))],
  CastLike: (inputs) => [cast(required(inputs, 0), required(inputs, 1).type)],
  Ceil: unary(Math.ceil),
  Clip: (inputs) => {
    const [low] = numbers(inputs, 1, [-Infinity]);
    const [high] = numbers(inputs, 2, [Infinity]);
    return [mapElements(required(inputs, 0), (x) => Math.min(Math.max(x, low!), high!))];
  },
  Cos: unary(Math.cos),
  Cosh: unary(Math.cosh),
  Div: binary((x, y) => x / y),
  Dropout: dropout,
  Equal: binary((x, y) => truth(x === y), "bool"),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Greater: binary((x, y) => truth(x > y), "bool"),
  GreaterOrEqual: binary((x, y) => truth(x >= y), "bool"),
  Identity: (inputs) => [required(inputs, 0)],
  IsInf: (inputs, attributes) => {
    const negative = attributes.int("detect_negative", 1) === 1;
    const positive = attributes.int("detect_positive", 1) === 1;
    const found: Unary = (x) =>
      truth((positive && x === Infinity) || (negative && x === -Infinity));
    return [mapElements(required(inputs, 0), found, "bool")];
  },
  IsNaN: (inputs) => [mapElements(required(inputs, 0), (x) => truth(Number.isNaN(x)), "bool")],
  Less: binary((x, y) => truth(x < y), "bool"),
  LessOrEqual: binary((x, y) => truth(x <= y), "bool"),
  Log: unary(Math.log),
  Max: variadic(Math.max),
  Mean: variadic((...values) => values.reduce((a, b) => a + b) / values.length),
  Min: variadic(Math.min),
  Mod: (inputs, attributes) => {
    const arrays = [required(inputs, 0), required(inputs, 1)];
    const truncated = attributes.int("fmod", 0) === 1;
    return [combine(arrays, (x, y) => (truncated ? x % y : floorMod(x, y)))];
  },
  Mul: binary((x, y) => x * y),
  Neg: unary((x) => -x),
  Not: unary((x) => 1 - x),
  Or: binary((x, y) => truth(x + y > 0)),
  Pow: binary((x, y) => x ** y),
  Reciprocal: unary((x) => 1 / x),
  Round: unary(roundHalfToEven),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Sinh: unary(Math.sinh),
  Sqrt: unary(Math.sqrt),
  Sub: binary((x, y) => x - y),
  Sum: variadic((...values) => values.reduce((a, b) => a + b)),
  Tan: unary(Math.tan),
  Tanh: unary(Math.tanh),
  Where: (inputs) => {
    const [condition, x, y] = [0, 1, 2].map((i) => required(inputs, i));
    return [combine([condition!, x!, y!], (chosen, a, b) => (chosen ? a : b), x!.type)];
  },
  Xor: binary((x, y) => truth(x !== y)),
};
