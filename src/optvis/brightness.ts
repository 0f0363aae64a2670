/** @file Networks that see brightness alone: their pictures are grey, since colours in them would mean nothing. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { elementCount, toNumbers, type Tensor } from "../graph/tensor.ts";
import type { AffineScaling } from "../image/affine.ts";

/** By how much a weight may differ from what one mixture of the channels explains, as a share of the largest. */
const tolerance = 1e-5;

/** How much of each channel of the picture goes into what a network sees of it. */
type Mixture = readonly number[];

/**
 * Whether the first layers of a traced graph read one and the same mixture of the three channels, each with a weight of
 * one sign, so that no colour can be told from a grey of its brightness.
 */
export function seesBrightnessAlone(graph: Graph, { gain, order }: AffineScaling): boolean {
  const [input] = graph.inputs;
  if (!input || gain.length !== 3 || order.length !== 3) return false;
  const mixtures = mixturesOf(graph, input.name, gain);
  const [first, ...others] = mixtures ?? [];
  if (!first) return false;
  const isOneSign = first.every((part) => part > 0) || first.every((part) => part < 0);
  return isOneSign && others.every((other) => isParallel(first, other));
}

/** The mixtures that the readers of a value take, its channels times `gain`; undefined if one takes more than a mixture. */
function mixturesOf(graph: Graph, value: string, gain: Mixture): Mixture[] | undefined {
  const readers = graph.nodes.filter((node) => node.inputs.includes(value));
  const isOutput = graph.outputs.some((output) => output.name === value);
  if (readers.length === 0 || isOutput) return undefined;
  const found: Mixture[] = [];
  for (const node of readers) {
    const passed = passedGain(graph, node, value, gain);
    const mixtures = passed
      ? mixturesOf(graph, node.outputs[0]!, passed)
      : mixtureOf(graph, node, value, gain);
    if (!mixtures) return undefined;
    for (const each of mixtures) found.push(each);
  }
  return found;
}

/** What the channels are multiplied by behind a node that scales and shifts each; undefined for another node. */
function passedGain(graph: Graph, node: Node, value: string, gain: Mixture): Mixture | undefined {
  if (node.domain !== "") return undefined;
  if (node.operator === "Identity") return gain;
  const isFirst = node.inputs[0] === value;
  const operand = graph.initializers.get(node.inputs[isFirst ? 1 : 0] ?? "");
  const factors = operand && perChannel(operand);
  if (!factors) return undefined;
  switch (node.operator) {
    case "Add":
      return gain;
    case "Sub":
      return isFirst ? gain : gain.map((g) => -g);
    case "Mul":
      return gain.map((g, c) => g * factors[c]!);
    case "Div":
      return isFirst ? gain.map((g, c) => g / factors[c]!) : undefined;
    default:
      return undefined;
  }
}

/** One number for each of three channels, of a scalar or of [.., 3, 1, 1]. */
function perChannel(operand: Tensor): readonly number[] | undefined {
  const numbers = toNumbers(operand);
  if (numbers.length === 1) return [0, 1, 2].map(() => numbers[0]!);
  const isChannels = numbers.length === 3 && operand.dims.at(-3) === 3;
  return isChannels ? numbers : undefined;
}

/** The one mixture that a convolution, or a mean over channels, takes. */
function mixtureOf(graph: Graph, node: Node, value: string, gain: Mixture): Mixture[] | undefined {
  if (node.domain !== "" || node.inputs[0] !== value) return undefined;
  if (node.operator === "ReduceMean" || node.operator === "ReduceSum") {
    const axes = graph.initializers.get(node.inputs[1] ?? "");
    return axes && toNumbers(axes).some((axis) => axis === 1 || axis === -3) ? [gain] : undefined;
  }
  const weights = graph.initializers.get(node.inputs[1] ?? "");
  const isPlain = node.operator === "Conv" && new AttributeReader(node).int("group", 1) === 1;
  if (!isPlain || !weights || weights.dims[1] !== 3) return undefined;
  const mixture = commonMixture(toNumbers(weights), elementCount(weights.dims.slice(2)));
  return mixture && [mixture.map((part, c) => part * gain[c]!)];
}

/** The parts that all weights [out, 3, places] share among the channels; undefined if they do not. */
function commonMixture(weights: readonly number[], places: number): Mixture | undefined {
  const triples: Mixture[] = [];
  for (let start = 0; start < weights.length; start += 3 * places) {
    for (let i = 0; i < places; i++) {
      triples.push([0, 1, 2].map((c) => weights[start + c * places + i]!));
    }
  }
  const sizeOf = (triple: Mixture) => Math.hypot(...triple);
  const largest = triples.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a));
  const size = sizeOf(largest);
  if (size === 0) return undefined;
  return triples.every((triple) => distanceFromLine(triple, largest) <= tolerance * size)
    ? largest
    : undefined;
}

function isParallel(a: Mixture, b: Mixture): boolean {
  return distanceFromLine(b, a) <= tolerance * Math.hypot(...b);
}

/** How far a point lies from the line through 0 and another. */
function distanceFromLine(point: Mixture, along: Mixture): number {
  const dot = (a: Mixture, b: Mixture) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const share = dot(point, along) / dot(along, along);
  return Math.hypot(...point.map((x, i) => x - share * along[i]!));
}
