/** @file Where masks stand among a graph's nodes: they are made when they are read, not when they could be. */
import { valuesRead } from "../graph/edit.ts";
import type { Node } from "../graph/graph.ts";

/**
 * The nodes in an order in which those that make one of the masks, and those that are read by these alone, come right
 * before the first that reads them. A mask could be made as soon as its rectifier has run, and would lie beside what it is
 * made from until the gradient comes. `outputs` are the graph's.
 *
 * ONNX Runtime goes back from the last node and has what the later one of two makes computed first. What it brings to its
 * blocked layout it numbers anew in that order, so that of two such nodes the later one here is the later one there.
 */
export function withLateMasks(
  nodes: readonly Node[],
  masks: ReadonlySet<string>,
  outputs: ReadonlySet<string>,
): Node[] {
  const late = new Set<Node>();
  const readers = new Map<string, Node[]>();
  /** The last one first. */
  const placed: Node[] = [];
  for (const node of nodes.toReversed()) {
    const isLate = (name: string) =>
      masks.has(name) || (readers.get(name) ?? []).every((reader) => late.has(reader));
    if (node.outputs.every((name) => !outputs.has(name) && isLate(name))) {
      late.add(node);
      const reads = new Set(node.outputs.flatMap((name) => readers.get(name) ?? []));
      placed.splice(placed.findLastIndex((other) => reads.has(other)) + 1, 0, node);
    } else {
      placed.push(node);
    }
    for (const name of valuesRead(node)) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  return placed.toReversed();
}
