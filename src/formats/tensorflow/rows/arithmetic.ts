/** @file Arithmetic of one number, or of two that are broadcast against each other. */
import { binary, unary } from "../../channels-last/elementwise.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { elementTypes } from "../description.ts";
import { isConstant } from "../operand.ts";
import type { Operation } from "../operation.ts";
import { castCodes } from "../../../graph/infer.ts";
import { isChannelsFirst } from "./data-format.ts";
import type { Row, Rows } from "./row.ts";

const one =
  (operator: string): Row =>
  (o) =>
    unary(o.b, operator, o.x(0), o.name);

const two =
  (operator: string): Row =>
  (o) =>
    binary(o.b, operator, [o.x(0), o.x(1)], o.name);

/** A step on the way to the node's value. */
function step(o: Operation, operator: string, inputs: readonly [NhwcValue, NhwcValue]): NhwcValue {
  return binary(o.b, operator, inputs, o.b.freeName(`${o.name}/${operator}`));
}

const biasAdd: Row = (o) => {
  const x = o.x(0);
  const bias = o.x(1);
  if (!isChannelsFirst(o) || x.dims.length < 3) return binary(o.b, "Add", [x, bias], o.name);
  const dims = [bias.dims[0]!, ...x.dims.slice(2).map(() => 1)];
  return binary(o.b, "Add", [x, heldLast(o.b.reshape(bias.value, dims))], o.name);
};

/** Values that one node may add up. */
const mostAddends = 1000;

const sumOfAll: Row = (o) => {
  if (o.inputs.length > mostAddends) {
    throw o.refused(`must add up at most ${mostAddends} values, got ${o.inputs.length}`);
  }
  const [first, ...others] = o.inputs.map((_, i) => o.x(i));
  if (!first) throw o.refused("must read a value, got none");
  if (others.length === 0) return first;
  return others.reduce(
    (sum, x, i) =>
      i === others.length - 1 ? binary(o.b, "Add", [sum, x], o.name) : step(o, "Add", [sum, x]),
    first,
  );
};

/** What is left behind the whole multiples, with the divisor's sign. */
const remainder: Row = (o) => {
  requireFloats(o);
  const [x, y] = [o.x(0), o.x(1)];
  const quotient = step(o, "Div", [x, y]);
  const whole = unary(o.b, "Floor", quotient, o.b.freeName(`${o.name}/whole`));
  return binary(o.b, "Sub", [x, step(o, "Mul", [whole, y])], o.name);
};

const floorOfQuotient: Row = (o) => {
  requireFloats(o);
  return unary(o.b, "Floor", step(o, "Div", [o.x(0), o.x(1)]), o.name);
};

const squaredDifference: Row = (o) => {
  const difference = step(o, "Sub", [o.x(0), o.x(1)]);
  return binary(o.b, "Mul", [difference, difference], o.name);
};

const inverseRoot: Row = (o) => {
  const root = unary(o.b, "Sqrt", o.x(0), o.b.freeName(`${o.name}/root`));
  return unary(o.b, "Reciprocal", root, o.name);
};

const shifted =
  (operator: "exponential" | "logarithm"): Row =>
  (o) => {
    const x = o.x(0);
    const one = heldLast(o.b.scalar(1));
    if (operator === "logarithm") return unary(o.b, "Log", step(o, "Add", [x, one]), o.name);
    const power = unary(o.b, "Exp", x, o.b.freeName(`${o.name}/power`));
    return binary(o.b, "Sub", [power, one], o.name);
  };

function requireFloats(o: Operation): void {
  const { type } = o.x(0).value;
  if (type !== "float32") throw o.refused(`must compute floats, got ${type}`);
}

/** Quotients without a remainder for whole numbers would need rounding that ONNX has no word for. */
const quotient: Row = (o) => {
  requireFloats(o);
  return two("Div")(o);
};

/** Quotients that are 0 where the divisor is; what would be infinite is left out before it is divided by. */
const safeQuotient: Row = (o) => {
  const [x, y] = [o.x(0), o.x(1)];
  const [zero, one] = [heldLast(o.b.scalar(0)), heldLast(o.b.scalar(1))];
  const isZero = step(o, "Equal", [y, zero]);
  const asNumber = unary(o.b, "Cast", isZero, o.b.freeName(`${o.name}/zeros`), {
    to: castCodes.float32,
  });
  const divided = step(o, "Div", [x, step(o, "Add", [y, asNumber])]);
  return binary(o.b, "Mul", [divided, step(o, "Sub", [one, asNumber])], o.name);
};

const notEqual: Row = (o) => {
  const equal = step(o, "Equal", [o.x(0), o.x(1)]);
  return unary(o.b, "Not", equal, o.name);
};

const clip: Row = (o) => {
  const bounds = [o.number(1), o.number(2)].map((bound) => o.b.scalar(bound));
  return unary(o.b, "Clip", o.x(0), o.name, {}, bounds);
};

/** A number in the place of each. */
const filled =
  (number: number): Row =>
  (o) => {
    requireFloats(o);
    const bound = o.b.scalar(number);
    return unary(o.b, "Clip", o.x(0), o.name, {}, [bound, bound]);
  };

const isFinite: Row = (o) => {
  const [x, missing] = [o.x(0), o.b.freeName(`${o.name}/missing`)];
  const endless = unary(o.b, "IsInf", x, o.b.freeName(`${o.name}/endless`));
  const either = step(o, "Or", [unary(o.b, "IsNaN", x, missing), endless]);
  return unary(o.b, "Not", either, o.name);
};

const cast: Row = (o) => {
  const x = o.x(0);
  const type = elementTypes[o.attribute("DstT", "type") ?? "INVALID"];
  if (!type) throw o.refused("must turn numbers into numbers of a type that is known");
  if (type === x.value.type) return x;
  return unary(o.b, "Cast", x, o.name, { to: castCodes[type] });
};

const select: Row = (o) => {
  const [condition, then, otherwise] = [o.x(0), o.x(1), o.x(2)];
  // The early operator lets a list of truths choose among examples.
  if (o.op === "Select" && condition.dims.length === 1 && then.dims.length > 1) {
    throw o.refused("must choose number by number");
  }
  const parts = [condition, then, otherwise].map((x) => makersOrder(o.b, x));
  return heldLast(o.b.op("Where", parts, {}, o.name));
};

/** Numbers that were rounded to steps in training: only the ends of their range are kept. */
const fakeQuantized: Row = (o) => {
  o.note("Rounding to the steps of a quantised copy is left out of the network.");
  const [low, high] =
    isConstant(o.input(0)) || o.inputs.length < 3
      ? [o.value("min", -6), o.value("max", 6)]
      : [o.number(1), o.number(2)];
  return unary(o.b, "Clip", o.x(0), o.name, {}, [o.b.scalar(low), o.b.scalar(high)]);
};

const likeNames =
  "Abs Neg Exp Log Sqrt Reciprocal Floor Ceil Round Sign Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh";

export const arithmeticRows: Rows = {
  ...Object.fromEntries(likeNames.split(" ").map((name) => [name, one(name)])),
  Inv: one("Reciprocal"),
  LogicalNot: one("Not"),
  Rsqrt: inverseRoot,
  Square: (o) => binary(o.b, "Mul", [o.x(0), o.x(0)], o.name),
  Expm1: shifted("exponential"),
  Log1p: shifted("logarithm"),
  BiasAdd: biasAdd,
  BiasAddV1: biasAdd,
  Add: two("Add"),
  AddV2: two("Add"),
  AddN: sumOfAll,
  Sub: two("Sub"),
  Mul: two("Mul"),
  RealDiv: quotient,
  Div: quotient,
  DivNoNan: safeQuotient,
  FloorDiv: floorOfQuotient,
  FloorMod: remainder,
  Maximum: two("Max"),
  Minimum: two("Min"),
  Pow: two("Pow"),
  SquaredDifference: squaredDifference,
  Greater: two("Greater"),
  GreaterEqual: two("GreaterOrEqual"),
  Less: two("Less"),
  LessEqual: two("LessOrEqual"),
  Equal: two("Equal"),
  NotEqual: notEqual,
  LogicalAnd: two("And"),
  LogicalOr: two("Or"),
  IsNan: one("IsNaN"),
  IsInf: one("IsInf"),
  IsFinite: isFinite,
  ZerosLike: filled(0),
  OnesLike: filled(1),
  ClipByValue: clip,
  Cast: cast,
  Select: select,
  SelectV2: select,
  FakeQuantWithMinMaxVars: fakeQuantized,
  FakeQuantWithMinMaxArgs: fakeQuantized,
};
