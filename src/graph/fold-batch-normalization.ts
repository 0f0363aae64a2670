/** @file Batch normalisations put into the layer before them, so that both are one linear layer. */
import { AttributeReader } from "./attributes.ts";
import { consumers, producers, type Graph, type Node } from "./graph.ts";
import { tensorOf, toNumbers, type Tensor } from "./tensor.ts";

/**
 * The same network in which a `BatchNormalization` with constant statistics that alone reads a `Conv`, or a
 * `Gemm` with rows of weights, is part of that layer: w' = w s and b' = (b - mean) s + bias with
 * s = scale / sqrt(variance + epsilon), one number an output channel. The joined layer has the
 * normalisation's output. Values of `kept` are never folded away, and float32 weights alone are.
 */
export function foldBatchNormalization(graph: Graph, kept: readonly string[]): Graph {
  const before = producers(graph);
  const readers = consumers(graph);
  const outputs = new Set([...kept, ...graph.outputs.map(({ name }) => name)]);
  const initializers = new Map(graph.initializers);
  const shapes = new Map(graph.shapes);
  const replaced = new Map<Node, Node | null>();
  for (const node of graph.nodes) {
    const [from] = node.inputs;
    const layer = before.get(from ?? "");
    if (!layer || outputs.has(from!) || readers.get(from!)?.length !== 1) continue;
    const folded = foldedWeights(graph, layer, node);
    if (!folded) continue;
    const [weights, bias] = [`${layer.name}/folded-weights`, `${layer.name}/folded-bias`];
    initializers.set(weights, folded.weights);
    initializers.set(bias, folded.bias);
    shapes.delete(from!);
    replaced.set(layer, null);
    replaced.set(node, {
      ...layer,
      inputs: [layer.inputs[0]!, weights, bias],
      outputs: [node.outputs[0]!],
    });
  }
  const nodes = graph.nodes.flatMap((node) => {
    const now = replaced.get(node);
    return now === undefined ? [node] : now === null ? [] : [now];
  });
  return { ...graph, nodes, initializers, shapes };
}

interface FoldedWeights {
  readonly weights: Tensor;
  readonly bias: Tensor;
}

/** Weights and bias of a layer with the normalisation behind it; undefined where it is none of the known ones. */
function foldedWeights(graph: Graph, layer: Node, node: Node): FoldedWeights | undefined {
  const attributes = new AttributeReader(layer);
  const isLayer =
    layer.operator === "Conv" ||
    (layer.operator === "Gemm" &&
      attributes.int("transB", 0) === 1 &&
      attributes.float("alpha", 1) === 1 &&
      attributes.float("beta", 1) === 1);
  if (!isLayer || layer.domain !== "") return undefined;
  if (node.operator !== "BatchNormalization" || node.domain !== "") return undefined;
  const tensors = [layer.inputs[1]!, ...node.inputs.slice(1)].map((name) =>
    graph.initializers.get(name),
  );
  const bias = layer.inputs[2] ? graph.initializers.get(layer.inputs[2]) : null;
  if (bias === undefined || tensors.some((known) => known?.type !== "float32")) return undefined;
  const [weights, ...statistics] = tensors as Tensor[];
  const channels = weights!.dims[0]!;
  if (bias && (bias.dims.length !== 1 || bias.dims[0] !== channels)) return undefined;
  const epsilon = new AttributeReader(node).float("epsilon", 1e-5);
  return folded(weights!, bias && toNumbers(bias), statistics.map(toNumbers), epsilon);
}

function folded(
  weights: Tensor,
  bias: readonly number[] | null,
  [scale, shift, mean, variance]: readonly (readonly number[])[],
  epsilon: number,
): FoldedWeights {
  const slopes = scale!.map((factor, c) => factor / Math.sqrt(variance![c]! + epsilon));
  const perChannel = weights.data.length / slopes.length;
  const data = Float32Array.from(
    weights.data as Float32Array,
    (weight, i) => weight * slopes[Math.floor(i / perChannel)]!,
  );
  const shifts = slopes.map((slope, c) => ((bias?.[c] ?? 0) - mean![c]!) * slope + shift![c]!);
  return {
    weights: { ...weights, data },
    bias: tensorOf("float32", [slopes.length], shifts),
  };
}
