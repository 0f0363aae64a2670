/** @file Operators of sequences: where there are some, and that none may be left. */
import { LimpidError } from "../errors.ts";
import { subgraphsOf } from "./inference/subgraphs.ts";
import type { Graph, Node } from "./graph.ts";

/** Operators that make or take sequences or optional values. */
const operators = new Set(
  (
    "ConcatFromSequence Optional OptionalGetElement OptionalHasElement SequenceAt SequenceConstruct SequenceEmpty " +
    "SequenceErase SequenceInsert SequenceLength SequenceMap SplitToSequence"
  ).split(" "),
);

function isOfSequences({ operator, domain }: Node): boolean {
  return domain === "" && operators.has(operator);
}

/** Whether a graph, or one inside it, makes or takes a sequence. */
export function hasSequences({ nodes }: Graph): boolean {
  return nodes.some((node) => isOfSequences(node) || subgraphsOf(node).some(hasSequences));
}

/** Throws `unsupported-operator` if a node of the graph makes or takes a sequence. */
export function requireNoSequences(graph: Graph): void {
  const node = graph.nodes.find(isOfSequences);
  if (!node) return;
  throw new LimpidError(
    "unsupported-operator",
    `trace: sequences must have members that are known before anything runs, got ${node.operator} ("${node.name}"). fix the input size and export the model again.`,
  );
}
