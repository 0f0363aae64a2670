/** @file The toy network of Captum's tests, whose explanations can be worked out by hand. */
import { describe, expect, test } from "vitest";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { gradCam } from "../src/attribution/cam/grad-cam.ts";
import { gradient } from "../src/attribution/gradient/gradient.ts";
import { deconvolution, guidedBackpropagation } from "../src/autodiff/overrides.ts";
import type { RuleTable } from "../src/autodiff/rule.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createReferenceRuntime } from "./reference/reference-runtime.ts";
import { counted, toyNetwork } from "./toy-network.ts";

const input = counted(0);
const runtimes = {
  "onnxruntime-node": () => createNodeRuntime(),
  interpreter: () => createReferenceRuntime(),
};

describe.each(Object.keys(runtimes) as (keyof typeof runtimes)[])("toy network on %s", (kind) => {
  const model = new Model(toyNetwork(), runtimes[kind]());
  const options = { targets: [0] };

  async function bent(rules: RuleTable, picture = input): Promise<Float32Array> {
    const [row] = await explainRows(model, picture, { ...options, values: ["x"], rules });
    return row!.gradients[0]!;
  }

  /** Activations and gradients of a layer of two channels with four places each. */
  async function channels(layer: string) {
    const [row] = await explainRows(model, input, { ...options, values: [layer] });
    const [activations, gradients] = [row!.values[0]!, row!.gradients[0]!];
    return [0, 4].map((start) => ({
      activation: Array.from(activations.slice(start, start + 4)),
      gradient: Array.from(gradients.slice(start, start + 4)),
    }));
  }

  test("output", async () => {
    const [map] = await gradient(model, input, options);
    expect(map!.logit).toBe(54);
  });

  test("gradient", async () => {
    const [map] = await gradient(model, input, options);
    expect(Array.from(map!.data)).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0]);
  });

  test("input x gradient, which sums to the output", async () => {
    const [map] = await gradient(model, input, options);
    const product = Array.from(map!.data, (slope, i) => slope * i);
    expect(product).toEqual([0, 1, 2, 3, 0, 5, 6, 7, 0, 9, 10, 11, 0, 0, 0, 0]);
    expect(product.reduce((sum, value) => sum + value)).toBe(54);
  });

  test("guided backpropagation", async () => {
    const found = await bent(guidedBackpropagation);
    expect(Array.from(found)).toEqual([0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1]);
  });

  test("deconvolution", async () => {
    const found = await bent(deconvolution);
    expect(Array.from(found)).toEqual([2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1]);
  });

  test.each([
    ["conv1", [11.25, 13.5, 20.25, 22.5]],
    ["relu1", [0, 4, 28, 32.5]],
  ])("Grad-CAM at %s", async (layer, expected) => {
    const [map] = await gradCam(model, input, { ...options, layer, signed: true });
    expect(Array.from(map!.data)).toEqual(expected);
  });

  test.each([
    ["conv1", [0.75, -0.5]],
    ["relu1", [1, -0.5]],
  ])("weights of Grad-CAM at %s", async (layer, expected) => {
    const found = await channels(layer);
    const means = found.map(({ gradient: slopes }) => slopes.reduce((sum, dy) => sum + dy) / 4);
    expect(means).toEqual(expected);
  });

  test.each(["conv1", "relu1"])(
    "gradients times activations at %s sum to the output",
    async (layer) => {
      const found = await channels(layer);
      const places = [0, 1, 2, 3].map((place) =>
        found.reduce(
          (sum, { activation, gradient: dy }) => sum + activation[place]! * dy[place]!,
          0,
        ),
      );
      expect(places).toEqual([0, 4, 25, 25]);
    },
  );

  test("input one brighter: Grad-CAM and guided backpropagation", async () => {
    const picture = counted(1);
    const [map] = await gradCam(model, picture, { ...options, layer: "conv1" });
    expect(Array.from(map!.data)).toEqual([14.5, 19, 32.5, 37]);
    const found = await bent(guidedBackpropagation, picture);
    expect(Array.from(found.slice(0, 8))).toEqual([1, 2, 2, 1, 2, 4, 4, 2]);
  });
});
