/** @file Operators that came after the normal opset and that it has no words for. */
import { OPSET, type Graph } from "./graph.ts";

/** The opset that each came with. */
const since: Readonly<Record<string, number>> = { BitCast: 26, CumProd: 26 };

/**
 * The opset that a graph is written in: the normal one, or that of its newest operator. All other operators that a
 * graph holds mean the same in both.
 */
export function writtenOpset(graph: Graph): number {
  let opset = OPSET;
  for (const { operator, domain, attributes } of graph.nodes) {
    if (domain === "" && Object.hasOwn(since, operator)) opset = Math.max(opset, since[operator]!);
    for (const attribute of Object.values(attributes)) {
      if (attribute.kind === "graph") opset = Math.max(opset, writtenOpset(attribute.value));
    }
  }
  return opset;
}
