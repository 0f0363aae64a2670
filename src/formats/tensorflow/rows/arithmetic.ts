/** @file Arithmetic of one number, or of two that are broadcast against each other. */
import { binary, unary } from "../../channels-last/elementwise.ts";
import { heldLast, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { Operation } from "../operation.ts";
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

/** One number a channel, [C], beside a value. */
function ofChannels(o: Operation, x: NhwcValue, numbers: NhwcValue): NhwcValue {
  if (!isChannelsFirst(o) || x.dims.length < 3) return numbers;
  const places = x.dims.slice(2).map(() => 1);
  return heldLast(o.b.reshape(numbers.value, [numbers.dims[0]!, ...places]));
}

export const arithmeticRows: Rows = {
  BiasAdd: (o) => {
    const x = o.x(0);
    return binary(o.b, "Add", [x, ofChannels(o, x, o.x(1))], o.name);
  },
  Add: two("Add"),
  AddV2: two("Add"),
  Square: (o) => binary(o.b, "Mul", [o.x(0), o.x(0)], o.name),
  Rsqrt: (o) => {
    const root = unary(o.b, "Sqrt", o.x(0), o.b.freeName(`${o.name}/root`));
    return unary(o.b, "Reciprocal", root, o.name);
  },
  Exp: one("Exp"),
  Sqrt: one("Sqrt"),
  Sub: two("Sub"),
  Mul: two("Mul"),
  RealDiv: two("Div"),
};
