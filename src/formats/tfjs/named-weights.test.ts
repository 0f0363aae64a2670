/** @file Weights of layers models, found by the names of their layers. */
import { expect, test } from "vitest";
import { tensorOf, toNumbers } from "../../graph/tensor.ts";
import type { ModelLayers, WeightStore } from "../keras/weight-store.ts";
import { namedWeights } from "./named-weights.ts";
import type { StoredWeight } from "./weights.ts";

/** Weights of one number each, which counts them. */
function storeOf(...names: readonly string[]): WeightStore {
  return namedWeights(
    names.map((name, i): StoredWeight => ({
      name,
      type: "float32",
      dims: [1],
      quantizedAs: undefined,
      isComplex: false,
      read: async () => tensorOf("float32", [1], [i]),
    })),
  );
}

function model(...names: readonly string[]): ModelLayers {
  const layers = names.map((name) => ({ name, className: "Layer", isLayer: true }));
  return { isSequential: false, layers };
}

const wanted = (...names: readonly string[]) => names.map((name) => ({ name, dims: [1] }));

async function numbersOf(
  layer: ReturnType<ReturnType<WeightStore["model"]>["layer"]>,
  ...names: readonly string[]
): Promise<number[]> {
  const tensors = await (await layer).read(wanted(...names));
  return tensors.flatMap((each) => toNumbers(each));
}

test("weights are found by name, in whatever order and however deep", async () => {
  const store = storeOf("head/kernel", "bn/beta", "conv/bias", "bn/gamma", "conv/kernel");
  const outer = store.model(model("body", "head"));
  const body = (await outer.layer("body")).model(model("conv", "bn"));
  expect(await numbersOf(outer.layer("head"), "kernel")).toEqual([0]);
  expect(await numbersOf(body.layer("conv"), "kernel", "bias")).toEqual([4, 2]);
  expect(await numbersOf(body.layer("bn"), "gamma", "beta")).toEqual([3, 1]);
  expect(await (await body.layer("relu")).variables()).toEqual([]);
});

test("conversions from Keras 3 number the variables of a layer", async () => {
  const names = Array.from({ length: 12 }, (_, i) => `bn/${i}`).toSorted();
  const layer = storeOf(...names)
    .model(model("bn"))
    .layer("bn");
  const found = await (await layer).variables();
  expect(found.map(({ name }) => name)).toEqual(names.map((_, i) => `${i}`));
  const order = [...names.keys()].map((i) => names.indexOf(`bn/${i}`));
  expect(await numbersOf(layer, ...names)).toEqual(order);
});

test("names of models stand before those of layers where the maker writes them", async () => {
  const names = ["model/a/conv/kernel:0", "model/b/conv/kernel:0", "model/dense/kernel:0"];
  const outer = storeOf(...names).model(model("a", "b", "dense", "c"));
  const inner = async (name: string) => (await outer.layer(name)).model(model("conv"));
  expect(await numbersOf(outer.layer("dense"), "kernel")).toEqual([2]);
  expect(await numbersOf((await inner("a")).layer("conv"), "kernel")).toEqual([0]);
  expect(await numbersOf((await inner("b")).layer("conv"), "kernel")).toEqual([1]);
  await expect(numbersOf((await inner("c")).layer("conv"), "kernel")).rejects.toThrow(
    'layer "conv" must have 1 variables (kernel [1]), got kernel [1], kernel [1].',
  );
  const rooted = storeOf("a/conv/kernel", "b/conv/kernel").model(model("a", "b"));
  const inB = (await rooted.layer("b")).model(model("conv"));
  expect(await numbersOf(inB.layer("conv"), "kernel")).toEqual([1]);
});

test("names of layers may begin as others do, and hold slashes", async () => {
  const store = storeOf("conv1/conv/kernel", "conv1/bn/gamma", "conv1/kernel");
  const layers = store.model(model("conv1", "conv1/conv", "conv1/bn"));
  expect(await numbersOf(layers.layer("conv1"), "kernel")).toEqual([2]);
  expect(await numbersOf(layers.layer("conv1/conv"), "kernel")).toEqual([0]);
  expect(await numbersOf(layers.layer("conv1/bn"), "gamma")).toEqual([1]);
});

test("parts of a layer lie below it, or have names of their own", async () => {
  const store = storeOf("attention/query/kernel", "attention/query/bias", "inner/kernel");
  const layers = store.model(model("attention", "each"));
  const attention = await layers.layer("attention");
  expect((await attention.variables()).map(({ name }) => name)).toEqual([
    "query/kernel",
    "query/bias",
  ]);
  const query = await attention.part("query_dense", "query");
  expect((await query!.variables()).map(({ name }) => name)).toEqual(["kernel", "bias"]);
  const each = await (await layers.layer("each")).part("layer", "inner");
  expect((await each!.variables()).map(({ name }) => name)).toEqual(["kernel"]);
  expect(await attention.part("value")).toBeUndefined();
});

test("what is missing or of another shape is refused with the layer's name and both shapes", async () => {
  const layers = storeOf("conv/kernel").model(model("conv", "dense"));
  const read = async (name: string, dims: readonly number[]) =>
    (await layers.layer(name)).read([{ name: "kernel", dims }]);
  await expect(read("conv", [2])).rejects.toThrow(
    'weights: layer "conv" must have 1 variables (kernel [2]), got kernel [1].',
  );
  await expect(read("dense", [1])).rejects.toThrow(
    'layer "dense" must have 1 variables (kernel [1]), got none.',
  );
});

test("names of very many parts are refused", () => {
  expect(() => storeOf("a/".repeat(100))).toThrow("must have at most 64 parts");
});
