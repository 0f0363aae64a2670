/** @file Names in a graph, and such as nothing in it has yet. */
import { valuesRead } from "./edit.ts";
import type { Graph } from "./graph.ts";
import { subgraphsOf } from "./inference/subgraphs.ts";

/** All names of a graph and of the graphs in its nodes. */
export function allNames(graph: Graph): Set<string> {
  const names = new Set([
    ...[...graph.inputs, ...graph.outputs, ...graph.nodes].map(({ name }) => name),
    ...graph.initializers.keys(),
  ]);
  for (const node of graph.nodes) {
    for (const name of [...node.outputs, ...valuesRead(node)]) names.add(name);
    for (const body of subgraphsOf(node)) for (const name of allNames(body)) names.add(name);
  }
  return names;
}

/** The hint, with strokes behind it as long as it is taken; it is taken then. */
export function freeName(hint: string, taken: Set<string>): string {
  let name = hint;
  while (taken.has(name)) name = `${name}/`;
  taken.add(name);
  return name;
}
