/** @file Graphs for ONNX Runtime's WebGPU provider: what it computes wrongly or not at all is said in another way. */
import { allNames } from "../graph/free-name.ts";
import type { Graph } from "../graph/graph.ts";
import { withSubgraphs } from "../graph/inference/subgraphs.ts";
import { NodeRewriting, type Surroundings } from "./node-rewriting.ts";
import { widenConvolution } from "./webgpu-convolution.ts";
import {
  copyDropout,
  cutBeforeTurning,
  nameMean,
  reduceNothing,
  refuseScaledChannels,
  refuseWidenedSums,
  widenHalfWeights,
} from "./webgpu-operators.ts";

/** What is done about operators; nodes for which nothing is added stay. */
const rewrites: ReadonlyMap<string, (to: NodeRewriting) => void> = new Map([
  ["Cast", widenHalfWeights],
  ["Conv", widenConvolution],
  ["Dropout", copyDropout],
  ["Einsum", refuseWidenedSums],
  ["LayerNormalization", nameMean],
  ["ReduceL1", reduceNothing],
  ["ReduceL2", reduceNothing],
  ["ReduceLogSum", reduceNothing],
  ["ReduceSumSquare", reduceNothing],
  ["Resize", refuseScaledChannels],
  ["Slice", cutBeforeTurning],
]);

/**
 * The same function in operators that WebGPU computes rightly; the graph itself if there is nothing to change. Throws
 * `unsupported-operator` for what it computes wrongly and nothing else says.
 */
export function webGpuGraph(graph: Graph): Graph {
  const nothing = () => undefined;
  return adapted(graph, { dimsOf: nothing, constantOf: nothing, names: allNames(graph) });
}

function adapted(graph: Graph, outer: Omit<Surroundings, "constants">): Graph {
  const inputs = new Map(graph.inputs.map(({ name, dims }) => [name, dims]));
  const around: Surroundings = {
    names: outer.names,
    constants: new Map(graph.initializers),
    constantOf: (value) => graph.initializers.get(value) ?? outer.constantOf(value),
    dimsOf: (value) =>
      graph.initializers.get(value)?.dims ??
      graph.shapes.get(value)?.dims ??
      inputs.get(value) ??
      outer.dimsOf(value),
  };
  const nodes = graph.nodes.flatMap((node) => {
    const inner = withSubgraphs(node, (body) => adapted(body, around));
    const rewrite = inner.domain === "" ? rewrites.get(inner.operator) : undefined;
    const to = new NodeRewriting(inner, around);
    rewrite?.(to);
    return to.nodes.length > 0 ? to.nodes : [inner];
  });
  if (nodes.length === graph.nodes.length && nodes.every((node, i) => node === graph.nodes[i]))
    return graph;
  return { ...graph, nodes, initializers: around.constants };
}
