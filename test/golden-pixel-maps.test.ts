/** @file Pixel maps of the golden networks against Captum, through the methods that users call. */
import { afterAll, describe, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import { integratedGradients } from "../src/attribution/gradient/integrated-gradients.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";
import { acrossKinks, distanceTo, kinksOf } from "./kinks.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

/** Methods by the golden tensor that Captum's has. */
const methods = {
  input_gradient: "gradient",
  input_x_gradient: "input-x-gradient",
  guided_backprop: "guided-backprop",
  deconvolution: "deconvolution",
} as const;

/** Integrated Gradients took so many midpoints from zero. */
const steps = 64;

/** How far maps may be off, L2. */
const tolerance = 1e-4;

describe.each(goldenNames)("Captum's maps of %s", (name) => {
  const { softmax_inside: keepActivation } = goldenManifest[name]!;
  const tensors = loadGoldenTensors(name);
  const input = tensors["input"]!;
  const targets = toNumbers(tensors["target"]!);
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime, { keepActivation });
  const size = input.data.length / targets.length;
  const rowOf = <T extends Float32Array | number[]>(values: T, row: number) =>
    values.slice(row * size, (row + 1) * size) as T;

  test.each(Object.entries(methods).filter(([key]) => key in tensors))(
    "%s",
    async (key, method) => {
      const maps = await attributionMethods[method].run(model, input, { targets });
      const found = maps.flatMap((map) => Array.from(map.data));
      expect(found).toBeWithinL2(toNumbers(tensors[key]!), tolerance);
    },
  );

  /**
   * Where a unit lies within rounding of a kink at one of the places, one library sees it on and the other off. Of
   * the same sum in float64, the golden and ONNX Runtime in Node are off by (L2) 1.7e-7 and 1.1e-4 of inception,
   * 1.5e-7 and 3.2e-4 of squeezenet, 1.5e-3 and 1.5e-7 of mobilenet-v2; ONNX Runtime Web is off by 1.4e-7 of
   * inception, and PyTorch by 5.9e-4 of squeezenet if it takes eight places at once. Of squeezenet's first picture,
   * one unit is -4e-8 at place 25 where it should be 3e-8, and a max-pool chooses between equals at place 52. Such
   * jumps are computed and taken off; whatever else is off stays.
   */
  test("integrated_gradients", async () => {
    const maps = await integratedGradients(model, input, { targets, steps });
    const deltas = toNumbers(tensors["integrated_gradients_delta"]!);
    for (const [row, { data, figures, logit }] of maps.entries()) {
      const expected = rowOf(toNumbers(tensors["integrated_gradients"]!), row);
      const picture = rowOf(input.data as Float32Array, row);
      const path = { dims: input.dims.slice(1), picture, target: targets[row]!, steps };
      const jumps = distanceTo(expected, data) > tolerance ? await kinksOf(model, path) : [];
      const found = acrossKinks(data, expected, jumps);
      expect(found).toBeWithinL2(expected, tolerance);
      const delta = figures!["delta"]! + sum(found) - sum(data);
      expect(Math.abs(delta - deltas[row]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(logit)));
    }
  });
});

function sum(values: Float32Array | Float64Array): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
