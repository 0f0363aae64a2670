/** @file The nodes from a value to a score, and those on it that make a staircase of the score. */
import { nodesBefore, valuesRead } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";

/** The nodes on the way from a value to another, the last first. */
export function nodesBetween(traced: Graph, from: string, to: string): readonly Node[] {
  const reached = new Set([from]);
  for (const node of traced.nodes) {
    if (!valuesRead(node).some((name) => reached.has(name))) continue;
    for (const output of node.outputs) reached.add(output);
  }
  return [...nodesBefore(traced, to)].filter(({ outputs }) =>
    outputs.some((name) => reached.has(name)),
  );
}

/** The first node on the way that rounds, so that small differences are 0 or jump; undefined where none does. */
export function staircaseBetween(traced: Graph, from: string, to: string): Node | undefined {
  return nodesBetween(traced, from, to).findLast((node) => {
    const type = traced.shapes.get(node.outputs[0]!)?.type ?? "float32";
    const isToWhole = node.operator === "Cast" && /^u?int/.test(type);
    return node.domain === "" && (isToWhole || rounding.has(node.operator));
  });
}

const rounding: ReadonlySet<string> = new Set([
  "Ceil",
  "DynamicQuantizeLinear",
  "Floor",
  "QuantizeLinear",
  "Round",
]);
