/** @file What ONNX Runtime computes once, when it opens a graph. */
import type { Node } from "../graph/graph.ts";

/** Adds what a node makes to the constants if it reads nothing else; nodes come in topological order. */
export function followConstants({ inputs, outputs }: Node, constants: Set<string>): void {
  if (inputs.length === 0 || !inputs.every((name) => !name || constants.has(name))) return;
  for (const output of outputs) constants.add(output);
}
