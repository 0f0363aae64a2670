/** @file What gradient checks derive: every floating output times random weights, summed; and its differences. */
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { randomStream } from "../../src/random.ts";
import type { Feeds } from "./interpreter.ts";
import { generate, isFloating, type NdArray } from "./ndarray.ts";

export interface WeightedGraph {
  readonly graph: Graph;
  /** Name of the objective. */
  readonly of: string;
  /** Weights of the outputs, by the name of their graph input. */
  readonly feeds: Feeds;
}

function weightName(output: string): string {
  return `weights of ${output}`;
}

/** The graph, all of whose outputs have a known shape, with the objective beside its outputs. */
export function withObjective(graph: Graph, seed: number): WeightedGraph {
  const b = new GraphBuilder(graph);
  const feeds: Record<string, NdArray> = {};
  const sums: Value[] = [];
  for (const output of graph.outputs) {
    const value = b.value(output.name);
    if (!isFloating(value.type)) continue;
    const stream = randomStream("weights", output.name, seed);
    const weights = b.input(weightName(output.name), value.dims, value.type);
    feeds[weights.name] = generate(value.type, value.dims, () => stream.between(-1, 2));
    const axes = value.dims.map((_, axis) => axis);
    sums.push(b.reduceSum(b.mul(value, weights), axes, false));
  }
  const of = sums.reduce((a, c) => b.add(a, c));
  return { graph: { ...b.build(), outputs: graph.outputs }, of: of.name, feeds };
}

/** The objective of outputs that were computed, for the weights that `withObjective` fed. */
export function objectiveOf(outputs: Readonly<Record<string, NdArray>>, weights: Feeds): number {
  let sum = 0;
  for (const [name, output] of Object.entries(outputs)) {
    const factors = weights[weightName(name)];
    if (factors) output.data.forEach((value, i) => (sum += value * factors.data[i]!));
  }
  return sum;
}

/** Offsets and weights of the fourth-order central difference; its error is step^4 / 30 times the fifth derivative. */
const stencil = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;

/** How fast a function of an array grows with its element at a place. */
export function slopeAt(
  array: NdArray,
  place: number,
  step: number,
  of: (moved: NdArray) => number,
): number {
  const moved = (by: number) => ({
    ...array,
    data: array.data.with(place, array.data[place]! + by),
  });
  return stencil.reduce((sum, [k, w]) => sum + w * of(moved(k * step)), 0) / step;
}
