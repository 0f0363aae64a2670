/** @file A network with weights drawn anew, which knows nothing (Adebayo et al. 2018, section 3). */
import { elementCount, tensor, toNumbers } from "../../graph/tensor.ts";
import type { Graph } from "../../graph/graph.ts";
import { randomStream } from "../../random.ts";

/** A layer with weights, and where they are stored. */
export interface WeightedLayer {
  readonly layer: string;
  readonly weights: string;
}

const weightedOperators = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);

/** Convolutions and dense layers with weights of floats, from the output to the input. Weights in half precision go through a Cast. */
export function weightedLayers(graph: Graph): readonly WeightedLayer[] {
  const casts = new Map(
    graph.nodes
      .filter(({ operator }) => operator === "Cast")
      .map(({ inputs, outputs }) => [outputs[0]!, inputs[0]!]),
  );
  return graph.nodes
    .filter(({ operator }) => weightedOperators.has(operator))
    .flatMap(({ inputs, outputs }) => {
      const own = inputs[1]!;
      const weights = graph.initializers.has(own) ? own : (casts.get(own) ?? own);
      const stored = graph.initializers.get(weights);
      const isFloat = stored?.type === "float32" || (stored !== undefined && weights !== own);
      return isFloat ? [{ layer: outputs[0]!, weights }] : [];
    })
    .toReversed();
}

/** The graph with the weights of some layers drawn anew, normal and spread as they were. */
export function redrawn(graph: Graph, layers: readonly WeightedLayer[], seed: number): Graph {
  const initializers = new Map(graph.initializers);
  const fresh = new Map<string, string>();
  for (const { layer, weights } of layers) {
    const stored = graph.initializers.get(weights)!;
    const values = toNumbers(stored);
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    const random = randomStream("redrawn", layer, seed);
    const drawn = Float32Array.from(values, () => Math.sqrt(square) * random.normal());
    initializers.set(`redrawn/${layer}`, tensor("float32", stored.dims, drawn));
    fresh.set(layer, `redrawn/${layer}`);
  }
  const nodes = graph.nodes.map((node) => {
    const name = fresh.get(node.outputs[0]!);
    return name === undefined ? node : { ...node, inputs: node.inputs.with(1, name) };
  });
  return { ...graph, nodes, initializers };
}

/** How many numbers layers with weights have in all. */
export function weightCount(graph: Graph, layers: readonly WeightedLayer[]): number {
  return layers.reduce(
    (sum, { weights }) => sum + elementCount(graph.initializers.get(weights)!.dims),
    0,
  );
}
