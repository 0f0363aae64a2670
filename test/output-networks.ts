/** @file Small networks whose outputs are many things. */
import type { GraphBuilder, Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";

/** Of the pictures, [N, C, H, W]. */
export const dims = [1, 2, 6, 6] as const;

/** Numbers of a seed, about as large as `size`. */
export function drawn(seed: number, what: string, count: number, size: number): number[] {
  const random = randomStream(what, seed);
  return Array.from({ length: count }, () => size * random.normal());
}

export function features(b: GraphBuilder, seed: number): Value {
  const x = b.input("x", [...dims]);
  const weights = b.constant(drawn(seed, "conv", 3 * 2 * 9, 0.5), [3, 2, 3, 3]);
  return b.op("Relu", [b.op("Conv", [x, weights], { pads: [1, 1, 1, 1] })]);
}

export function dense(
  b: GraphBuilder,
  from: Value,
  seed: number,
  units: number,
  size: number,
): Value {
  const row = b.op("Flatten", [b.op("GlobalAveragePool", [from])]);
  const weights = b.constant(drawn(seed, `dense-${b.nodes.length}`, 3 * units, size), [3, units]);
  return b.op("MatMul", [row, weights]);
}

export function picture(seed: number) {
  return tensorOf("float32", [...dims], drawn(seed, "picture", 72, 1));
}

/** As files often are: without any shape but that of the input. */
export function untold(graph: Graph): Graph {
  const outputs = graph.outputs.map((output) => ({ ...output, dims: [1, "units"] as const }));
  return { ...graph, outputs: outputs.map((output) => ({ ...output })), shapes: new Map() };
}
