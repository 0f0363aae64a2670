/** @file Small networks whose outputs are many things. */
import * as fc from "fast-check";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, toNumbers } from "../src/graph/tensor.ts";
import type { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { libraryWords, wordsOf } from "../src/wording/face.ts";

/** Seeds of networks and pictures. */
export const seeds = fc.integer({ min: 0, max: 1e6 });
/** How many units an output has. */
export const widths = fc.integer({ min: 2, max: 6 });

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

/** An end of a network behind its logits [1, units]. */
export type End = (b: GraphBuilder, logits: Value) => Value;

export const softmax: End = (b, x) => b.op("Softmax", [x], { axis: -1 });
export const logSum: End = (b, x) => b.op("ReduceLogSumExp", [x, b.ints([1])]);
export const largest: End = (b, x) => b.op("ReduceMax", [x, b.ints([1])]);

/** A value as an output of this name. */
export function copy(b: GraphBuilder, x: Value, name: string): void {
  b.output(b.op("Identity", [x], {}, name));
}

/** All notes of a model. */
export function said({ notes }: Pick<Model, "notes">): string {
  return notes.map((note) => wordsOf(note, libraryWords)).join("\n");
}

/** A network with an end "y", and the logits before it for the picture of the seed. */
export async function endedNetwork(runtime: Runtime, seed: number, units: number, end: End) {
  const b = new GraphBuilder();
  const logits = dense(b, features(b, seed), seed, units, 2);
  copy(b, end(b, logits), "y");
  copy(b, logits, "z");
  const whole = b.build();
  const held = await runtime.run(whole, { x: picture(seed) });
  const graph = { ...whole, outputs: whole.outputs.filter(({ name }) => name === "y") };
  return { graph, logits: toNumbers(held["z"]!) };
}

/** The softmax of logits of any size. */
export function shares(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
