/** @file PyTorch's arithmetic, element by element, in the element type that the file tells. */
import type { Value } from "../../../graph/builder.ts";
import type { ElementType } from "../../../graph/tensor.ts";
import type { Call, Rule, RuleTable } from "../call.ts";
import { promoted } from "./promotion.ts";

/** An operator of ONNX on the input in the output's type. */
function unary(operator: string): Rule {
  return (c) => c.op(operator, [c.b.cast(c.tensor("self"), c.output.type)]);
}

/** Both operands in the output's type. */
function pair(c: Call, first = "self", second = "other"): readonly [Value, Value] {
  const { type } = c.output;
  return [c.operand(first, type), c.operand(second, type)];
}

function binary(operator: string): Rule {
  return (c) => c.op(operator, pair(c));
}

/** `self + alpha other`; of a sum of flags it is whether one is set. */
function sum(operator: "Add" | "Sub"): Rule {
  return (c) => {
    const [a, b] = pair(c);
    if (a.type === "bool") return c.op("Or", [a, b]);
    const alpha = c.number("alpha", 1);
    return c.op(operator, [a, alpha === 1 ? b : c.b.mul(b, c.scalar(alpha, b.type))]);
  };
}

const reversedDifference: Rule = (c) => {
  const [a, b] = pair(c);
  const alpha = c.number("alpha", 1);
  return c.b.sub(b, alpha === 1 ? a : c.b.mul(a, c.scalar(alpha, a.type)));
};

const times: Rule = (c) => {
  const [a, b] = pair(c);
  return c.op(a.type === "bool" ? "And" : "Mul", [a, b]);
};

/** A quotient, or what is left of it when it is rounded. */
const quotient: Rule = (c) => {
  const rounding = c.operator === "floor_divide" ? "floor" : c.text("rounding_mode", "none");
  if (rounding === "none") return c.b.div(...pair(c));
  const { type } = c.output;
  const wide: ElementType = /float/.test(type) ? type : "float64";
  const exact = c.b.div(c.operand("self", wide), c.operand("other", wide));
  return c.b.cast(rounding === "floor" ? c.op("Floor", [exact]) : truncated(c, exact), type);
};

function truncated(c: Call, x: Value): Value {
  return c.b.mul(c.op("Sign", [x]), c.op("Floor", [c.op("Abs", [x])]));
}

/** What is left of a division, with the divisor's sign (`remainder`) or the dividend's (`fmod`). */
function rest(isFmod: boolean): Rule {
  return (c) => {
    const [a, b] = pair(c);
    if (isFmod) return c.op("Mod", [a, b], { fmod: 1 });
    if (!/float/.test(a.type)) return c.op("Mod", [a, b]);
    return c.b.sub(a, c.b.mul(b, c.op("Floor", [c.b.div(a, b)])));
  };
}

const power: Rule = (c) => {
  const { type } = c.output;
  const exponent = c.isTensor("exponent") ? undefined : c.number("exponent");
  const base = c.operand("self", type);
  if (exponent === 2) return c.b.mul(base, base);
  return c.op("Pow", [base, c.operand("exponent", type)]);
};

/** Both operands in the type that holds both. */
function comparison(operator: string, isNot = false): Rule {
  return (c) => {
    const type = promoted(c);
    const found = c.op(operator, [c.operand("self", type), c.operand("other", type)]);
    return isNot ? c.op("Not", [found]) : found;
  };
}

function flags(operator: string): Rule {
  return (c) => c.op(operator, [c.operand("self", "bool"), c.operand("other", "bool")]);
}

/** Of flags alone; of whole numbers bit by bit. */
function bits(ofFlags: string, ofNumbers: string): Rule {
  return (c) => {
    const [a, b] = pair(c);
    return c.op(a.type === "bool" ? ofFlags : ofNumbers, [a, b]);
  };
}

const where: Rule = (c) => {
  const { type } = c.output;
  return c.b.where(
    c.operand("condition", "bool"),
    c.operand("self", type),
    c.operand("other", type),
  );
};

const maskedFill: Rule = (c) => {
  const { type } = c.output;
  return c.b.where(c.operand("mask", "bool"), c.operand("value", type), c.operand("self", type));
};

/** Between bounds that are numbers or tensors, either of which may be left out. */
const clamp: Rule = (c) => {
  const { type } = c.output;
  const x = c.operand("self", type);
  if (c.isTensor("min") || c.isTensor("max")) {
    const low = c.has("min") ? c.op("Max", [x, c.operand("min", type)]) : x;
    return c.has("max") ? c.op("Min", [low, c.operand("max", type)]) : low;
  }
  const bound = (name: string) => (c.has(name) ? c.scalar(c.number(name), type) : undefined);
  return c.op("Clip", [x, bound("min"), bound("max")]);
};

/** `self + value first second`, or their quotient. */
function addedProduct(operator: "Mul" | "Div"): Rule {
  return (c) => {
    const { type } = c.output;
    const inside = c.op(operator, [c.operand("tensor1", type), c.operand("tensor2", type)]);
    const scaled = c.b.mul(inside, c.scalar(c.number("value", 1), type));
    return c.b.add(c.operand("self", type), scaled);
  };
}

const lerp: Rule = (c) => {
  const { type } = c.output;
  const start = c.operand("self", type);
  const way = c.b.sub(c.operand("end", type), start);
  return c.b.add(start, c.b.mul(way, c.operand("weight", type)));
};

/** The logarithm of a base, by the natural one. */
function logarithm(base: number): Rule {
  return (c) =>
    c.b.scale(c.op("Log", [c.b.cast(c.tensor("self"), c.output.type)]), 1 / Math.log(base));
}

/** Functions of the input in the output's type. */
function composed(compute: (c: Call, x: Value) => Value): Rule {
  return (c) => compute(c, c.b.cast(c.tensor("self"), c.output.type));
}

export const elementwise: RuleTable = {
  add: sum("Add"),
  sub: sum("Sub"),
  rsub: reversedDifference,
  mul: times,
  div: quotient,
  true_divide: quotient,
  floor_divide: quotient,
  remainder: rest(false),
  fmod: rest(true),
  pow: power,
  maximum: binary("Max"),
  minimum: binary("Min"),
  eq: comparison("Equal"),
  ne: comparison("Equal", true),
  lt: comparison("Less"),
  le: comparison("LessOrEqual"),
  gt: comparison("Greater"),
  ge: comparison("GreaterOrEqual"),
  logical_and: flags("And"),
  logical_or: flags("Or"),
  logical_xor: flags("Xor"),
  logical_not: (c) => c.op("Not", [c.operand("self", "bool")]),
  bitwise_and: bits("And", "BitwiseAnd"),
  bitwise_or: bits("Or", "BitwiseOr"),
  __and__: bits("And", "BitwiseAnd"),
  __or__: bits("Or", "BitwiseOr"),
  __xor__: bits("Xor", "BitwiseXor"),
  exp2: composed((c, x) => c.op("Exp", [c.b.scale(x, Math.LN2)])),
  special_expit: unary("Sigmoid"),
  erfc: composed((c, x) => c.b.sub(c.scalar(1, x.type), c.op("Erf", [x]))),
  bitwise_xor: bits("Xor", "BitwiseXor"),
  bitwise_not: composed((c, x) => c.op(x.type === "bool" ? "Not" : "BitwiseNot", [x])),
  where,
  masked_fill: maskedFill,
  clamp,
  clamp_min: clamp,
  clamp_max: clamp,
  clip: clamp,
  addcmul: addedProduct("Mul"),
  addcdiv: addedProduct("Div"),
  lerp,
  neg: unary("Neg"),
  abs: unary("Abs"),
  exp: unary("Exp"),
  expm1: composed((c, x) => c.b.sub(c.op("Exp", [x]), c.scalar(1, x.type))),
  log: unary("Log"),
  log1p: composed((c, x) => c.op("Log", [c.b.add(x, c.scalar(1, x.type))])),
  log2: logarithm(2),
  log10: logarithm(10),
  sqrt: unary("Sqrt"),
  rsqrt: composed((c, x) => c.op("Reciprocal", [c.op("Sqrt", [x])])),
  reciprocal: unary("Reciprocal"),
  square: composed((c, x) => c.b.mul(x, x)),
  sin: unary("Sin"),
  cos: unary("Cos"),
  tan: unary("Tan"),
  asin: unary("Asin"),
  acos: unary("Acos"),
  atan: unary("Atan"),
  sinh: unary("Sinh"),
  cosh: unary("Cosh"),
  erf: unary("Erf"),
  floor: unary("Floor"),
  ceil: unary("Ceil"),
  round: (c) => {
    if (c.int("decimals", 0) !== 0) c.refuse("decimals must be 0", c.int("decimals"));
    return unary("Round")(c);
  },
  trunc: composed(truncated),
  sign: unary("Sign"),
  isnan: (c) => c.op("IsNaN", [c.tensor("self")]),
  isinf: (c) => c.op("IsInf", [c.tensor("self")]),
};
