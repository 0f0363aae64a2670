import { expect, test } from "vitest";
import { convolutionLayers } from "./activated-layers.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";

const kernel = new Float32Array(9).fill(0.1);

function networkOf(after: (b: GraphBuilder, convolved: Value) => Value): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 8, 8]);
  b.output(after(b, b.op("Conv", [x, b.constant(kernel, [1, 1, 3, 3])], {}, "convolved")));
  return b.build();
}

test("a convolution is known by what its normalisation and activation function give", () => {
  const graph = networkOf((b, x) => {
    const one = b.constant([1], [1]);
    const normalized = b.op("BatchNormalization", [x, one, one, one, one]);
    return b.op("GlobalAveragePool", [b.op("Relu", [normalized], {}, "activated")]);
  });
  expect(convolutionLayers(graph)).toEqual(["activated"]);
});

test("x * sigmoid(x) is an activation function too", () => {
  const graph = networkOf((b, x) => b.op("Mul", [x, b.op("Sigmoid", [x])], {}, "silu"));
  expect(convolutionLayers(graph)).toEqual(["silu"]);
});

test("what several nodes read is a layer itself", () => {
  const graph = networkOf((b, x) => b.add(b.op("Relu", [x]), x));
  expect(convolutionLayers(graph)).toEqual(["convolved"]);
});

test("a pool or a sum behind it does not belong to it", () => {
  const graph = networkOf((b, x) => b.op("MaxPool", [x], { kernel_shape: [2, 2] }));
  expect(convolutionLayers(graph)).toEqual(["convolved"]);
});
