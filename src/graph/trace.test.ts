import { expect, test } from "vitest";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import type { Graph, Node } from "./graph.ts";
import { tensor, tensorOf, type Tensor } from "./tensor.ts";
import { trace } from "./trace.ts";

const runtime = createNodeRuntime();
const execute = (graph: Graph, feeds: Readonly<Record<string, Tensor>>) =>
  runtime.run(graph, feeds);

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Node["attributes"] = {},
): Node {
  return { name: `${output}-maker`, operator, domain: "", inputs, outputs: [output], attributes };
}

function graphOf(
  nodes: readonly Node[],
  initializers: Readonly<Record<string, Tensor>> = {},
): Graph {
  return {
    name: "traced",
    inputs: [{ name: "x", type: "float32", dims: ["batch", 3, "height", "width"] }],
    outputs: [{ name: "y", type: undefined, dims: undefined }],
    nodes,
    initializers: new Map(Object.entries(initializers)),
    shapes: new Map(),
    metadata: new Map(),
  };
}

const input = tensor("float32", [2, 3, 4, 5], new Float32Array(120));

test("measures every shape and folds what depends on shapes alone", async () => {
  const flat = [
    node("Shape", ["x"], "shape"),
    node("Gather", ["shape", "zero"], "batch"),
    node("Concat", ["batch", "rest"], "target", { axis: { kind: "int", value: 0 } }),
    node("Reshape", ["x", "target"], "flat"),
    node("Relu", ["flat"], "y"),
  ];
  const graph = graphOf(flat, {
    zero: tensorOf("int64", [1], [0]),
    rest: tensorOf("int64", [1], [-1]),
  });
  const traced = await trace(graph, { x: input }, execute);
  expect(traced.nodes.map((one) => one.operator)).toEqual(["Reshape", "Relu"]);
  expect(traced.initializers.get("target")).toEqual(tensorOf("int64", [2], [2, -1]));
  expect(traced.shapes.get("y")).toEqual({ type: "float32", dims: [2, 60] });
  expect(traced.inputs[0]!.dims).toEqual([2, 3, 4, 5]);
});

test("knows element types that are not the first input's", async () => {
  const graph = graphOf(
    [
      node("Greater", ["x", "zero"], "mask"),
      node("Cast", ["mask"], "number", { to: { kind: "int", value: 7 } }),
      node("ArgMax", ["number"], "y", { axis: { kind: "int", value: 1 } }),
    ],
    { zero: tensorOf("float32", [], [0]) },
  );
  const traced = await trace(graph, { x: input }, execute);
  const types = ["mask", "number", "y"].map((name) => traced.shapes.get(name)!.type);
  expect(types).toEqual(["bool", "int64", "int64"]);
});

test("takes the branch of an If whose condition depends on the shape alone", async () => {
  const branch = (operator: string): Graph => ({
    ...graphOf([node(operator, ["x"], "inner"), node("Neg", ["inner"], "out")]),
    inputs: [],
    outputs: [{ name: "out", type: "float32", dims: undefined }],
  });
  const graph = graphOf(
    [
      node("Size", ["x"], "size"),
      node("Equal", ["size", "wanted"], "condition"),
      node("If", ["condition"], "y", {
        then_branch: { kind: "graph", value: branch("Relu") },
        else_branch: { kind: "graph", value: branch("Abs") },
      }),
    ],
    { wanted: tensorOf("int64", [], [120]) },
  );
  const traced = await trace(graph, { x: input }, execute);
  expect(traced.nodes.map((one) => one.operator)).toEqual(["Relu", "Neg", "Identity"]);
  expect(traced.shapes.get("y")!.dims).toEqual([2, 3, 4, 5]);
});
