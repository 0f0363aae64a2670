/** @file Every layer of the table against its maker's arithmetic in double precision. */
import { expect, test } from "vitest";
import { layerClasses } from "./index.ts";
import { passingLayers } from "./passing.ts";
import { computed, type MadeModel } from "../../../../test/keras/keras-configs.ts";
import type { LayerRow } from "../../../../test/keras/layer-row.ts";
import { layerRows } from "../../../../test/keras/layer-rows.ts";
import { counted, mapped, type Numbers } from "../../../../test/keras/numbers.ts";
import { expectAlike, graphOf, runGraph } from "../../../../test/keras/run-keras.ts";

/** Weights as trained networks have them: deviations are above 0, rows of a table are small whole numbers. */
function weightsOf({ weights }: LayerRow, seed: number): Record<string, Numbers> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, dims], i) => {
      const numbers = counted(dims, seed + i);
      return [name, name.includes("variance") ? mapped(numbers, (x) => x * x + 0.3) : numbers];
    }),
  );
}

function inputOf({ className }: LayerRow, dims: readonly number[], seed: number): Numbers {
  const numbers = counted([2, ...dims], seed);
  return className === "Embedding" ? mapped(numbers, (x) => Math.floor(2.4 * (x + 1))) : numbers;
}

/** A Functional model of one row. */
function modelOf(row: LayerRow): MadeModel {
  const layer = { ...row, name: "it", weights: weightsOf(row, 7) };
  const inputs = row.inputs.map((dims, i) => ({ name: `x${i}`, dims }));
  return {
    name: "one",
    isSequential: false,
    inputs,
    calls: [{ layer, inputs: inputs.map((_, i) => i) }],
    outputs: [inputs.length],
  };
}

const cases = layerRows.map(
  (row) => [`${row.className} ${JSON.stringify(row.config)}`, row] as const,
);

test.each(cases)("%s", async (where, row) => {
  const model = modelOf(row);
  const inputs = row.inputs.map((dims, i) => inputOf(row, dims, i));
  for (const generation of ["keras 2", "keras 3"] as const) {
    const graph = await graphOf(model, generation);
    const [got] = await runGraph(graph, inputs);
    const [wanted] = computed(model, inputs, generation === "keras 3");
    expectAlike(got!, wanted!, where);
  }
});

test("all of them in one graph", async () => {
  const rows = layerRows.filter(({ config }) => config["data_format"] === undefined);
  const inputs = rows.flatMap((row, i) =>
    row.inputs.map((dims, j) => ({ name: `x${i}_${j}`, dims, value: inputOf(row, dims, i + j) })),
  );
  let next = 0;
  const calls = rows.map((row, i) => {
    const places = row.inputs.map(() => next++);
    return { layer: { ...row, name: `it_${i}`, weights: weightsOf(row, i) }, inputs: places };
  });
  const outputs = rows.map((_, i) => inputs.length + i);
  const model: MadeModel = { name: "all", isSequential: false, inputs, calls, outputs };
  const fed = inputs.map(({ value }) => value);
  const got = await runGraph(await graphOf(model, "keras 3"), fed);
  for (const [i, wanted] of computed(model, fed, true).entries()) {
    const { className, config } = rows[i]!;
    expectAlike(got[i]!, wanted, `${className} ${JSON.stringify(config)}`);
  }
});

test("every class has a row here, or passes everything on, or is built of others", () => {
  const known = new Set([...layerRows.map(({ className }) => className), ...composed]);
  const missing = layerClasses.filter((name) => !known.has(name) && !(name in passingLayers));
  expect(missing).toEqual([]);
});

/** Tested beside what they are made of. */
const composed = [
  "SlicingOpLambda",
  "SpectralNormalization",
  "TFOpLambda",
  "TensorFlowOpLayer",
  "TimeDistributed",
];

/** What a layer makes of a few numbers [1, ...dims], in the maker's order. */
async function small(
  row: Omit<LayerRow, "inputs" | "weights">,
  inputs: readonly Numbers[],
  weights: Readonly<Record<string, Numbers>> = {},
  generation: "keras 2" | "keras 3" = "keras 2",
): Promise<readonly number[]> {
  const layer = { ...row, name: "it", weights };
  const flat = { className: "Flatten", config: {}, name: "flat", weights: {} };
  const model: MadeModel = {
    name: "one",
    isSequential: false,
    inputs: inputs.map(({ dims }, i) => ({ name: `x${i}`, dims: dims.slice(1) })),
    calls: [
      { layer, inputs: inputs.map((_, i) => i) },
      { layer: flat, inputs: [inputs.length] },
    ],
    outputs: [inputs.length + 1],
  };
  const [got] = await runGraph(await graphOf(model, generation), inputs);
  return got!.data.map((value) => Number(value.toFixed(6)));
}

const numbers = (dims: readonly number[], ...data: readonly number[]): Numbers => ({ dims, data });
const line = (...data: readonly number[]) => numbers([1, 1, data.length, 1], ...data);

test("hand values of the field", async () => {
  const ones = numbers([3, 3, 1, 1], ...Array<number>(9).fill(1));
  const picture = numbers([1, 4, 4, 1], ...Array.from({ length: 16 }, (_, i) => i));
  const strided = { filters: 1, kernel_size: 3, strides: 2, padding: "same", use_bias: false };
  const convolved = await small({ className: "Conv2D", config: strided }, [picture], {
    kernel: ones,
  });
  expect(convolved).toEqual([45, 39, 66, 50]);
  const pool = { pool_size: [1, 2], strides: [1, 2], padding: "same" };
  expect(await small({ className: "AveragePooling2D", config: pool }, [line(1, 2, 3)])).toEqual([
    1.5, 3,
  ]);
  const laid = (size: number) => ({
    className: "Conv2DTranspose",
    config: {
      filters: 1,
      kernel_size: [1, size],
      strides: [1, 2],
      padding: "same",
      use_bias: false,
    },
  });
  const three = { kernel: numbers([1, 3, 1, 1], 1, 10, 100) };
  expect(await small(laid(3), [line(1, 2)], three)).toEqual([1, 10, 102, 20]);
  const four = { kernel: numbers([1, 4, 1, 1], 1, 10, 100, 1000) };
  expect(await small(laid(4), [line(1, 2)], four)).toEqual([10, 102, 1020, 200]);
  const separable = { filters: 1, kernel_size: 1, depth_multiplier: 2, use_bias: false };
  const apart = numbers([1, 1, 2, 2], 3, 4, 5, 6);
  const mixed = numbers([1, 1, 4, 1], 1, 10, 100, 1000);
  const weights = { depthwise_kernel: apart, pointwise_kernel: mixed };
  const twice = await small(
    { className: "SeparableConv2D", config: separable },
    [numbers([1, 1, 1, 2], 1, 2)],
    weights,
  );
  expect(twice).toEqual([13_043]);
});

test("hand values of activation functions and normalisation", async () => {
  const row = line(-2, 0, 1, 1.5, 3, 9);
  const rectifier = { max_value: 6, negative_slope: 0.1, threshold: 1 };
  const bounded = await small({ className: "ReLU", config: rectifier }, [row]);
  expect(bounded).toEqual([-0.3, -0.1, 0, 1.5, 3, 6]);
  const hard = { className: "Activation", config: { activation: "hard_sigmoid" } };
  const fed = [line(-3, -1, 0, 1, 3)];
  expect(await small(hard, fed)).toEqual([0, 0.3, 0.5, 0.7, 1]);
  expect(await small(hard, fed, {}, "keras 3")).toEqual([0, 0.333333, 0.5, 0.666667, 1]);
  const up = { size: [1, 2], interpolation: "bilinear" };
  expect(await small({ className: "UpSampling2D", config: up }, [line(0, 1)])).toEqual([
    0, 0.25, 0.75, 1,
  ]);
  const [one] = await small({ className: "BatchNormalization", config: {} }, [line(2)], {
    gamma: numbers([1], 3),
    beta: numbers([1], 0.5),
    moving_mean: numbers([1], 1),
    moving_variance: numbers([1], 4),
  });
  expect(one).toBeCloseTo(1.99981254, 5);
});

test("flattened maps meet their weights in the maker's order", async () => {
  const x = numbers([1, 2, 2, 2], 0, 1, 2, 3, 4, 5, 6, 7);
  const kernel = numbers([8, 1], 1, 2, 3, 4, 5, 6, 7, 8);
  const dense = {
    className: "Dense",
    config: { units: 1, use_bias: false },
    name: "d",
    weights: { kernel },
  };
  const flat = { className: "Flatten", config: {}, name: "f", weights: {} };
  const model: MadeModel = {
    name: "one",
    isSequential: true,
    inputs: [{ name: "x", dims: [2, 2, 2] }],
    calls: [
      { layer: flat, inputs: [0] },
      { layer: dense, inputs: [1] },
    ],
    outputs: [2],
  };
  const graph = await graphOf(model, "keras 2");
  expect(graph.nodes.map(({ operator }) => operator)).toEqual(["Reshape", "MatMul"]);
  const [got] = await runGraph(graph, [x]);
  expect(got!.data).toEqual([168]);
});

test.each([7, 4, -5, -9])("a softmax over axis %i of four is refused", async (axis) => {
  const picture = numbers([1, 1, 2, 2], 0, 1, 2, 3);
  await expect(small({ className: "Softmax", config: { axis } }, [picture])).rejects.toMatchObject({
    code: "bad-file",
    message: expect.stringContaining('layer "it" (Softmax)'),
  });
});

test("constants of fewer axes lie as they are used, so that no node turns them at a run", async () => {
  const layer = { className: "PReLU", config: { shared_axes: [1, 2] }, name: "it" };
  const alpha = numbers([1, 1, 3], 1, 2, 3);
  const model: MadeModel = {
    name: "one",
    isSequential: true,
    inputs: [{ name: "x", dims: [2, 2, 3] }],
    calls: [{ layer: { ...layer, weights: { alpha } }, inputs: [0] }],
    outputs: [1],
  };
  const graph = await graphOf(model, "keras 3");
  expect(graph.nodes.map(({ operator }) => operator)).toEqual(["PRelu"]);
});
