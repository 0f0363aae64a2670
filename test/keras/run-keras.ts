/** @file Runs the graph of a Keras model on numbers in the maker's order of axes. */
import { expect } from "vitest";
import { graphOfKeras } from "../../src/formats/keras/keras-graph.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { tensorOf, toNumbers } from "../../src/graph/tensor.ts";
import { createReferenceRuntime } from "../reference/reference-runtime.ts";
import { configOf, variablesOf, type Generation, type MadeModel } from "./keras-configs.ts";
import { memoryStore } from "./memory-store.ts";
import { permuted, type Numbers } from "./numbers.ts";

const runtime = createReferenceRuntime();

const versions: Readonly<Record<Generation, string>> = {
  "keras 2": "2.11.0",
  "keras 3": "3.8.0",
  tfjs: "tfjs-layers 1.3.1",
};

/** The graph of a model that a generation wrote. */
export async function graphOf(model: MadeModel, generation: Generation): Promise<Graph> {
  const config = JSON.parse(JSON.stringify(configOf(model, generation))) as unknown;
  const store = memoryStore(variablesOf(model));
  return graphOfKeras(config, store, { version: versions[generation] });
}

const firstToLast = (rank: number) => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
const lastToFirst = (rank: number) => [
  0,
  rank - 1,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 1),
];

/** Whether a graph has an axis order other than the maker's: sizes behind the batch tell, which tests have unlike. */
function isTurned(dims: readonly unknown[] | undefined, maker: readonly number[]): boolean {
  const inner = dims!.slice(1);
  if (maker.length < 3 || String(inner) === String(maker.slice(1))) return false;
  expect(inner).toEqual([maker.at(-1), ...maker.slice(1, -1)]);
  return true;
}

/** What a graph makes of inputs in the maker's order; results as the graph has them. */
export async function runGraph(graph: Graph, inputs: readonly Numbers[]) {
  const fed = Object.fromEntries(
    graph.inputs.map(({ name, dims }, i) => {
      const x = inputs[i]!;
      // Sizes that are all alike do not tell; pictures are turned.
      const isAlike = new Set(x.dims.slice(1)).size === 1 && x.dims.length > 3;
      const held = isAlike || isTurned(dims, x.dims) ? permuted(x, lastToFirst(x.dims.length)) : x;
      return [name, tensorOf("float32", held.dims, held.data)];
    }),
  );
  const session = await runtime.open(graph);
  const results = await session.run(fed);
  return graph.outputs.map(({ name }): Numbers => {
    const { dims } = results[name]!;
    return { dims, data: toNumbers(results[name]!) };
  });
}

/** Holds results of a graph against the maker's, in either order of axes. */
export function expectAlike(got: Numbers, wanted: Numbers, where: string): void {
  const turned = isTurned(got.dims, wanted.dims);
  const result = turned ? permuted(got, firstToLast(got.dims.length)) : got;
  expect(result.dims, where).toEqual(wanted.dims);
  for (const [i, value] of wanted.data.entries()) {
    const tolerance = 1e-4 * Math.max(1, Math.abs(value));
    if (Math.abs(result.data[i]! - value) <= tolerance) continue;
    expect.fail(`${where}: number ${i} must be ${value}, got ${result.data[i]}`);
  }
}
