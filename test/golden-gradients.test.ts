/** @file The 16 golden networks in Node: outputs and gradients as PyTorch and Captum computed them. */
import { beforeAll, describe, expect, test } from "vitest";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createWebRuntime } from "../src/runtime/onnxruntime-web.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { goldenDistances } from "./golden-distances.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";

const runtimes: Readonly<Record<string, () => Promise<Runtime>>> = {
  "onnxruntime-node": () => Promise.resolve(createNodeRuntime()),
  "onnxruntime-web in Node": () => createWebRuntime({ provider: "wasm" }),
};

describe.each(Object.keys(runtimes))("on %s", (kind) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await runtimes[kind]!();
  });

  test.each(goldenNames)("%s", async (name) => {
    const { cam_layer: camLayer, softmax_inside: softmaxInside } = goldenManifest[name]!;
    const tensors = loadGoldenTensors(name);
    const golden = { model: loadGoldenModel(name), tensors, camLayer, softmaxInside };
    const { output, ...gradients } = await goldenDistances(runtime, golden);
    expect(output).toBeLessThanOrEqual(1e-5);
    const stored = ["input_gradient", "guided_backprop", "deconvolution"].filter(
      (key) => key in tensors,
    );
    expect(Object.keys(gradients)).toEqual(expect.arrayContaining(stored));
    for (const [tensor, found] of Object.entries(gradients)) {
      expect(found, tensor).toBeLessThanOrEqual(1e-4);
    }
  });

  test("parameter gradients of mnist, vgg and resnet are among them", async () => {
    const counts = new Map<string, number>();
    for (const name of ["mnist", "vgg", "resnet"]) {
      const { softmax_inside: softmaxInside } = goldenManifest[name]!;
      const golden = {
        model: loadGoldenModel(name),
        tensors: loadGoldenTensors(name),
        camLayer: undefined,
        softmaxInside,
      };
      const distances = await goldenDistances(runtime, golden);
      const keys = Object.keys(distances).filter((key) => key.startsWith("parameter_gradient/"));
      counts.set(name, keys.length);
    }
    expect(Object.fromEntries(counts)).toEqual({ mnist: 8, vgg: 16, resnet: 34 });
  });
});
