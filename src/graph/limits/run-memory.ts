/** @file What a run of a graph of known shapes holds, and the refusal of one that would hold too much. */
import { LimpidError } from "../../errors.ts";
import { option, say } from "../../wording/face.ts";
import { roomySizeText, sizeText, type Limits } from "../../wording/limits.ts";
import { valuesRead } from "../edit.ts";
import type { Graph } from "../graph.ts";
import { sizeInBytes } from "../tensor.ts";
import { usualMemory } from "./budget.ts";

/**
 * Throws `over-limit` for a graph of known shapes, of whatever it is made, whose run takes more memory than the limit,
 * and without a limit that somebody asked for than inputs and weights explain.
 */
export function requireRunMemory(
  graph: Graph,
  { memoryBytes, isMemoryAsked = false }: Limits,
): void {
  const bytes = estimatedBytes(graph);
  const inputs = graph.inputs.map(({ name }) => graph.shapes.get(name));
  const given = [...inputs, ...graph.initializers.values()];
  const givenBytes = given.reduce((sum, value) => sum + (value ? sizeInBytes(value) : 0), 0);
  const { freeBytes, givenGrowth } = usualMemory.graph;
  const usual = Math.min(memoryBytes, freeBytes + givenBytes * givenGrowth);
  const most = isMemoryAsked ? memoryBytes : usual;
  if (bytes <= most) return;
  throw new LimpidError(
    "over-limit",
    say`limits: a run must take at most ${sizeText(most)} of memory, got a graph that takes some ${sizeText(bytes)}. use smaller pictures or batches, or give ${option("memory-limit", roomySizeText(bytes))}.`,
  );
}

/** About what a session of the graph holds: its weights, and the values that a run needs at the same time at most. */
export function estimatedBytes(graph: Graph): number {
  let weights = 0;
  for (const value of graph.initializers.values()) weights += sizeInBytes(value);
  return weights + mostLiveBytes(graph);
}

/** A value lives from the node that makes it to the last one that reads it; outputs to the end. */
function mostLiveBytes(graph: Graph): number {
  const lastReader = new Map<string, number>();
  for (const [i, node] of graph.nodes.entries()) {
    for (const name of valuesRead(node)) lastReader.set(name, i);
  }
  const kept = new Set(graph.outputs.map(({ name }) => name));
  const sizeOf = (name: string) => {
    const shape = graph.shapes.get(name);
    return shape && !graph.initializers.has(name) ? sizeInBytes(shape) : 0;
  };
  let live = graph.inputs.reduce((sum, { name }) => sum + sizeOf(name), 0);
  let most = live;
  for (const [i, node] of graph.nodes.entries()) {
    for (const name of node.outputs) live += sizeOf(name);
    most = Math.max(most, live);
    for (const name of new Set([...valuesRead(node), ...node.outputs])) {
      if ((lastReader.get(name) ?? i) === i && !kept.has(name)) live -= sizeOf(name);
    }
  }
  return most;
}
