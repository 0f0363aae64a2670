/** @file Nodes whose attributes hold graphs. */
import type { Attribute, Graph, Node } from "../graph.ts";

/** The graphs in a node's attributes. */
export function subgraphsOf({ attributes }: Node): readonly Graph[] {
  return Object.values(attributes).flatMap((attribute) =>
    attribute.kind === "graph" ? [attribute.value] : [],
  );
}

/** The node with every graph in its attributes changed; itself where it has none. */
export function withSubgraphs(node: Node, change: (graph: Graph) => Graph): Node {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, attribute]) => attribute.kind === "graph")) return node;
  const changed = entries.map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === "graph" ? { kind: "graph", value: change(attribute.value) } : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(changed) };
}
