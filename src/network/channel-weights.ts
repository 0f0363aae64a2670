/** @file What a channel reads of the channels before it, and what reads it, by the weights between two convolutions. */
import { AttributeReader } from "../graph/attributes.ts";
import { producers, type Graph, type Node } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import { toFloat32 } from "../graph/tensor.ts";

/** The weights from one channel to another. */
export interface ChannelWeights {
  /** The layer at the other end: what a convolution reads, or what it gives. */
  readonly layer: string;
  readonly channel: number;
  /** [height, width], row-major; 1 x 1 between dense units. */
  readonly kernel: Float32Array;
  readonly height: number;
  readonly width: number;
  /** The kernel's length (Euclidean norm), by which channels are ranked. */
  readonly size: number;
}

/** Steps over activation functions, normalisations and pools, which keep channels as they are. */
const mostSteps = 12;

/**
 * The channels that a channel of a layer reads by the largest kernels, largest first; none where no convolution or dense
 * layer of constant weights gives the layer, or where normalisation or activation do not leave channels alone.
 */
export function weightsBefore(
  graph: Graph,
  layer: string,
  channel: number,
  most: number,
): readonly ChannelWeights[] {
  const makers = producers(graph);
  let value = layer;
  for (let step = 0; step < mostSteps; step++) {
    const node = makers.get(value);
    if (!node) return [];
    if (hasTrait(node, "weights")) return largestOf(readBy(graph, node, channel), most);
    if (!keepsChannels(node)) return [];
    value = node.inputs[0]!;
  }
  return [];
}

/** The channels that read a channel of a layer by the largest kernels, largest first; also through Concat. */
export function weightsAfter(
  graph: Graph,
  layer: string,
  channel: number,
  most: number,
): readonly ChannelWeights[] {
  const found: ChannelWeights[] = [];
  const left: (readonly [value: string, channel: number, steps: number])[] = [[layer, channel, 0]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, at, steps] = next;
    if (steps > mostSteps) continue;
    for (const node of graph.nodes.filter(({ inputs }) => inputs.includes(value))) {
      if (hasTrait(node, "weights")) {
        if (node.inputs[0] === value)
          for (const each of readersOf(graph, node, at)) found.push(each);
        continue;
      }
      const moved = channelIn(graph, node, value, at);
      if (moved !== undefined) left.push([node.outputs[0]!, moved, steps + 1]);
    }
  }
  return largestOf(found, most);
}

function keepsChannels(node: Node): boolean {
  const isSame = hasTrait(node, "activation") || hasTrait(node, "pool");
  return isSame || ["BatchNormalization", "Identity", "Dropout", "LRN"].includes(node.operator);
}

/** Where a channel of a node's input lies in its output; undefined where it is mixed with others. */
function channelIn(graph: Graph, node: Node, value: string, channel: number): number | undefined {
  if (keepsChannels(node)) return node.inputs[0] === value ? channel : undefined;
  if (node.operator !== "Concat" || new AttributeReader(node).int("axis", 1) !== 1)
    return undefined;
  const before = node.inputs.slice(0, node.inputs.indexOf(value));
  const counts = before.map((name) => graph.shapes.get(name)?.dims[1]);
  return counts.every((count) => count !== undefined)
    ? counts.reduce((sum, count) => sum + count, channel)
    : undefined;
}

/** Weights of a node as [outputs, inputs of a group, height, width]. */
interface Kernels {
  readonly data: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
  /** The node's input and output. */
  readonly from: string;
  readonly to: string;
}

/** Undefined for weights that are computed, transposed convolutions, and other than two spatial axes. */
function kernelsOf(graph: Graph, node: Node): Kernels | undefined {
  const weights = graph.initializers.get(node.inputs[1] ?? "");
  if (!weights) return undefined;
  const ends = { from: node.inputs[0]!, to: node.outputs[0]! };
  if (node.operator === "Conv" && weights.dims.length === 4) {
    const [outputs, inputs, height, width] = weights.dims as [number, number, number, number];
    return { ...ends, data: toFloat32(weights), outputs, inputs, height, width };
  }
  if (weights.dims.length !== 2 || (node.operator !== "Gemm" && node.operator !== "MatMul")) {
    return undefined;
  }
  const isTurned = new AttributeReader(node).int("transB", 0) === 1;
  const [rows, columns] = weights.dims as [number, number];
  const [outputs, inputs] = isTurned ? [rows, columns] : [columns, rows];
  const data = isTurned ? toFloat32(weights) : turned(toFloat32(weights), rows, columns);
  return { ...ends, data, outputs, inputs, height: 1, width: 1 };
}

function turned(data: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!);
}

function readBy(graph: Graph, node: Node, channel: number): readonly ChannelWeights[] {
  const kernels = kernelsOf(graph, node);
  if (!kernels || channel >= kernels.outputs) return [];
  const { inputs, outputs, from } = kernels;
  const groups = new AttributeReader(node).int("group", 1);
  const first = Math.floor((channel * groups) / outputs) * inputs;
  return Array.from({ length: inputs }, (_, i) => between(kernels, channel, i, from, first + i));
}

function readersOf(graph: Graph, node: Node, channel: number): readonly ChannelWeights[] {
  const kernels = kernelsOf(graph, node);
  if (!kernels) return [];
  const { inputs, outputs, to } = kernels;
  const groups = new AttributeReader(node).int("group", 1);
  const group = Math.floor(channel / inputs);
  if (group >= groups) return [];
  const perGroup = outputs / groups;
  return Array.from({ length: perGroup }, (_, i) =>
    between(kernels, group * perGroup + i, channel % inputs, to, group * perGroup + i),
  );
}

function between(
  { data, inputs, height, width }: Kernels,
  output: number,
  input: number,
  layer: string,
  channel: number,
): ChannelWeights {
  const places = height * width;
  const at = (output * inputs + input) * places;
  const kernel = data.slice(at, at + places);
  return { layer, channel, kernel, height, width, size: lengthOf(kernel) };
}

function largestOf(all: readonly ChannelWeights[], most: number): readonly ChannelWeights[] {
  return all.toSorted((a, b) => b.size - a.size).slice(0, most);
}

function lengthOf(kernel: Float32Array): number {
  return Math.sqrt(kernel.reduce((sum, weight) => sum + weight * weight, 0));
}
