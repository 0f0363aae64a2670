/** @file Initializers that nobody reads. */
import { valuesRead } from "./edit.ts";
import type { Graph } from "./graph.ts";

/** The graph with those initializers alone that a node reads or that are outputs. */
export function withoutUnusedInitializers(graph: Graph): Graph {
  const read = new Set([
    ...graph.nodes.flatMap(valuesRead),
    ...graph.outputs.map((output) => output.name),
  ]);
  const initializers = new Map([...graph.initializers].filter(([name]) => read.has(name)));
  return { ...graph, initializers };
}
