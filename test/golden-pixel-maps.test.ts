/** @file Pixel maps of the golden networks against Captum, through the methods that users call. */
import { afterAll, describe, expect, test } from "vitest";
import { attributionMethods } from "../src/attribution/index.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/model/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

/** Methods by the golden tensor that Captum's has; Integrated Gradients took 64 midpoints from zero. */
const methods = {
  input_x_gradient: "input-x-gradient",
  guided_backprop: "guided-backprop",
  deconvolution: "deconvolution",
  integrated_gradients: "integrated-gradients",
} as const;

/**
 * Where a unit lies within rounding of a ReLU's kink at one of the 64 places of a path, one library sees it on and
 * the other off; of millions of units and places, few do. What that moves was measured.
 */
const kinked: Readonly<Record<string, number>> = {
  inception: 1.5e-4,
  squeezenet: 4e-4,
  "mobilenet-v2": 2e-3,
};

describe.each(goldenNames)("Captum's maps of %s", (name) => {
  const { softmax_inside: keepActivation } = goldenManifest[name]!;
  const tensors = loadGoldenTensors(name);
  const { input, target } = tensors;
  const stored = Object.entries(methods).filter(([key]) => key in tensors);

  test.each(stored)("%s", async (key, method) => {
    const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime, { keepActivation });
    const steps = method === "integrated-gradients" ? { steps: 64 } : {};
    const request = { targets: toNumbers(target!), ...steps };
    const maps = await attributionMethods[method].run(model, input!, request);
    const found = maps.flatMap((map) => Array.from(map.data));
    const isPath = method === "integrated-gradients";
    const tolerance = isPath ? (kinked[name] ?? 1e-4) : 1e-4;
    expect(found).toBeWithinL2(toNumbers(tensors[key]!), tolerance);
    if (!isPath) return;
    const deltas = toNumbers(tensors["integrated_gradients_delta"]!);
    for (const [i, { figures, logit }] of maps.entries()) {
      const difference = Math.abs(figures!["delta"]! - deltas[i]!);
      expect(difference).toBeLessThan(tolerance * Math.max(1, Math.abs(logit)));
    }
  });
});
