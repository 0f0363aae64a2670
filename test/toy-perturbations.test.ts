/** @file The toy network of Captum's tests with pixels, quadrants or channels hidden, worked out by hand. */
import { afterAll, describe, expect, test } from "vitest";
import { ablationCam } from "../src/attribution/cam/ablation-cam.ts";
import { kernelShap } from "../src/attribution/perturbation/kernel-shap.ts";
import { occlusion } from "../src/attribution/perturbation/occlusion.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { counted, toyNetwork } from "./toy-network.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());
const model = new Model(toyNetwork(), runtime);
const input = counted(0);
const options = { targets: [0], baseline: "zero" } as const;
const quadrants = (values: readonly number[]) => {
  const [a, b, c, d] = values as [number, number, number, number];
  return [a, a, b, b, a, a, b, b, c, c, d, d, c, c, d, d];
};

describe("toy network", () => {
  test("single pixels hidden", async () => {
    const [map] = await occlusion(model, input, { ...options, window: 1, stride: 1 });
    expect(Array.from(map!.data)).toEqual([0, 1, 2, 3, 0, 4, 4, 4, 2, 7, 8, 4, 6, 7, 8, 0]);
    expect(map).toMatchObject({ method: "occlusion", dims: [4, 4], logit: 54, unit: "value lost" });
  });

  test("quadrants hidden", async () => {
    const [map] = await occlusion(model, input, { ...options, window: 2, stride: 2 });
    expect(Array.from(map!.data)).toEqual(quadrants([7, 4, 36, 47]));
  });

  test("Shapley values of the quadrants", async () => {
    const [map] = await kernelShap(model, input, { ...options, pieces: "grid", segments: 4 });
    const expected = quadrants([4.25, 53 / 12, 233 / 12, 311 / 12]);
    expect(map!.data).toBeAllclose(expected, { rtol: 1e-6 });
  });

  test("Ablation-CAM: the class loses everything without one channel, and gains without the other", async () => {
    const [map] = await ablationCam(model, input, { ...options, layer: "relu1", signed: true });
    const [gone, gained] = [1, -7 / 18];
    const expected = [0, 4, 31 + 6 * gained, 40 * gone + 15 * gained];
    expect(map!.data).toBeAllclose(expected, { rtol: 1e-6 });
  });
});
