/** @file Tensors that are given to networks in either layout. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { tensorSource } from "./source.ts";

const platform = { readText: () => Promise.reject(new Error("no file is read")) };
const origin = { name: "t", preprocessing: undefined };

/** A network of 12 bands, channels last. */
function bands(): Model {
  const b = new GraphBuilder();
  const x = b.transpose(b.input("x", [1, 2, 3, 12]), [0, 3, 1, 2]);
  const filtered = b.op("Conv", [x, b.fill([2, 12, 1, 1], 1)], { kernel_shape: [1, 1] });
  b.output(b.reduceMean(filtered, [2, 3], false));
  return new Model(b.build(), createNodeRuntime());
}

test("a tensor of the network's own layout is turned, and that is said", async () => {
  const own = tensorOf(
    "float32",
    [1, 2, 3, 12],
    Array.from({ length: 72 }, (_, i) => i),
  );
  const { input, note } = await tensorSource(platform, bands(), own, origin);
  expect(input.dims).toEqual([1, 12, 2, 3]);
  expect(Array.from(input.data as Float32Array).slice(0, 7)).toEqual([0, 12, 24, 36, 48, 60, 1]);
  expect(note).toMatchObject({ parts: [expect.stringMatching(/own \[N, H, W, C\]/)] });
});

test("a tensor with channels first is taken as it is", async () => {
  const first = tensorOf("float32", [1, 12, 2, 3], new Float32Array(72));
  const { input, note } = await tensorSource(platform, bands(), first, origin);
  expect(input).toBe(first);
  expect(note).toBeUndefined();
});
