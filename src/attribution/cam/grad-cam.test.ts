/** @file Grad-CAM against the paper's equations, with central differences in place of gradients. */
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensorOf, toNumbers, type Tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { gradCam } from "./grad-cam.ts";

const runtime = createReferenceRuntime();
const exact = createReferenceRuntime({ outputs: "float64" });
const random = randomStream("grad-cam");
const normals = (count: number) => Array.from({ length: count }, () => random.normal());

/** Conv 2 to 3, tanh, an overlapping max-pool, dense to 4. */
function network(): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [2, 2, 6, 7]);
  // Small enough that tanh tells values apart, which the pool compares.
  const weights = normals(54).map((weight) => weight / 5);
  const conv = b.op("Conv", [x, b.constant(weights, [3, 2, 3, 3])], {}, "conv");
  const smooth = b.op("Tanh", [conv], {}, "features");
  const pooled = b.op("MaxPool", [smooth], { kernel_shape: [3, 3], strides: [1, 2] }, "pooled");
  const dense = b.constant(normals(48), [12, 4]);
  b.output(b.op("Gemm", [b.op("Flatten", [pooled]), dense], {}, "logits"));
  return { ...b.build(), shapes: new Map() };
}

const graph = network();
const model = new Model(graph, runtime);
const input = tensorOf("float32", [2, 2, 6, 7], normals(168));

/** Equations 1 and 2 of the paper before the ReLU, one picture. */
async function weightedSum(layer: string, row: number, target: number): Promise<number[]> {
  const upTo = cut(graph, { outputs: [layer] });
  const activation = (await exact.run(upTo, { x: input }))[layer]!;
  const [, channels, height, width] = activation.dims as [number, number, number, number];
  const values = toNumbers(activation);
  const places = height * width;
  const map = Array<number>(places).fill(0);
  for (let k = 0; k < channels; k++) {
    let alpha = 0;
    for (let i = 0; i < places; i++) {
      const at = (row * channels + k) * places + i;
      alpha += (await slope(layer, activation, values, at, row * 4 + target)) / places;
    }
    for (let i = 0; i < places; i++) map[i]! += alpha * values[(row * channels + k) * places + i]!;
  }
  return map;
}

/** d logit / d one element of the layer. */
async function slope(
  layer: string,
  activation: Tensor,
  values: readonly number[],
  at: number,
  logit: number,
): Promise<number> {
  const behind = cut(graph, { inputs: [layer], outputs: ["logits"] });
  const step = 1e-4;
  const logits = async (moved: number) => {
    const changed = values.with(at, values[at]! + moved);
    const fed = tensorOf("float64", activation.dims, changed);
    return toNumbers((await exact.run(behind, { [layer]: fed }))["logits"]!)[logit]!;
  };
  return ((await logits(step)) - (await logits(-step))) / (2 * step);
}

describe("Grad-CAM", () => {
  test.each(["conv", "features", "pooled"])("at %s, signed, as the paper has it", async (layer) => {
    const maps = await gradCam(model, input, { targets: [3, 1], layer, signed: true });
    for (const [row, target] of [3, 1].entries()) {
      expect(maps[row]!.data).toBeWithinL2(await weightedSum(layer, row, target), 1e-4);
    }
  });

  test("negative numbers are cut off, and the map says what it is", async () => {
    const options = { targets: [2, 0], layer: "features" };
    const maps = await gradCam(model, input, options);
    const signed = await gradCam(model, input, { ...options, signed: true });
    expect(maps.map((map) => map.data)).toEqual(
      signed.map((map) => map.data.map((value) => Math.max(value, 0))),
    );
    expect(signed.some((map) => map.data.some((value) => value < 0))).toBe(true);
    expect(maps[0]).toMatchObject({
      method: "grad-cam",
      layer: "features",
      dims: [4, 5],
      target: 2,
    });
  });

  test("without a layer: the last one with places", async () => {
    const [map] = await gradCam(model, input, { targets: "top" });
    expect(map!.layer).toBe("pooled");
  });

  test("layers without places and unknown ones are refused", async () => {
    const at = (layer: string) => gradCam(model, input, { targets: [0], layer });
    await expect(at("logits")).rejects.toThrow(/"logits" must be a feature map/);
    await expect(at("featurs")).rejects.toThrow(/closest: "features"/);
  });

  test("a map that was cut off everywhere says so", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 1, 2, 2]);
    const mean = b.op("GlobalAveragePool", [b.op("Relu", [x], {}, "features")]);
    b.output(b.op("Neg", [b.op("Flatten", [mean])], {}, "logits"));
    const pictures = tensorOf("float32", [1, 1, 2, 2], [1, 2, 3, 4]);
    const options = { targets: [0], layer: "features" };
    const [map] = await gradCam(new Model(b.build(), runtime), pictures, options);
    expect(map!.warnings.map((warning) => warning.cause)).toEqual(["all-negative"]);
  });
});
