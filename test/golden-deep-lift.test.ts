/** @file DeepLIFT on the golden networks: it adds up where it applies, and says so where it does not. */
import { afterAll, expect, test } from "vitest";
import { deepLift } from "../src/attribution/relevance/deep-lift.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function explained(name: string) {
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime);
  const { input, target } = loadGoldenTensors(name);
  return deepLift(model, input!, { targets: toNumbers(target!), baseline: "zero" });
}

test.each([
  "mnist",
  "vgg",
  "vgg-bn",
  "resnet",
  "inception",
  "densenet",
  "mobilenet-v2",
  "mobilenet-v3",
  "shufflenet-v2",
  "squeezenet",
  "efficientnet",
  "regnet",
])("%s: the map is the difference from the baseline within a thousandth", async (name) => {
  for (const { data, figures } of await explained(name)) {
    const sum = data.reduce((total, value) => total + value, 0);
    const rise = sum - figures!["delta"]!;
    expect(Math.abs(figures!["delta"]!)).toBeLessThan(1e-3 * Math.max(Math.abs(rise), 1));
  }
});

test.each(["convnext", "vit", "swin"])("%s is refused by its operator", async (name) => {
  await expect(explained(name)).rejects.toThrow("must have a rescale rule, got LayerNormalization");
});
