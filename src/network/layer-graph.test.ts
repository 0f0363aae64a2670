import { describe, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { gradientGaps, layerGraph } from "./layer-graph.ts";

/** Two branches of a convolution each, joined, and added to what they read; a dense layer behind. */
function network(before: (b: GraphBuilder, map: Value) => Value = (_, map) => map) {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 4, 4]);
  const conv = (value: Value, from: number, to: number, name: string) =>
    b.op(
      "Relu",
      [b.op("Conv", [value, b.constant(Array(from * to).fill(0.1), [to, from, 1, 1])])],
      {},
      name,
    );
  const first = conv(x, 2, 4, "first");
  const branches = [conv(first, 4, 2, "left"), conv(first, 4, 2, "right")];
  const joined = b.op("Concat", branches, { axis: 1 }, "joined");
  const sum = b.op("Add", [before(b, joined), first], {}, "sum");
  const swish = b.op("Mul", [sum, b.op("Sigmoid", [sum])], {}, "swish");
  const last = conv(swish, 4, 2, "last");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [last])]);
  b.output(b.op("Gemm", [flat, b.constant(Array(6).fill(1), [2, 3])], {}, "logits"));
  return b.build();
}

const layers = ["first", "left", "right", "last"];
const edges = (graph: ReturnType<typeof layerGraph>) =>
  graph.map(({ name, kind, before }) => `${kind} ${name} < ${before.join(" ")}`);

describe("layerGraph", () => {
  test("holds layers and joins; what reads one place alone is left out", () => {
    expect(edges(layerGraph(network(), new Set(layers), new Set()))).toEqual([
      "input x < ",
      "layer first < x",
      "layer left < first",
      "layer right < first",
      "join joined < left right",
      "join sum < joined first",
      "layer last < sum",
      "output logits < last",
    ]);
  });

  test("a node without a derivative is a place of its own, and tells whom no gradient reaches", () => {
    const smooth = network((b, map) => b.op("Tanh", [map], {}, "gap"));
    const changed = smooth.nodes.map((node) =>
      node.outputs[0] === "gap" ? { ...node, operator: "Det2", domain: "own" } : node,
    );
    const graph = { ...smooth, nodes: changed };
    const { nodes, layers: without } = gradientGaps(graph, { of: "logits", input: "x", layers });
    expect([...nodes.values()].map(({ operator }) => operator)).toEqual(["Det2"]);
    expect([...without]).toEqual([
      ["first", ["Det2"]],
      ["left", ["Det2"]],
      ["right", ["Det2"]],
    ]);
    const found = edges(layerGraph(graph, new Set(layers), new Set(nodes.keys())));
    expect(found).toContain("gap gap < joined");
    expect(found).toContain("join sum < gap first");
  });

  test("where every way ends at one node, that is the gap", () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 2, 4, 4]);
    const map = b.op("Relu", [x], {}, "map");
    b.output(b.op("ReduceMean", [b.op("Floor", [map], {}, "floor")], {}, "logits"));
    const { nodes, layers: without } = gradientGaps(b.build(), {
      of: "logits",
      input: "x",
      layers: ["map"],
    });
    expect([...nodes.values()].map(({ operator }) => operator)).toEqual(["Floor"]);
    expect([...without]).toEqual([["map", ["Floor"]]]);
  });

  test("a network without gaps has none", () => {
    const { nodes, layers: without } = gradientGaps(network(), {
      of: "logits",
      input: "x",
      layers,
    });
    expect([nodes.size, without.size]).toEqual([0, 0]);
  });
});
