/** @file What the way of a value through a network tells relevance rules: signs, gates, and which layers read the picture. */
import { hasTrait } from "../../graph/operators.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import { producers } from "../../graph/graph.ts";
import { toNumbers } from "../../graph/tensor.ts";

/** What is known of the values and nodes of a graph. */
export interface RelevancePaths {
  /** True if no element of the value can be negative. */
  isNonNegative(value: string): boolean;
  /** True if the value is a bounded function of others, scaled and shifted by constants at most. */
  isGate(value: string): boolean;
  /** True if no layer with weights lies before the node. */
  readsPicture(node: Node): boolean;
}

/** Of these, all inputs are numbers; the others have shapes and axes behind the first. */
const severalTerms = new Set(["Add", "Concat", "Mul", "Sum"]);

/** Finds its answers when asked; each value is looked at once. */
export function relevancePaths(graph: Graph): RelevancePaths {
  const before = producers(graph);
  const isNonNegative = remembered((value: string): boolean => {
    const constant = graph.initializers.get(value);
    if (constant) return toNumbers(constant).every((number) => number >= 0);
    const node = before.get(value);
    if (!node || node.domain !== "") return false;
    if (hasTrait(node, "nonNegative")) return true;
    if (node.operator === "Clip") return (numberOf(graph, node.inputs[1]) ?? -1) >= 0;
    if (!hasTrait(node, "keepsSign")) return false;
    const terms = severalTerms.has(node.operator) ? node.inputs : node.inputs.slice(0, 1);
    return terms.every((term) => isNonNegative(term));
  });
  const isGate = remembered((value: string): boolean => {
    const node = before.get(value);
    if (!node || node.domain !== "") return false;
    if (hasTrait(node, "bounded")) return true;
    if (node.operator === "Clip") {
      return node.inputs.length === 3 && node.inputs.every((input) => input !== "");
    }
    if (!hasTrait(node, "keepsGate")) return false;
    const computed = node.inputs.filter((input) => !graph.initializers.has(input));
    return computed.length === 1 && isGate(computed[0]!);
  });
  const weighted = behindWeights(graph);
  return {
    isNonNegative,
    isGate,
    readsPicture: (node) => !node.inputs.some((input) => weighted.has(input)),
  };
}

/** The values that a layer with weights leads to. */
function behindWeights(graph: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of graph.nodes) {
    const isBehind = hasTrait(node, "weights") || node.inputs.some((input) => found.has(input));
    if (isBehind) for (const output of node.outputs) found.add(output);
  }
  return found;
}

function numberOf(graph: Graph, name: string | undefined): number | undefined {
  const known = graph.initializers.get(name ?? "");
  return known && toNumbers(known)[0];
}

function remembered(find: (value: string) => boolean): (value: string) => boolean {
  const known = new Map<string, boolean>();
  return (value) => {
    const answer = known.get(value) ?? find(value);
    known.set(value, answer);
    return answer;
  };
}
