/** @file An operator that ONNX Runtime does not have, in words of our own. */
import { LimpidError } from "../errors.ts";
import type { Graph, Node } from "../graph/graph.ts";

/** How ONNX Runtime says that an operator is unknown, or that this build computes it for no such numbers. */
const refusals = [
  /No Op registered for (\S+)/,
  /Fatal error: (?:[\w.]*:)?(\S+?)\(-?\d+\) is not a registered/,
  /Could not find an implementation for (\S+?)\(\d+\)/,
];

/** The error if `reason` says that an operator of the graph is one that the runtime `name` does not have. */
export function unknownOperator(
  name: string,
  graph: Graph,
  reason: unknown,
): LimpidError | undefined {
  const message = reason instanceof Error ? reason.message : String(reason);
  const operator = refusals.map((pattern) => pattern.exec(message)?.[1]).find(Boolean);
  if (operator === undefined) return undefined;
  const node = findNode(graph, operator);
  const where = node ? ` ("${node.name}")` : "";
  return new LimpidError(
    "unsupported-operator",
    `${name}: every operator must be one that ONNX Runtime computes, got ${worded(operator)}${where}. export the model without it.`,
    { cause: reason },
  );
}

/** What a rewrite could not say in today's operators carries the opset of its form: "Scan-8". */
function worded(operator: string): string {
  const [, plain, opset] = /^(\w+)-(\d+)$/.exec(operator) ?? [];
  return plain === undefined ? operator : `${plain} in the form of opset ${opset}`;
}

function findNode(graph: Graph, operator: string): Node | undefined {
  for (const node of graph.nodes) {
    if (node.operator === operator) return node;
    for (const attribute of Object.values(node.attributes)) {
      const inner = attribute.kind === "graph" ? findNode(attribute.value, operator) : undefined;
      if (inner) return inner;
    }
  }
  return undefined;
}
