/** @file Whether the weights of a network can be trained: told before anything starts, with what stands in the way. */
import { hasPath, missingRules } from "../autodiff/path.ts";
import { LimpidError } from "../errors.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { subgraphsOf } from "../graph/inference/subgraphs.ts";
import { option, say } from "../wording/face.ts";

/**
 * Throws `unsupported-operator` for control flow, whose choice holds for a whole batch, and where a gradient would have to pass an operator that has none on its way from a value of a
 * traced graph to the weights, and `bad-option` where none reaches one of them.
 */
export function requireTrainable(graph: Graph, of: string, weights: readonly string[]): void {
  const chosen = graph.nodes.filter((node) => subgraphsOf(node).length > 0);
  if (chosen.length > 0) {
    throw new LimpidError(
      "unsupported-operator",
      `train: a network must compute the same for every picture of a batch, got ${listed(chosen.map(inWords))}, of which parts are chosen while it runs. choose another network, or export it without.`,
    );
  }
  const missing = missingRules(graph, { of, wrt: weights });
  if (missing.length > 0) {
    throw new LimpidError(
      "unsupported-operator",
      say`train: every operator behind the weights must have a gradient, got ${listed(missing.map(({ operator, node }) => inWords({ operator, name: node })))}. ${advice}`,
    );
  }
  const cutOff = weights.filter((name) => !hasPath(graph, { of, wrt: [name] }));
  if (cutOff.length === 0) return;
  throw new LimpidError(
    "bad-option",
    say`train: the answer must follow every weight through operators with a gradient, got none for ${listed(cutOff.map((name) => `"${name}"`))}. ${advice}`,
  );
}

const advice = say`choose another network, or keep all weights before it with ${option("freeze", "LAYER")}.`;

function inWords({ operator, name }: Pick<Node, "operator" | "name">): string {
  return `${operator} ("${name}")`;
}

/** The first ones, and how many more there are. */
function listed(names: readonly string[]): string {
  const [shown, more] = [names.slice(0, 3).join(", "), names.length - 3];
  return more > 0 ? `${shown} and ${more} more` : shown;
}
