/** @file Graphs of TensorFlow compute what TF.js makes of them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { drawnGraphs } from "../../../test/tensorflow/drawn-graph.ts";
import {
  counted,
  GraphWriter,
  runTfjs,
  topologyOf,
  type Numbers,
  type WrittenGraph,
} from "../../../test/tensorflow/graph-model.ts";
import { frozenGraph } from "../../../test/tensorflow/frozen-graph.ts";
import { fitsLite, liteGraph, withRoundedWeights } from "../../../test/tensorflow/lite-graph.ts";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensorOf, toNumbers, type Tensor } from "../../graph/tensor.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";
import { describeTopology } from "./graphdef-json.ts";
import { graphOfTensorflow } from "./tensorflow-graph.ts";

const runtime = createReferenceRuntime();

function opened(graph: WrittenGraph, outputs?: readonly string[]) {
  const weights = [...graph.weights].map(
    ([name, { type, dims, data }]) => [name, tensorOf(type, dims, data)] as const,
  );
  const facts = { name: "drawn", ...(outputs && { outputs }) };
  return graphOfTensorflow(describeTopology(topologyOf(graph)), new Map(weights), facts);
}

/** [N, ..., C] as [N, C, ...]. */
function turned({ dims, data }: Numbers): Tensor {
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

async function expectAsTfjs(graph: WrittenGraph, feeds: Record<string, Numbers>, output: string) {
  const [wanted] = await runTfjs(graph, feeds, [output]);
  const session = await runtime.open(opened(graph, [output]));
  const fed = Object.entries(feeds).map(([name, numbers]) => [name, turned(numbers)] as const);
  const got = (await session.run(Object.fromEntries(fed)))[output]!;
  const expected = tensorOf("float32", wanted!.dims, wanted!.data);
  expect(got.dims).toEqual(expected.dims);
  expectNear(toNumbers(got), toNumbers(expected), 1e-4);
}

/** Within a share of the largest number. */
function expectNear(got: readonly number[], wanted: readonly number[], share: number) {
  const largest = Math.max(1, ...wanted.map(Math.abs));
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(got[i]! - value)).toBeLessThan(share * largest);
  }
}

test("drawn networks", async () => {
  await fc.assert(
    fc.asyncProperty(drawnGraphs, async ({ graph, input, output }) => {
      await expectAsTfjs(graph, { x: counted(input, 0.61) }, output);
    }),
    { numRuns: 250 },
  );
});

async function computed(graph: Graph, x: Tensor, output: string): Promise<number[]> {
  const session = await runtime.open(graph);
  return toNumbers((await session.run({ x }))[output]!);
}

const open = (name: string, bytes: Uint8Array) => openGraph(memorySource(name, bytes));

test("the same drawn network as a frozen graph and of TensorFlow Lite", async () => {
  await fc.assert(
    fc.asyncProperty(drawnGraphs, async ({ graph, input, output }) => {
      const x = turned(counted(input, 0.61));
      const wanted = await computed(opened(graph), x, output);
      const frozen = await open("graph.pb", frozenGraph(graph));
      expectNear(await computed(frozen, x, output), wanted, 1e-5);
      if (!fitsLite(graph)) return;
      const lite = await open("graph.tflite", liteGraph(graph, output));
      expectNear(await computed(lite, x, output), wanted, 1e-5);
    }),
    { numRuns: 80 },
  );
});

test("quantised weights are the floats that they stand for", async () => {
  await fc.assert(
    fc.asyncProperty(
      drawnGraphs.filter(({ graph }) => fitsLite(graph)),
      async (drawn) => {
        const { graph, input, output } = drawn;
        const x = turned(counted(input, 0.61));
        const lite = await open("graph.tflite", liteGraph(graph, output, true));
        const wanted = await computed(opened(withRoundedWeights(graph)), x, output);
        expectNear(await computed(lite, x, output), wanted, 1e-5);
      },
    ),
    { numRuns: 40 },
  );
});

test("a small classifier", async () => {
  const g = new GraphWriter();
  g.placeholder("x", [-1, 8, 8, 3]);
  g.floats("conv/kernel", counted([3, 3, 3, 4]));
  g.floats("conv/bias", counted([4]));
  g.node("conv", "_FusedConv2D", ["x", "conv/kernel", "conv/bias"], {
    strides: { ints: [1, 2, 2, 1] },
    padding: { text: "SAME" },
    fused_ops: { texts: ["BiasAdd", "Relu6"] },
    num_args: { int: 1 },
    data_format: { text: "NHWC" },
  });
  g.node("shape", "Shape", ["conv"]);
  g.ints("target", [-1, 64]);
  g.node("flat", "Reshape", ["conv", "target"]);
  g.floats("dense/kernel", counted([64, 5], 0.3));
  g.node("dense", "MatMul", ["flat", "dense/kernel"]);
  g.node("softmax", "Softmax", ["dense"]);
  await expectAsTfjs(g, { x: counted([2, 8, 8, 3], 0.7) }, "softmax");
});
