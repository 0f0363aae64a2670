/** @file Activation functions as layers, and as the last step of others. */
import type { AttributeInputs, Value } from "../graph/builder.ts";
import type { LayerContext, LayerKind } from "./layer.ts";

interface ActivationOperator {
  readonly operator: string;
  readonly attributes?: AttributeInputs;
  readonly description: string;
}

/** THE table of activation functions. */
const activationOperators = {
  relu: { operator: "Relu", description: "max(0, x)" },
  relu6: { operator: "Clip", description: "min(max(0, x), 6)" },
  leakyRelu: {
    operator: "LeakyRelu",
    attributes: { alpha: 0.1 },
    description: "x above 0, 0.1 x below",
  },
  elu: { operator: "Elu", description: "x above 0, exp(x) - 1 below" },
  gelu: { operator: "Gelu", description: "x times the normal distribution's share below x" },
  silu: { operator: "Sigmoid", description: "x sigmoid(x)" },
  tanh: { operator: "Tanh", description: "hyperbolic tangent" },
  sigmoid: { operator: "Sigmoid", description: "1 / (1 + exp(-x))" },
  softplus: { operator: "Softplus", description: "log(1 + exp(x))" },
} as const satisfies Readonly<Record<string, ActivationOperator>>;

export type ActivationName = keyof typeof activationOperators;

/** Names of all activation functions. */
export const activationNames = Object.keys(activationOperators) as readonly ActivationName[];

/** The function of a value; the result is called `name`. */
export function activate(
  { b, valueName }: LayerContext,
  input: Value,
  activation: ActivationName,
  name: string,
): Value {
  const { operator, attributes = {} }: ActivationOperator = activationOperators[activation];
  const called = valueName(name);
  if (activation === "relu6") {
    return b.op(operator, [input, b.scalar(0), b.scalar(6)], {}, called);
  }
  if (activation === "silu") return b.op("Mul", [input, b.op(operator, [input])], {}, called);
  return b.op(operator, [input], attributes, called);
}

/** Whether a function lets about half of what is normally distributed pass, for which He's start is made. */
export function passesHalf(activation: ActivationName | undefined): boolean {
  return activation !== undefined && !["tanh", "sigmoid", "softplus"].includes(activation);
}

function activationLayer(name: ActivationName): LayerKind {
  return {
    description: activationOperators[name].description,
    fields: {},
    build: (context, input, called) => activate(context, input, name, called),
  };
}

/** One kind a function. */
export const activationLayers = Object.fromEntries(
  activationNames.map((name) => [name, activationLayer(name)] as const),
) as Readonly<Record<ActivationName, LayerKind>>;
