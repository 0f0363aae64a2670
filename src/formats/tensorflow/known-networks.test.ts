/** @file Networks that converters make are opened with the names of their nodes, channels first, without transposes. */
import { expect, test } from "vitest";
import { expectNear, openedGraph, runGraph } from "../../../test/tensorflow/compared.ts";
import { frozenGraph } from "../../../test/tensorflow/frozen-graph.ts";
import { counted, runTfjs } from "../../../test/tensorflow/graph-model.ts";
import { blazeFace, mobileNet } from "../../../test/tensorflow/known-networks.ts";
import { layersOf } from "../../network/layers.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";

const operators = (graph: ReturnType<typeof openedGraph>) =>
  new Set(graph.nodes.map(({ operator }) => operator));

test("MobileNet v2", async () => {
  const g = mobileNet();
  const graph = await openGraph(memorySource("mobilenet.pb", frozenGraph(g)));
  expect(graph.inputs).toEqual([
    { name: "images", type: "float32", dims: ["N", 3, 32, 32], fileOrder: [0, 2, 3, 1] },
  ]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(["Predictions"]);
  expect(operators(graph)).not.toContain("Transpose");
  const names = layersOf(graph).map(({ name }) => name);
  expect(names).toContain("expanded_conv/expand");
  expect(names).toContain("expanded_conv/add");
  for (const count of [1, 3]) {
    const x = { images: counted([count, 32, 32, 3], 0.013) };
    const [wanted] = await runTfjs(g, x, ["Predictions"]);
    const got = await runGraph(graph, x, "Predictions");
    expect(got.dims).toEqual([count, 10]);
    expectNear(got.data, wanted!.data, 1e-4);
  }
});

test("BlazeFace", async () => {
  const g = blazeFace();
  const graph = openedGraph(g);
  expect(graph.outputs.map(({ name }) => name)).toEqual(["classificators", "regressors"]);
  const x = { input: counted([2, 32, 32, 3], 0.017) };
  for (const output of ["classificators", "regressors"]) {
    const [wanted] = await runTfjs(g, x, [output]);
    const got = await runGraph(graph, x, output);
    expect(got.dims).toEqual(wanted!.dims);
    expectNear(got.data, wanted!.data, 1e-4);
  }
});
