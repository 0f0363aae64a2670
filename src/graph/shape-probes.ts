/** @file Graphs that tell the shapes of their values instead of the values. */
import type { Graph, Node, ValueInfo } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** Runs a graph once; every output is wanted. */
export type Execute = (
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
) => Promise<Readonly<Record<string, Tensor>>>;

/** The output that holds the shape of a value. */
export function probeName(value: string): string {
  return `${value}/measured-shape`;
}

/**
 * Outputs are the shapes of the measured values, not the values, so that the run stays small in memory, and the folded ones.
 * The probe of the first value is the last node: ONNX Runtime goes back from the last node that nothing reads, and would
 * else have run the whole network, with all its values kept, before the first probe.
 */
export function withShapeProbes(
  graph: Graph,
  measured: readonly string[],
  folded: readonly string[],
): Graph {
  const probes = measured.toReversed().map((value): Node => ({
    name: probeName(value),
    operator: "Shape",
    domain: "",
    inputs: [value],
    outputs: [probeName(value)],
    attributes: {},
  }));
  const outputs = [
    ...probes.map((probe): ValueInfo => ({ name: probe.name, type: "int64", dims: undefined })),
    ...folded.map((name): ValueInfo => ({ name, type: undefined, dims: undefined })),
  ];
  return { ...graph, nodes: [...graph.nodes, ...probes], outputs };
}
