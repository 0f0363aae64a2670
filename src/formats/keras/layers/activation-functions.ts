/** @file THE table of activation functions of Keras, by name. */
import type { GraphBuilder, Value } from "../../../graph/builder.ts";
import { axisIn, heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { unary } from "../../channels-last/elementwise.ts";

/** A function of a value; the result is called `name`. */
export type ActivationFunction = (b: GraphBuilder, x: NhwcValue, name: string) => NhwcValue;

function operator(
  name: string,
  attributes: Readonly<Record<string, number>> = {},
): ActivationFunction {
  return (b, x, called) => unary(b, name, x, called, attributes);
}

/** A function of several nodes, which have the builder's scope. */
function composed(of: (b: GraphBuilder, x: Value, name: string) => Value): ActivationFunction {
  return (b, x, name) => ({ ...x, value: of(b, x.value, name) });
}

/** Values outside of two bounds are set to them; undefined for none. */
export function clipped(
  lowest: number | undefined,
  highest: number | undefined,
): ActivationFunction {
  return (b, x, name) => {
    const bound = (value: number | undefined) =>
      value === undefined ? null : b.scalar(value, x.value.type);
    const more = highest === undefined ? [bound(lowest)] : [bound(lowest), bound(highest)];
    return unary(b, "Clip", x, name, {}, more);
  };
}

/** `Softmax` or `LogSoftmax` over one of the maker's axes. */
export function softmaxOver(axis: number, name = "Softmax"): ActivationFunction {
  return (b, x, called) => {
    // All features of a flattened map are one set in any order.
    const isFlat = x.held === "flat" && (axis === -1 || axis === 1);
    const held = x.held === "flat" && !isFlat ? heldLast(makersOrder(b, x)) : x;
    const at = isFlat ? 1 : axisIn(held, axis);
    return unary(b, name, held, called, { axis: at });
  };
}

export const leakyRelu = (alpha: number): ActivationFunction => operator("LeakyRelu", { alpha });

const silu = composed((b, x, name) => b.op("Mul", [x, b.op("Sigmoid", [x])], {}, name));

const functions: Readonly<Record<string, ActivationFunction>> = {
  linear: operator("Identity"),
  relu: operator("Relu"),
  relu6: clipped(0, 6),
  leaky_relu: leakyRelu(0.2),
  elu: operator("Elu", { alpha: 1 }),
  selu: operator("Selu"),
  celu: operator("Celu", { alpha: 1 }),
  gelu: operator("Gelu"),
  silu,
  swish: silu,
  hard_silu: operator("HardSwish"),
  hard_swish: operator("HardSwish"),
  mish: operator("Mish"),
  softplus: operator("Softplus"),
  softsign: operator("Softsign"),
  tanh: operator("Tanh"),
  sigmoid: operator("Sigmoid"),
  hard_tanh: clipped(-1, 1),
  hard_shrink: operator("Shrink", { lambd: 0.5, bias: 0 }),
  soft_shrink: operator("Shrink", { lambd: 0.5, bias: 0.5 }),
  tanh_shrink: composed((b, x, name) => b.op("Sub", [x, b.op("Tanh", [x])], {}, name)),
  log_sigmoid: composed((b, x, name) =>
    b.op("Neg", [b.op("Softplus", [b.op("Neg", [x])])], {}, name),
  ),
  squareplus: composed((b, x, name) => {
    const root = b.op("Sqrt", [b.add(b.mul(x, x), b.scalar(4))]);
    return b.op("Mul", [b.add(x, root), b.scalar(0.5)], {}, name);
  }),
  exponential: operator("Exp"),
  softmax: softmaxOver(-1),
  log_softmax: softmaxOver(-1, "LogSoftmax"),
};

/** The function of a name, which Keras 3 computes otherwise for some; undefined for none of the table. */
export function activationFunction(
  name: string,
  isKeras3: boolean,
): ActivationFunction | undefined {
  if (name === "hard_sigmoid") {
    return operator("HardSigmoid", { alpha: isKeras3 ? 1 / 6 : 0.2, beta: 0.5 });
  }
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}
