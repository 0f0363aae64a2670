/** @file What happens to a channel's numbers one by one behind a convolution: normalisation, constants and activation functions. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Node } from "../graph/graph.ts";
import { toNumbers } from "../graph/tensor.ts";
import { formatNumber } from "../wording/numbers.ts";
import type { GraphReader } from "./graph-reader.ts";

/** A function of one number. */
export interface ChannelStage {
  /** ONNX operator. */
  readonly operator: string;
  /** The value that it gives, all channels of it. */
  readonly value: string;
  readonly channel: number;
  /** With its numbers, of x. */
  readonly formula: string;
  of(x: number): number;
}

type Formula = Pick<ChannelStage, "formula" | "of">;

/** What a stage reads of its node: attributes, and constants of its other inputs, those of the channel. */
interface StageReader {
  readonly attributes: AttributeReader;
  /** Undefined where the input is computed, or does not hold one number for the channel. */
  constant(input: number): number | undefined;
  has(input: number): boolean;
}

const shown = (number: number) => formatNumber(number);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const [seluAlpha, seluGamma] = [1.6732632423543772, 1.0507009873554805];

/** Activation functions of one number, as the ONNX standard has them. */
const functions: Readonly<Record<string, (n: StageReader) => Formula | undefined>> = {
  Relu: () => ({ formula: "max(0, x)", of: (x) => Math.max(0, x) }),
  LeakyRelu: ({ attributes }) => leaky(attributes.float("alpha", 0.01)),
  PRelu: (n) => {
    const slope = n.constant(1);
    return slope === undefined ? undefined : leaky(slope);
  },
  Clip: clip,
  Sigmoid: () => ({ formula: "1 / (1 + exp(−x))", of: sigmoid }),
  Tanh: () => ({ formula: "tanh(x)", of: Math.tanh }),
  HardSigmoid: ({ attributes }) => {
    const [alpha, beta] = [attributes.float("alpha", 0.2), attributes.float("beta", 0.5)];
    return {
      formula: `${shown(alpha)} · x + ${shown(beta)}, kept within 0 and 1`,
      of: (x) => Math.min(Math.max(alpha * x + beta, 0), 1),
    };
  },
  HardSwish: () => ({
    formula: "x · (x / 6 + 0.5, kept within 0 and 1)",
    of: (x) => x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
  }),
  Elu: ({ attributes }) => {
    const alpha = attributes.float("alpha", 1);
    return {
      formula: `x above 0, else ${shown(alpha)} · (exp(x) − 1)`,
      of: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
    };
  },
  Selu: ({ attributes }) => {
    const [alpha, gamma] = [
      attributes.float("alpha", seluAlpha),
      attributes.float("gamma", seluGamma),
    ];
    return {
      formula: `${shown(gamma)} · (x above 0, else ${shown(alpha)} · (exp(x) − 1))`,
      of: (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x)),
    };
  },
  Softplus: () => ({ formula: "log(1 + exp(x))", of: softplus }),
  Softsign: () => ({ formula: "x / (1 + |x|)", of: (x) => x / (1 + Math.abs(x)) }),
  Mish: () => ({ formula: "x · tanh(log(1 + exp(x)))", of: (x) => x * Math.tanh(softplus(x)) }),
  BatchNormalization: normalization,
  Add: (n) => withConstant(n, "+", (x, c) => x + c),
  Sub: (n) => withConstant(n, "−", (x, c) => x - c),
  Mul: (n) => withConstant(n, "·", (x, c) => x * c),
  Div: (n) => withConstant(n, "/", (x, c) => x / c),
};

function leaky(slope: number): Formula {
  return {
    formula: `x above 0, else ${shown(slope)} · x`,
    of: (x) => (x > 0 ? x : slope * x),
  };
}

function clip(n: StageReader): Formula | undefined {
  const [low, high] = [n.constant(1), n.constant(2)];
  if ((n.has(1) && low === undefined) || (n.has(2) && high === undefined)) return undefined;
  const [least, most] = [low ?? -Infinity, high ?? Infinity];
  const parts = [
    ...(low === undefined ? [] : [`at least ${shown(low)}`]),
    ...(high === undefined ? [] : [`at most ${shown(high)}`]),
  ];
  return {
    formula: ["x", ...parts].join(", "),
    of: (x) => Math.min(Math.max(x, least), most),
  };
}

/** By stored mean and variance. */
function normalization(n: StageReader): Formula | undefined {
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((input) => n.constant(input));
  if (scale === undefined || shift === undefined || mean === undefined || variance === undefined) {
    return undefined;
  }
  const deviation = Math.sqrt(variance + n.attributes.float("epsilon", 1e-5));
  return {
    formula: `(x ${signed(-mean)}) / ${shown(deviation)} · ${shown(scale)} ${signed(shift)}`,
    of: (x) => ((x - mean) / deviation) * scale + shift,
  };
}

/** Either operand may be the constant. */
function withConstant(
  n: StageReader,
  sign: string,
  of: (left: number, right: number) => number,
): Formula | undefined {
  const [left, right] = [n.constant(0), n.constant(1)];
  if (right !== undefined)
    return { formula: `x ${sign} ${bracketed(right)}`, of: (x) => of(x, right) };
  if (left !== undefined) return { formula: `${shown(left)} ${sign} x`, of: (x) => of(left, x) };
  return undefined;
}

/**
 * What a node does to each number of a channel, and the value that it reads; undefined for nodes that do anything
 * else, read several values, or whose constants differ from place to place.
 */
export function stageOf(
  graph: GraphReader,
  node: Node,
  channel: number,
): { readonly stage: ChannelStage; readonly from: string } | undefined {
  const made = { value: node.outputs[0]!, channel };
  const gated = gateOf(graph, node);
  if (gated) {
    return {
      from: gated.from,
      stage: { operator: gated.name, ...made, ...gated.formula },
    };
  }
  const make =
    node.domain === "" && Object.hasOwn(functions, node.operator) && functions[node.operator];
  const [from, ...others] = graph.variablesOf(node);
  if (!make || from === undefined || others.length > 0) return undefined;
  const formula = make({
    attributes: new AttributeReader(node),
    constant: (input) => ofChannel(graph, node, input, channel),
    has: (input) => (node.inputs[input] ?? "") !== "",
  });
  return formula && { from, stage: { operator: node.operator, ...made, ...formula } };
}

/** x times a gate of x itself, as Swish is written with other operators. */
function gateOf(graph: GraphReader, node: Node) {
  if (node.operator !== "Mul" || node.inputs.length !== 2) return undefined;
  for (const [x, gate] of [node.inputs, node.inputs.toReversed()] as [string, string][]) {
    const maker = graph.makerOf(gate);
    if (maker?.operator === "Sigmoid" && maker.inputs[0] === x) {
      return {
        from: x,
        name: "Swish",
        formula: { formula: "x / (1 + exp(−x))", of: (at: number) => at * sigmoid(at) },
      };
    }
    if (maker?.operator === "HardSigmoid" && maker.inputs[0] === x) {
      const inner = functions["HardSigmoid"]!({
        attributes: new AttributeReader(maker),
        constant: () => undefined,
        has: () => false,
      })!;
      return {
        from: x,
        name: "HardSwish",
        formula: { formula: `x · (${inner.formula})`, of: (at: number) => at * inner.of(at) },
      };
    }
  }
  return undefined;
}

/** The one number that a constant has for a channel of the node's output [N, C, ...]. */
function ofChannel(
  graph: GraphReader,
  node: Node,
  input: number,
  channel: number,
): number | undefined {
  const constant = graph.constantOf(node.inputs[input] ?? "");
  if (!constant || constant.type === "string") return undefined;
  const numbers = toNumbers(constant);
  if (numbers.length === 1) return numbers[0];
  if (node.operator === "BatchNormalization") return numbers[channel];
  const rank = graph.graph.shapes.get(node.outputs[0]!)?.dims.length ?? 0;
  // Constants are lined up with the last axis, and channels are the second of all.
  const axis = constant.dims.length - rank + 1;
  const isOnChannels = axis >= 0 && constant.dims[axis] === numbers.length;
  return isOnChannels ? numbers[channel] : undefined;
}

function bracketed(number: number): string {
  return number < 0 ? `(${shown(number)})` : shown(number);
}

function signed(number: number): string {
  return number < 0 ? `− ${shown(-number)}` : `+ ${shown(number)}`;
}
