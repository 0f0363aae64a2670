/** @file Which of several outputs is explained where none is named. */
import { nodesBefore, valuesRead } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { hasAnyWeights } from "../graph/operators.ts";
import { Ending } from "./final-activation.ts";
import { GraphReader } from "./graph-reader.ts";
import type { Head } from "./head.ts";
import { largest } from "../statistics.ts";

/** An output, and why it was chosen. */
export interface ChosenHead {
  readonly head: Head;
  readonly because: string;
}

/**
 * Of several outputs the one that most looks like the network's answer: classes that the file names before a softmax,
 * before other classes, before answers of yes or no, before anything else; features that another output is computed
 * of come last, and after them what has no gradient. Of several levels of classes, each with its softmax, the one with the
 * most is meant; of other equals the one that most nodes lead to, the first if there are more.
 */
export function chosenHead(
  graph: Graph,
  heads: readonly Head[],
  named: ReadonlySet<number>,
): ChosenHead {
  const before = heads.map(({ output }) => nodesBefore(graph, output));
  const found = heads.map((head) => rankOf(graph, head, heads, named));
  const best = largest(found);
  const fitting = heads.map((head, i) => found[i] === best && !isCoarser(head, heads, best));
  const depths = before.map(({ size }, i) => (fitting[i] ? size : -1));
  const at = depths.indexOf(largest(depths));
  const isAlone = found.filter((rank) => rank === best).length === 1;
  const isOnlyFinest = fitting.filter(Boolean).length === 1;
  const shared = isOnlyFinest
    ? "of several softmaxes it has the most classes"
    : "most of the network leads to it";
  return {
    head: heads[at]!,
    because: isAlone ? reasonOf(heads[at]!, best) : shared,
  };
}

/** Whether another output holds more classes that are told: of hierarchies the finest level is the answer. */
function isCoarser({ kind, units }: Head, heads: readonly Head[], rank: number): boolean {
  if (kind !== "classes" || units === undefined || rank < ranks.told) return false;
  return heads.some(
    (other) =>
      other.kind === "classes" && !other.isAssumed && !other.stop && (other.units ?? 0) > units,
  );
}

/** Ranks, the better the higher; what is only read from a list of the largest comes behind what is given whole. */
const ranks = {
  none: -1,
  feature: 0,
  value: 1,
  places: 2,
  answer: 3,
  assumed: 4,
  told: 5,
  named: 6,
};

function rankOf(
  graph: Graph,
  head: Head,
  heads: readonly Head[],
  named: ReadonlySet<number>,
): number {
  if (head.stop) return ranks.none;
  const rank = rankOfKind(head, heads, named);
  const isOpen = rank < ranks.told && head.activation === undefined;
  if (isOpen && isFeature(graph, head, heads)) return ranks.feature;
  // Of a mean and its deviation, the deviation is made positive.
  const isBent = rank <= ranks.places && !head.isSum;
  return head.answer === head.output && !isBent ? rank : rank - 0.5;
}

function rankOfKind(head: Head, heads: readonly Head[], named: ReadonlySet<number>): number {
  switch (head.kind) {
    case "classes":
    case "map":
    case "labels": {
      if (head.units !== undefined && named.has(head.units)) return ranks.named;
      const isBesideTold = heads.some(
        ({ kind, units, isAssumed }) =>
          kind === head.kind && units === head.units && units !== undefined && !isAssumed,
      );
      if (head.kind === "labels") return ranks.assumed;
      return !head.isAssumed || isBesideTold ? ranks.told : ranks.assumed;
    }
    case "yes-no":
      return ranks.answer;
    case "boxes":
    case "items":
    case "value-map":
    case "values":
    case "embedding":
      return ranks.places;
    case "value":
      return ranks.value;
  }
}

/** Whether another output is computed of an output by more weights. */
function isFeature(graph: Graph, { output }: Head, heads: readonly Head[]): boolean {
  const ending = new Ending(new GraphReader(graph));
  const behind = new Set(ending.sameBefore(output));
  const weighted = new Set<string>();
  for (const node of graph.nodes) {
    const read = valuesRead(node).filter((name) => behind.has(name));
    if (read.length === 0) continue;
    const isWeighted = hasAnyWeights(node) || read.some((name) => weighted.has(name));
    for (const name of node.outputs) {
      behind.add(name);
      if (isWeighted) weighted.add(name);
    }
  }
  return heads.some((other) => weighted.has(other.output));
}

function reasonOf({ kind, isAssumed }: Head, rank: number): string {
  if (rank === ranks.named) return "the file names as many classes";
  if (kind === "classes" || kind === "map" || kind === "labels") {
    return isAssumed ? "its numbers look like those of classes" : "it holds classes";
  }
  return kind === "yes-no" ? "it holds an answer" : "the others look less like an answer";
}
