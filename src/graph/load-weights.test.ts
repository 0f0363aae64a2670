/** @file Weights of files in graphs: names, prefixes, shapes, and what is refused. */
import { expect, test } from "vitest";
import { GraphBuilder } from "./builder.ts";
import { loadWeights } from "./load-weights.ts";
import { tensor, tensorOf, toNumbers, type Tensor } from "./tensor.ts";

function filled(dims: readonly number[], value: number, type: "float32" | "float64" = "float32") {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensorOf(type, dims, Array<number>(count).fill(value));
}

/** A graph that has weights of these names and nothing else. */
function graphOf(weights: Readonly<Record<string, Tensor>>) {
  const b = new GraphBuilder();
  for (const [name, value] of Object.entries(weights)) b.output(b.initializer(name, value));
  return b.build();
}

const graph = graphOf({
  "conv.weight": filled([2, 1, 3, 3], 0),
  "conv.bias": filled([2], 0),
  "fc.weight": filled([2, 3], 0),
  half: tensorOf("float32", [], [0.5]),
  shape: tensorOf("int64", [2], [1, -1]),
});
const file = {
  "conv.weight": filled([2, 1, 3, 3], 1),
  "conv.bias": filled([2], 2),
  "fc.weight": filled([2, 3], 3),
};

function load(into: Parameters<typeof loadWeights>[0], weights: Readonly<Record<string, Tensor>>) {
  const result = loadWeights(into, new Map(Object.entries(weights)));
  const first = [...result.graph.initializers].map(([name, value]) => [name, toNumbers(value)[0]]);
  return { ...result, first: Object.fromEntries(first) as Record<string, number> };
}

function prefixed(prefix: string, weights: Readonly<Record<string, Tensor>>) {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [prefix + name, value]));
}

test("weights of the same names and shapes are the file's", () => {
  const counter = tensorOf("int64", [2], [9, 9]);
  const { first, loaded, kept, unused } = load(graph, {
    ...file,
    "aux.weight": filled([5], 9),
    counter,
  });
  expect(first).toEqual({ "conv.weight": 1, "conv.bias": 2, "fc.weight": 3, half: 0.5, shape: 1 });
  expect(loaded).toEqual(["conv.weight", "conv.bias", "fc.weight"]);
  expect(kept).toEqual([]);
  expect(unused).toEqual(["aux.weight"]);
});

test.each([
  ["module.", ""],
  ["model.", ""],
  ["module._orig_mod.", ""],
  ["", "model."],
  ["module.", "model."],
  ["net.", ""],
  ["model.backbone.", ""],
  ["", "encoder.body."],
])("%j before the file's names and %j before the graph's are left out", (ofFile, ofGraph) => {
  const own = Object.fromEntries(graph.initializers);
  const { loaded } = load(graphOf(prefixed(ofGraph, own)), prefixed(ofFile, file));
  expect(loaded).toHaveLength(3);
});

test("a head of other classes stays as it was", () => {
  const { first, kept, unused } = load(graph, { ...file, "fc.weight": filled([7, 3], 3) });
  expect(first["fc.weight"]).toBe(0);
  expect(kept).toEqual(["fc.weight"]);
  expect(unused).toEqual(["fc.weight"]);
});

test("other precisions become the graph's", () => {
  const b = graphOf({
    a: tensor("float16", [2], Uint16Array.of(0, 0)),
    b: tensor("bfloat16", [2], Uint16Array.of(0, 0)),
    c: filled([2], 0, "float64"),
    d: filled([2], 0),
  });
  const { first, graph: result } = load(b, {
    a: filled([2], 1.5),
    b: filled([2], 1.5),
    c: filled([2], 1.5),
    d: tensor("float16", [2], Uint16Array.of(0x3e00, 0x3e00)),
  });
  expect(first).toEqual({ a: 1.5, b: 1.5, c: 1.5, d: 1.5 });
  const types = [...result.initializers.values()].map(({ type }) => type);
  expect(types).toEqual(["float16", "bfloat16", "float64", "float32"]);
});

test("a matrix is turned where the graph's name says that it holds it so", () => {
  const weight = tensorOf("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
  const own = { "fc.weight.T": filled([3, 2], 0), "head.weight": filled([3, 2], 0) };
  const { graph: result, kept } = load(graphOf(own), {
    "fc.weight": weight,
    "head.weight": weight,
  });
  expect(toNumbers(result.initializers.get("fc.weight.T")!)).toEqual([1, 4, 2, 5, 3, 6]);
  expect(kept).toEqual(["head.weight"]);
});

test("less than half of the weights is refused by what is missing", () => {
  expect(() => load(graph, { "fc.weight": file["fc.weight"] })).toThrow(
    'weights: at least half of the network\'s 3 weights must be in the file, got 1. missing are "conv.weight", "conv.bias".',
  );
  const mixed = { ...prefixed("x.", file), other: filled([2], 1) };
  expect(() => load(graph, mixed)).toThrow(/got 0. missing are "conv.weight"/);
  const renamed = graphOf(prefixed("onnx::Conv_", file));
  expect(() => load(renamed, file)).toThrow("export the network without folding (torch.onnx");
  const other = { ...file, "conv.weight": filled([4, 1, 3, 3], 1), "conv.bias": filled([4], 1) };
  expect(() => load(graph, other)).toThrow(
    '"conv.weight" is [2, 1, 3, 3] there and [4, 1, 3, 3] in the file',
  );
});

test("batch normalisations that the graph has in its convolutions are refused", () => {
  const normalization = {
    "bn.weight": filled([2], 1),
    "bn.bias": filled([2], 1),
    "bn.running_mean": filled([2], 1),
    "bn.running_var": filled([2], 1),
  };
  expect(() => load(graph, { ...file, ...normalization })).toThrow(
    'got none for "bn", which the network has in "conv.weight" already. export the network without folding',
  );
  // Under names of any kind where the graph has no normalisation at all.
  const apart = { ...file, ...prefixed("aux.", normalization) };
  expect(() => load(graph, apart)).toThrow('got none for "aux.bn"');
  const whole = graphOf({ ...Object.fromEntries(graph.initializers), ...normalization });
  expect(load(whole, { ...file, ...normalization }).loaded).toHaveLength(7);
  // One of another part of the network, which the graph does not have at all, is none of them.
  const b = new GraphBuilder(whole);
  const [scale, ...others] = Object.keys(normalization).map((name) => b.value(name));
  const x = b.input("x", [1, 2, 1, 1]);
  b.output(b.op("BatchNormalization", [x, scale!, ...others]));
  const { unused } = load(b.build(), { ...apart, ...normalization });
  expect(unused).toHaveLength(4);
});

test("weights that are no numbers are refused", () => {
  const broken = { ...file, "conv.bias": filled([2], Number.NaN) };
  expect(() => load(graph, broken)).toThrow(
    'weights must be finite, got NaN or infinity in "conv.bias"',
  );
});
