/** @file Drawn graphs of TensorFlow compute what TF.js makes of them, in whichever file they come. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { computedOf, expectNear, runGraph } from "../../../test/tensorflow/compared.ts";
import { drawnGraphs } from "../../../test/tensorflow/drawn-graph.ts";
import { frozenGraph } from "../../../test/tensorflow/frozen-graph.ts";
import { counted, GraphWriter, runTfjs } from "../../../test/tensorflow/graph-model.ts";
import { fitsLite, liteGraph, withRoundedWeights } from "../../../test/tensorflow/lite-graph.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";

test("drawn networks", async () => {
  await fc.assert(
    fc.asyncProperty(drawnGraphs, async ({ graph, input, output }) => {
      const feeds = { x: counted(input, 0.61) };
      const [wanted] = await runTfjs(graph, feeds, [output]);
      const got = await computedOf(graph, feeds, output);
      expect(got.dims).toEqual(wanted!.dims);
      expectNear(got.data, wanted!.data, 1e-4);
    }),
    { numRuns: 250 },
  );
});

const open = (name: string, bytes: Uint8Array) => openGraph(memorySource(name, bytes));

test("the same drawn network as a frozen graph and of TensorFlow Lite", async () => {
  await fc.assert(
    fc.asyncProperty(drawnGraphs, async ({ graph, input, output }) => {
      const feeds = { x: counted(input, 0.61) };
      const wanted = await computedOf(graph, feeds, output);
      const frozen = await open("graph.pb", frozenGraph(graph));
      expectNear((await runGraph(frozen, feeds, output)).data, wanted.data, 1e-5);
      if (!fitsLite(graph)) return;
      const lite = await open("graph.tflite", liteGraph(graph, output));
      expectNear((await runGraph(lite, feeds, output)).data, wanted.data, 1e-5);
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
        const feeds = { x: counted(input, 0.61) };
        const lite = await open("graph.tflite", liteGraph(graph, output, true));
        const wanted = await computedOf(withRoundedWeights(graph), feeds, output);
        expectNear((await runGraph(lite, feeds, output)).data, wanted.data, 1e-5);
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
  const feeds = { x: counted([2, 8, 8, 3], 0.7) };
  const [wanted] = await runTfjs(g, feeds, ["softmax"]);
  expectNear((await computedOf(g, feeds, "softmax")).data, wanted!.data, 1e-5);
});
