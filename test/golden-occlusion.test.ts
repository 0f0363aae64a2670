/** @file Occlusion of the golden networks against Captum. */
import { afterAll, expect, test } from "vitest";
import { occlusion } from "../src/attribution/perturbation/occlusion.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

test.each(goldenNames)("Captum's occlusion of %s", async (name) => {
  const { softmax_inside: keepActivation, occlusion_window: window } = goldenManifest[name]!;
  const { input, target, occlusion: expected } = loadGoldenTensors(name);
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime, { keepActivation });
  const targets = toNumbers(target!);
  const options = { targets, window, stride: window, baseline: "zero" } as const;
  const maps = await occlusion(model, input!, options);
  // Captum repeats the map for each channel.
  const channels = Array.from({ length: input!.dims[1]! });
  const found = maps.flatMap((map) => channels.flatMap(() => Array.from(map.data)));
  expect(found).toBeWithinL2(toNumbers(expected!), 1e-4);
});
