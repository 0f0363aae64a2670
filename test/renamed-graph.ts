/** @file Graphs whose values are called otherwise. */
import type { Graph } from "../src/graph/graph.ts";

/** The graph with its values called otherwise. */
export function renamed(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const called = (name: string) => names.get(name) ?? name;
  const keyed = <T>(values: ReadonlyMap<string, T>) =>
    new Map([...values].map(([name, value]) => [called(name), value]));
  return {
    ...graph,
    inputs: graph.inputs.map((info) => ({ ...info, name: called(info.name) })),
    outputs: graph.outputs.map((info) => ({ ...info, name: called(info.name) })),
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(called),
      outputs: node.outputs.map(called),
    })),
    initializers: keyed(graph.initializers),
    shapes: keyed(graph.shapes),
  };
}
