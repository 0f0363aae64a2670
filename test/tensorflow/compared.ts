/** @file Written graphs as they are opened and computed, to be compared with what TF.js makes of them. */
import { expect } from "vitest";
import { describeTopology } from "../../src/formats/tensorflow/graphdef-json.ts";
import { graphOfTensorflow } from "../../src/formats/tensorflow/tensorflow-graph.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { tensorOf, toNumbers, type Tensor } from "../../src/graph/tensor.ts";
import { createReferenceRuntime } from "../reference/reference-runtime.ts";
import { topologyOf, type Numbers, type WrittenGraph } from "./graph-model.ts";

const runtime = createReferenceRuntime();

/** The graph of a written one; its outputs are those that nobody reads if it is not asked for others. */
export function openedGraph(graph: WrittenGraph, outputs?: readonly string[]): Graph {
  const weights = [...graph.weights].map(
    ([name, { type, dims, data }]) => [name, tensorOf(type, dims, data)] as const,
  );
  const facts = { name: "drawn", ...(outputs && { outputs }) };
  return graphOfTensorflow(describeTopology(topologyOf(graph)), new Map(weights), facts);
}

/** [N, ..., C] as [N, C, ...], as inputs of four axes are fed. */
function fedTensor({ dims, data }: Numbers): Tensor {
  if (dims.length < 4) return tensorOf("float32", dims, data);
  const [n = 1, ...inner] = dims;
  const channels = inner.at(-1)!;
  const places = data.length / n / channels;
  const result = data.map((_, at) => {
    const [image, rest] = [Math.floor(at / (places * channels)), at % (places * channels)];
    const [channel, place] = [Math.floor(rest / places), rest % places];
    return data[(image * places + place) * channels + channel]!;
  });
  return tensorOf("float32", [n, channels, ...inner.slice(0, -1)], result);
}

/** What comes of a graph's inputs, which are told in the maker's order. */
export async function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, Numbers>>,
  output: string,
): Promise<Numbers> {
  const session = await runtime.open(graph);
  const fed = Object.entries(feeds).map(([name, numbers]) => [name, fedTensor(numbers)] as const);
  const result = (await session.run(Object.fromEntries(fed)))[output]!;
  return { dims: result.dims, data: toNumbers(result) };
}

/** As `runGraph`, of a written graph. */
export function computedOf(
  graph: WrittenGraph,
  feeds: Readonly<Record<string, Numbers>>,
  output: string,
): Promise<Numbers> {
  return runGraph(openedGraph(graph, [output]), feeds, output);
}

/** Within a share of the largest number. */
export function expectNear(got: readonly number[], wanted: readonly number[], share: number): void {
  const largest = Math.max(1, ...wanted.map(Math.abs));
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(got[i]! - value)).toBeLessThan(share * largest);
  }
}
