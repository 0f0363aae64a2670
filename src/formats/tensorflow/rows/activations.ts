/** @file Activations: one number of each number, and shares of a whole. */
import { binary, unary } from "../../channels-last/elementwise.ts";
import { axisIn, heldLast, withAllAxes, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { Operation } from "../operation.ts";
import type { Row, Rows } from "./row.ts";

const plain =
  (operator: string): Row =>
  (o) =>
    unary(o.b, operator, o.x(0), o.name);

/** `min(max(x, 0), 6)`. */
export function sixCapped(o: Operation, x: NhwcValue): NhwcValue {
  return unary(o.b, "Clip", x, o.name, {}, [o.b.scalar(0), o.b.scalar(6)]);
}

/** Shares along the last axis of the maker's. */
const shares =
  (operator: string): Row =>
  (o) => {
    const x = withAllAxes(o.b, o.x(0));
    return unary(o.b, operator, x, o.name, { axis: axisIn(x, -1) });
  };

export const activationRows: Rows = {
  Relu: plain("Relu"),
  Relu6: (o) => sixCapped(o, o.x(0)),
  Elu: plain("Elu"),
  Selu: plain("Selu"),
  Sigmoid: plain("Sigmoid"),
  Tanh: plain("Tanh"),
  Softplus: plain("Softplus"),
  Softsign: plain("Softsign"),
  Erf: plain("Erf"),
  Erfc: (o) => {
    const inside = unary(o.b, "Erf", o.x(0), o.b.freeName(`${o.name}/inside`));
    return binary(o.b, "Sub", [heldLast(o.b.scalar(1)), inside], o.name);
  },
  HardSwish: plain("HardSwish"),
  Gelu: (o) => {
    const approximate = o.truth("approximate") ? "tanh" : "none";
    return unary(o.b, "Gelu", o.x(0), o.name, { approximate });
  },
  LeakyRelu: (o) => unary(o.b, "LeakyRelu", o.x(0), o.name, { alpha: o.value("alpha", 0.2) }),
  Prelu: (o) => binary(o.b, "PRelu", [o.x(0), o.x(1)], o.name),
  Softmax: shares("Softmax"),
  LogSoftmax: shares("LogSoftmax"),
};
