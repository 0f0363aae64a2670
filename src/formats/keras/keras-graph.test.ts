/** @file Graphs of Keras models compute what Keras does, and bear its names. */
import { expect, test } from "vitest";
import { memoryStore } from "../../../test/keras/memory-store.ts";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { elementCount, tensorOf, toNumbers } from "../../graph/tensor.ts";
import { graphOfKeras } from "./keras-graph.ts";

const runtime = createReferenceRuntime();
const floats = (dims: readonly number[], data?: readonly number[]) =>
  tensorOf(
    "float32",
    dims,
    data ?? Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(i)),
  );

const layer = (className: string, config: Record<string, unknown>) => ({
  class_name: className,
  config,
});

test("a picture network of Keras 2 has its layers' names and the input of pictures", async () => {
  const config = layer("Sequential", {
    name: "digits",
    layers: [
      layer("Conv2D", {
        name: "conv",
        batch_input_shape: [null, 6, 6, 1],
        filters: 2,
        kernel_size: [3, 3],
        strides: [2, 2],
        padding: "same",
        activation: "relu",
      }),
      layer("MaxPooling2D", { name: "pool", pool_size: [2, 2], strides: [2, 2], padding: "same" }),
      layer("Dropout", { name: "dropout", rate: 0.5 }),
      layer("Flatten", { name: "flatten" }),
      layer("Dense", { name: "scores", units: 3, activation: "softmax" }),
    ],
  });
  const store = memoryStore({
    "conv/kernel": floats([3, 3, 1, 2]),
    "conv/bias": floats([2]),
    "scores/kernel": floats([8, 3]),
    "scores/bias": floats([3]),
  });
  const graph = await graphOfKeras(config, store, { version: "2.4.0" });
  expect(graph.inputs).toEqual([
    { name: "conv_input", type: "float32", dims: ["N", 1, 6, 6], fileOrder: [0, 2, 3, 1] },
  ]);
  expect(graph.outputs).toEqual([{ name: "scores", type: "float32", dims: ["N", 3] }]);
  const names = graph.nodes.map(({ name, operator }) => `${operator} ${name}`);
  expect(names).toEqual([
    "Conv conv/linear",
    "Relu conv",
    "MaxPool pool",
    "Identity dropout",
    "Reshape flatten",
    "Gemm scores/linear",
    "Softmax scores",
  ]);
  const session = await runtime.open(graph);
  const { scores } = await session.run({ conv_input: floats([2, 1, 6, 6]) });
  expect(scores!.dims).toEqual([2, 3]);
  expect(toNumbers(scores!).reduce((sum, value) => sum + value, 0)).toBeCloseTo(2, 5);
});

test("a grey picture without an axis of channels stays one", async () => {
  const dense = { name: "scores", units: 2, use_bias: false };
  const flat = layer("Flatten", { name: "flat", batch_input_shape: [null, 2, 3] });
  const config = layer("Sequential", { name: "m", layers: [flat, layer("Dense", dense)] });
  const kernel = floats([6, 2], [1, 0, 2, 0, 4, 0, 8, 0, 16, 1, 32, 0]);
  const graph = await graphOfKeras(config, memoryStore({ "scores/kernel": kernel }));
  expect(graph.inputs).toEqual([{ name: "flat_input", type: "float32", dims: ["N", 2, 3] }]);
  const session = await runtime.open(graph);
  const { scores } = await session.run({ flat_input: floats([1, 2, 3], [1, 0, 1, 0, 1, 0]) });
  expect(toNumbers(scores!)).toEqual([21, 1]);
});

/** Calls of `Add` on the tensor of `x`, as Keras 3 writes them. */
function addedTo(config: Record<string, unknown>, args: (x: unknown) => readonly unknown[]) {
  const history = { shape: [null, 2], dtype: "float32", keras_history: ["x", 0, 0] };
  const x = { class_name: "__keras_tensor__", config: history };
  const input = { name: "x", batch_shape: [null, 2], dtype: "float32" };
  const nodes = [{ args: args(x), kwargs: {} }];
  return layer("Functional", {
    name: "m",
    layers: [
      { ...layer("InputLayer", input), name: "x", inbound_nodes: [] },
      { ...layer("Add", { name: "y", ...config }), name: "y", inbound_nodes: nodes },
    ],
    input_layers: ["x", 0, 0],
    output_layers: ["y", 0, 0],
  });
}

test("files of Keras 3 without modules tell operations from layers of the same class", async () => {
  const sumOf = async (config: unknown) => {
    const graph = await graphOfKeras(config, memoryStore({}), { version: "3.8.0" });
    const { y } = await (await runtime.open(graph)).run({ x: floats([1, 2], [3, 5]) });
    return toNumbers(y!);
  };
  const dtype = { trainable: true, dtype: "float32" };
  expect(await sumOf(addedTo({}, (x) => [x, 10]))).toEqual([13, 15]);
  expect(await sumOf(addedTo(dtype, (x) => [[x, x]]))).toEqual([6, 10]);
  await expect(sumOf(addedTo(dtype, (x) => [x, 10]))).rejects.toThrow(
    "called with one list, got more",
  );
});

test("sizes that the file leaves open stay open up to the outputs", async () => {
  const open = { name: "c", filters: 2, kernel_size: 1, use_bias: false, strides: 2 };
  const first = { ...open, batch_input_shape: [null, null, null, 3] };
  const whole = layer("Sequential", { name: "m", layers: [layer("Conv2D", first)] });
  const store = memoryStore({ "c/kernel": floats([1, 1, 3, 2]) });
  const graph = await graphOfKeras(whole, store);
  expect(graph.inputs[0]!.dims).toEqual(["N", 3, "H", "W"]);
  expect(graph.outputs[0]!.dims).toEqual(["N", 2, "?", "?"]);
  const flat = [layer("Conv2D", first), layer("Flatten", { name: "f" })];
  const fixed = layer("Sequential", { name: "m", layers: flat });
  await expect(graphOfKeras(fixed, store)).rejects.toThrow(
    'keras: layer "f" (Flatten): sizes of its input must be known, got ones that the file leaves open. save the model with an input of a fixed size.',
  );
});

test("a layer that fits one size alone of those that the file leaves open is refused by name", async () => {
  const grey = { name: "r", target_shape: [-1, 1], batch_input_shape: [null, null, null, 1] };
  const row = layer("Sequential", { name: "m", layers: [layer("Reshape", grey)] });
  await expect(graphOfKeras(row, memoryStore({}))).rejects.toMatchObject({
    code: "bad-file",
    message:
      'keras: layer "r" (Reshape): sizes of its input must be known, got ones that the file leaves open. save the model with an input of a fixed size.',
  });
});
