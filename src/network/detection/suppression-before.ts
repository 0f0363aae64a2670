/** @file Whether a network suppresses boxes itself, so that how many there are differs from picture to picture. */
import { nodesBefore } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";

/** The suppression that an output comes out of; undefined where there is none. */
export function suppressionBefore(graph: Graph, output: string): Node | undefined {
  if (!graph.nodes.some(isSuppression)) return undefined;
  return [...nodesBefore(graph, output)].find(isSuppression);
}

export function isSuppression({ operator }: Node): boolean {
  return operator === "NonMaxSuppression" || operator.startsWith("BatchedNMS");
}
