import { describe, expect, test } from "vitest";
import type { LimpidError } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { findLayer, lastSpatialLayer, layersOf, requireFeatureMap } from "./layers.ts";

/** Two convolutions that share their weights, a Split and a Concat, a pool over all places, a dense layer. */
function network(): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [2, 3, 6, 6]);
  const w = b.constant(Array(81).fill(0.1), [3, 3, 3, 3]);
  const first = b.op("Conv", [x, w, b.constant([1, 2, 3], [3])], {}, "block1/conv");
  const second = b.op("Conv", [b.op("Relu", [first], {}, "block1/relu"), w], {}, "block2/conv");
  const [left, right] = b.ops("Split", [second, b.ints([1, 2])], 2, { axis: 1 }, "parts");
  const joined = b.op("Concat", [right!, left!], { axis: 1 }, "joined");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [joined], {}, "pooled")], {}, "flat");
  b.output(b.op("Gemm", [flat, b.constant(Array(12).fill(1), [3, 4])], {}, "logits"));
  return b.build();
}

/** A network that ends in `end` of a feature map [2, 4, 3, 3]. */
function endingIn(end: (b: GraphBuilder, map: Value) => Value): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [2, 4, 3, 3]);
  const map = b.op("Relu", [x], {}, "map");
  b.output(b.op("Identity", [end(b, map)], {}, "logits"));
  return b.build();
}

const weights = (b: GraphBuilder) => b.constant(Array(16).fill(0.1), [4, 4]);

describe("layersOf", () => {
  test("one a node; weights count where they are first read", () => {
    const layers = layersOf(network());
    expect(layers).toHaveLength(8);
    expect(layers[0]).toEqual({
      name: "block1/conv",
      node: "block1/conv",
      operator: "Conv",
      shape: [2, 3, 4, 4],
      parameters: 84,
    });
    expect(layers.filter((layer) => layer.parameters > 0).map((layer) => layer.name)).toEqual([
      "block1/conv",
      "logits",
    ]);
  });
});

describe("findLayer", () => {
  test.each([
    ["block2/conv", "block2/conv"],
    ["relu", "block1/relu"],
    ["2/co", "block2/conv"],
    ["parts:1", "parts:1"],
  ])("%s is %s", (asked, name) => {
    expect(findLayer(network(), asked).name).toBe(name);
  });

  test("a node's name finds its value", () => {
    const graph = network();
    const nodes = graph.nodes.map((node) => ({ ...node, name: `node of ${node.name}` }));
    expect(findLayer({ ...graph, nodes }, "node of joined").name).toBe("joined");
  });

  test.each([
    ["a part of several names", "conv", /2 names: "block1\/conv", "block2\/conv"/],
    ["a wrong name", "block1/convv", /got none. closest: "block1\/conv"/],
    ["nothing like a name", "???", /closest: none/],
  ])("%s is refused", (_, asked, message) => {
    const find = () => findLayer(network(), asked);
    expect(find).toThrow(message);
    expect(find).toThrow(expect.objectContaining({ code: "unknown-layer" }) as LimpidError);
  });
});

describe("lastSpatialLayer", () => {
  test("the last feature map with more than one place, and why", () => {
    expect(lastSpatialLayer(network(), "logits")).toMatchObject({
      layer: { name: "joined", shape: [2, 3, 2, 2] },
      reason: "the last feature map with spatial extent (3 x 2 x 2), before GlobalAveragePool",
    });
  });

  test("maps that do not lead to the output do not count", () => {
    expect(lastSpatialLayer(network(), "block2/conv").layer.name).toBe("block1/relu");
  });

  test("masks of one channel and the output itself do not count", () => {
    const graph = endingIn((b, map) => b.mul(map, b.op("ReduceMax", [map, b.ints([1])])));
    expect(lastSpatialLayer(graph, "logits").layer.name).toBe("Mul");
  });

  test("squeeze and excitation with dense layers are no tokens", () => {
    const graph = endingIn((b, map) => {
      const means = b.reshape(b.op("GlobalAveragePool", [map]), [2, 4]);
      const gates = b.reshape(b.op("MatMul", [means, weights(b)]), [2, 4, 1, 1]);
      return b.reduceMean(b.op("Mul", [map, gates], {}, "excited"), [2, 3], false);
    });
    expect(lastSpatialLayer(graph, "logits").layer.name).toBe("excited");
  });

  test.each<[string, (b: GraphBuilder, map: Value) => Value]>([
    [
      "three axes",
      (b, map) => b.op("MatMul", [b.transpose(b.reshape(map, [2, 4, 9]), [0, 2, 1]), weights(b)]),
    ],
    [
      "two axes",
      (b, map) => b.op("Gemm", [b.reshape(b.transpose(map, [0, 2, 3, 1]), [18, 4]), weights(b)]),
    ],
  ])("tokens of %s are no feature map", (_, end) => {
    const graph = endingIn(end);
    expect(() => lastSpatialLayer(graph, "logits")).toThrow(/tokens of shape .*"layer"/);
  });

  test("a network without places has none", () => {
    const graph = endingIn((b, map) => b.reshape(map, [2, 36]));
    const flat = {
      ...graph,
      shapes: new Map([...graph.shapes].filter(([name]) => name !== "map")),
    };
    expect(() => lastSpatialLayer(flat, "logits")).toThrow(/got none/);
  });
});

test("a class activation map needs a feature map", () => {
  const graph = network();
  expect(() => requireFeatureMap(graph, findLayer(graph, "joined"))).not.toThrow();
  expect(() => requireFeatureMap(graph, findLayer(graph, "pooled"))).toThrow(
    /got shape \[2, 3, 1, 1\]/,
  );
});
