import { expect, test } from "vitest";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { GraphBuilder } from "./builder.ts";
import { tensor } from "./tensor.ts";
import { wholeMapPools, withWholeMapPools } from "./whole-map-pools.ts";

/** Pools of a map of 8 by 8: two by two, and each result's whole or a part of it. */
function pooled(operator: "AveragePool" | "MaxPool", window: readonly number[], pads = 0) {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, 8, 8]);
  const half = { kernel_shape: [2, 2], strides: [2, 2] };
  const halves = b.op("MaxPool", [x], half, "halves");
  const all = pads > 0 ? { pads: [pads, pads, pads, pads] } : {};
  b.output(b.op(operator, [halves], { kernel_shape: window, ...all }, "whole"));
  return { ...b.build(), shapes: new Map() };
}

const runtime = createNodeRuntime({ threads: 1 });
const values = tensor(
  "float32",
  [1, 2, 8, 8],
  Float32Array.from({ length: 128 }, (_, i) => (i * 37) % 19),
);

test.each(["AveragePool", "MaxPool"] as const)(
  "a %s over the whole map is one over whatever map there is, and gives the same of its own",
  async (operator) => {
    const model = new Model(pooled(operator, [4, 4]), runtime);
    const found = wholeMapPools(await model.whole(model.inputDims()));
    expect([...found]).toEqual(["whole"]);
    const open = model.changed((graph) => withWholeMapPools(graph, found));
    const of = async (each: Model) =>
      (await runtime.run(await each.whole([1, 2, 8, 8]), { x: values }))["whole"]!.data;
    expect([...(await of(open))]).toEqual([...(await of(model))]);
    await expect(model.maps(["whole"], [1, 2, 4, 4])).rejects.toThrow();
    const small = await open.maps(["whole"], [1, 2, 4, 4]);
    expect(small.shapes.get("whole")!.dims).toEqual([1, 2, 1, 1]);
  },
);

test.each([
  ["a part of the map", [3, 3], 0],
  ["more than the map", [6, 6], 1],
] as const)("a pool of %s stays", async (_, window, pads) => {
  const model = new Model(pooled("AveragePool", window, pads), runtime);
  expect([...wholeMapPools(await model.whole(model.inputDims()))]).toEqual([]);
});
