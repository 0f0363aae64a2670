/** @file What a graph does not say of its inputs follows from who reads them, and is told; the rest is refused by name. */
import { describe, expect, test } from "vitest";
import { expectNear, openedGraph, runGraph } from "../../../test/tensorflow/compared.ts";
import { frozenGraph } from "../../../test/tensorflow/frozen-graph.ts";
import { counted, GraphWriter, type Written } from "../../../test/tensorflow/graph-model.ts";
import { savedModel } from "../../../test/tensorflow/saved-model.ts";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";

const notesOf = (graph: Graph) => graph.metadata.get(metadataKeys.reading) ?? "";
const open = (g: GraphWriter) => openGraph(memorySource("graph.pb", frozenGraph(g)));
const same = { strides: { ints: [1, 1, 1, 1] }, padding: { text: "SAME" } } as const;

/** A placeholder with what is said of it. */
function placeholder(g: GraphWriter, name: string, attributes: Readonly<Record<string, Written>>) {
  return g.node(name, "Placeholder", [], attributes);
}

test("an input without a shape has the channels of the first layer", () => {
  const g = new GraphWriter();
  placeholder(g, "x", { dtype: { type: "FLOAT" } });
  g.node("scaled", "Mul", ["x", g.floats("factor", { dims: [], data: [2] })]);
  g.node("y", "Conv2D", ["scaled", g.floats("kernel", counted([3, 3, 3, 2]))], same);
  expect(openedGraph(g).inputs[0]!.dims).toEqual(["N", 3, "H", "W"]);
});

test("an open size is the first usual one that the weights fit", () => {
  const g = new GraphWriter();
  g.placeholder("x", [-1, -1, -1, 1]);
  g.node("flat", "Reshape", ["x", g.ints("shape", [-1, 784])]);
  g.node("y", "MatMul", ["flat", g.floats("kernel", counted([784, 2]))]);
  const graph = openedGraph(g);
  expect(graph.inputs[0]!.dims).toEqual(["N", 1, 28, 28]);
  expect(notesOf(graph)).toContain("works at 28 x 28");
});

test("dropout keeps all, and nobody trains", async () => {
  const g = new GraphWriter();
  g.placeholder("x", [-1, 2]);
  placeholder(g, "is_training", { dtype: { type: "BOOL" }, shape: { shape: [] } });
  placeholder(g, "keep_prob", { dtype: { type: "FLOAT" }, shape: { shape: [] } });
  g.node("shape", "Shape", ["x"]);
  g.node("chance", "RandomUniform", ["shape"]);
  g.node("threshold", "Add", ["keep_prob", "chance"]);
  g.node("mask", "Floor", ["threshold"]);
  g.node("scaled", "RealDiv", ["x", "keep_prob"]);
  g.node("dropped", "Mul", ["scaled", "mask"]);
  g.node("ways", "Switch", ["dropped", "is_training"]);
  g.node("y", "Relu", ["ways"]);
  const graph = openedGraph(g, ["y"]);
  expect(graph.inputs.map(({ name }) => name)).toEqual(["x"]);
  const notes = JSON.parse(notesOf(graph)) as string[];
  expect(notes.sort()).toEqual([
    '"is_training" is taken as false: the network is not trained.',
    '"keep_prob" is taken as 1: all is kept.',
  ]);
  const x = counted([3, 2]);
  const { data } = await runGraph(graph, { x }, "y");
  expectNear(
    data,
    x.data.map((value) => Math.max(value, 0)),
    1e-6,
  );
});

test("pictures that the graph decodes come decoded and resized", async () => {
  const g = new GraphWriter();
  placeholder(g, "contents", { shape: { shape: [] } });
  g.node("DecodeJpeg", "DecodeJpeg", ["contents"], { channels: { int: 3 } });
  g.node("Cast", "Cast", ["DecodeJpeg"], { DstT: { type: "FLOAT" } });
  g.node("ExpandDims", "ExpandDims", ["Cast", g.ints("axis", [0], [])]);
  g.node("ResizeBilinear", "ResizeBilinear", ["ExpandDims", g.ints("size", [6, 8])]);
  g.node("Sub", "Sub", ["ResizeBilinear", g.floats("mean", { dims: [], data: [128] })]);
  g.node("y", "Conv2D", ["Sub", g.floats("kernel", counted([1, 1, 3, 2]))], same);
  const graph = await open(g);
  expect(graph.inputs).toEqual([
    { name: "ResizeBilinear", type: "float32", dims: ["N", 3, 6, 8], fileOrder: [0, 2, 3, 1] },
  ]);
  expect(notesOf(graph)).toContain("brought to 8 x 6 pixels outside of the network");
});

test("a SavedModel of constants is fed and read as its signature says", async () => {
  const g = new GraphWriter();
  placeholder(g, "serving_x", { dtype: { type: "FLOAT" } });
  g.node("inner", "Square", ["serving_x"]);
  g.node("y", "Neg", ["inner"]);
  const inputs = [{ tensor: "serving_x:0", shape: [-1, 2] }];
  const bytes = savedModel(frozenGraph(g), inputs, [{ tensor: "inner:0", shape: [-1, 2] }]);
  const file = () => Promise.resolve(memorySource("saved_model.pb", bytes));
  const graph = await openGraph({ name: "model", files: ["saved_model.pb"], file });
  expect(graph.inputs[0]).toMatchObject({ name: "serving_x", dims: ["N", 2] });
  const x = { dims: [1, 2], data: [2, 3] };
  expect((await runGraph(graph, { serving_x: x }, "inner")).data).toEqual([4, 9]);
});

describe("what cannot be opened is refused by name", () => {
  const list = { dtype: { type: "FLOAT" }, shape: { shape: [-1, 2] } } as const;

  test.each<readonly [string, (g: GraphWriter) => void, string]>([
    ["a variable", (g) => g.node("w", "VarHandleOp", []), "got a variable: VarHandleOp"],
    [
      "a loop",
      (g) => g.node("loop", "StatelessWhile", ["x"]),
      "loops and branches must be left out",
    ],
    ["a list of tensors", (g) => g.node("l", "TensorListStack", ["x"]), 'TensorListStack at "l"'],
    ["a custom operator", (g) => g.node("c", "MyOwnOp", ["x"]), 'got MyOwnOp at "c"'],
    [
      "chance",
      (g) => {
        g.node("chance", "RandomUniform", [g.ints("s", [2])]);
        g.node("y", "Add", ["x", "chance"]);
      },
      "numbers must not depend on chance",
    ],
    [
      "statistics of the batch",
      (g) => {
        const four = ["a", "b", "c", "d"].map((name) => g.floats(name, counted([2])));
        g.node("n", "FusedBatchNorm", ["x", ...four], { is_training: { truth: true } });
      },
      "must normalise by stored statistics",
    ],
    [
      "a loop of nodes",
      (g) => {
        g.node("a", "Add", ["x", "b"]);
        g.node("b", "Add", ["x", "a"]);
        g.node("y", "Relu", ["b"]);
      },
      "nodes must not read themselves",
    ],
    ["a missing node", (g) => g.node("y", "Relu", ["nobody"]), 'got no "nobody"'],
    [
      "weights of another size",
      (g) => {
        g.node("y", "MatMul", ["x", g.floats("kernel", counted([3, 2]))]);
      },
      "must have weights for 2 inputs, got 3",
    ],
    [
      "a branch that asks the input",
      (g) => {
        g.node("t", "Greater", ["x", g.floats("zero", { dims: [], data: [0] })]);
        g.node("y", "Switch", ["x", "t"]);
      },
      "must branch by what is known when the model is read",
    ],
  ])("%s", async (_, build, message) => {
    const g = new GraphWriter();
    placeholder(g, "x", list);
    build(g);
    await expect(open(g)).rejects.toThrow(message);
  });

  test("a SavedModel with variables", async () => {
    const file = () => Promise.resolve(memorySource("saved_model.pb", new Uint8Array()));
    const files = ["saved_model.pb", "variables/variables.data-00000-of-00001"];
    await expect(openGraph({ name: "model", files, file })).rejects.toThrow(
      "got a SavedModel, which keeps them as variables",
    );
  });
});
