/** @file Values of a graph under other names. */
import type { Graph, Node } from "../../graph/graph.ts";

/**
 * The graph with values called as `names` asks, by their old names. A name that is taken, or asked for twice, gets a
 * number behind it for all but the last that asks; nodes are called like their first value.
 */
export function renamed(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const kept = [
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs).filter((name) => !names.has(name)),
  ];
  const taken = new Set(kept);
  const counts = new Map<string, number>();
  const chosen = new Map<string, string>();
  for (const [old, asked] of [...names].reverse()) {
    let name = asked;
    let count = counts.get(asked) ?? 0;
    while (taken.has(name)) name = `${asked}_${++count}`;
    counts.set(asked, count);
    taken.add(name);
    chosen.set(old, name);
  }
  const to = (name: string) => chosen.get(name) ?? name;
  const nodes = graph.nodes.map((node): Node => {
    const outputs = node.outputs.map(to);
    return { ...node, name: outputs[0] ?? node.name, inputs: node.inputs.map(to), outputs };
  });
  const outputs = graph.outputs.map((output) => ({ ...output, name: to(output.name) }));
  return { ...graph, nodes, outputs };
}
