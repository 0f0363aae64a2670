/** @file The toy network of Captum's tests: class activation maps that can be worked out by hand. */
import { afterAll, describe, expect, test } from "vitest";
import type { FeatureMap } from "../src/attribution/cam/cam.ts";
import { gradCamPlusPlusMap } from "../src/attribution/cam/grad-cam-plus-plus.ts";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { attributionMethods } from "../src/attribution/index.ts";
import { perturbedScores, scoreRows } from "../src/attribution/perturbation/scored-rows.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { counted, toyNetwork } from "./toy-network.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());
const model = new Model(toyNetwork(), runtime);
const input = counted(0);

/** What the layers hold, [2 channels][2 x 2 places]. */
const activations = {
  conv1: [
    [-5, 4, 31, 40],
    [-30, -21, 6, 15],
  ],
  relu1: [
    [0, 4, 31, 40],
    [0, 0, 6, 15],
  ],
} as const;
type LayerName = keyof typeof activations;

/** The map that weights, one a channel, make of a layer. */
function weighted(layer: LayerName, weights: readonly number[]): number[] {
  return [0, 1, 2, 3].map((place) =>
    weights.reduce((sum, weight, k) => sum + weight * activations[layer][k]![place]!, 0),
  );
}

async function featuresOf(layer: LayerName): Promise<FeatureMap> {
  const [row] = await explainRows(model, input, { targets: [0], values: [layer] });
  return { channels: 2, places: 4, activations: row!.values[0]!, gradients: row!.gradients[0]! };
}

async function camOf(
  method: "grad-cam-plus-plus" | "hires-cam" | "layer-cam" | "xgrad-cam" | "score-cam",
  layer: LayerName,
  variant?: string,
): Promise<number[]> {
  const options = { targets: [0], layer, signed: true, ...(variant ? { variant } : {}) };
  const [map] = await attributionMethods[method].run(model, input, options);
  return Array.from(map!.data);
}

describe("toy network", () => {
  test("activations, and zeros behind the ReLU", async () => {
    const values = ["conv1", "relu1"];
    const [row] = await scoreRows(model, input, { targets: [0], values });
    const [conv, relu] = row!.values.map((value) => Array.from(value));
    expect([conv, relu]).toEqual([activations.conv1.flat(), activations.relu1.flat()]);
    const zeroShare = (part: readonly number[]) =>
      part.filter((value) => value === 0).length / part.length;
    expect([relu!, relu!.slice(0, 4), relu!.slice(4)].map(zeroShare)).toEqual([0.375, 0.25, 0.5]);
  });

  test("what each channel gives to Grad-CAM at conv1", async () => {
    const features = await featuresOf("conv1");
    const split = [0, 1].map((k) => {
      const own = [4 * k, 4 * k + 4] as const;
      const weight = features.gradients.slice(...own).reduce((sum, dy) => sum + dy) / 4;
      return Array.from(features.activations.slice(...own), (value) => weight * value);
    });
    expect(split).toEqual([
      [-3.75, 3, 23.25, 30],
      [15, 10.5, -3, -7.5],
    ]);
  });

  test.each(["conv1", "relu1"] as const)(
    "HiResCAM at %s, which sums to the output",
    async (layer) => {
      const map = await camOf("hires-cam", layer);
      expect(map).toEqual([0, 4, 25, 25]);
      expect(map.reduce((sum, value) => sum + value)).toBe(54);
    },
  );

  test.each(["conv1", "relu1"] as const)("LayerCAM at %s", async (layer) => {
    expect(await camOf("layer-cam", layer)).toEqual([0, 4, 31, 40]);
  });

  test.each([
    ["conv1", [75 / 70, 0.7]],
    ["relu1", [1, -1]],
  ] as const)("XGrad-CAM at %s, which the layer's place changes", async (layer, weights) => {
    expect(await camOf("xgrad-cam", layer)).toBeAllclose(weighted(layer, weights), { rtol: 1e-6 });
  });

  test.each([
    ["conv1", [0.0416667, 0]],
    ["relu1", [0.0519481, 0.0434783]],
  ] as const)("Grad-CAM++ at %s, with the sum of activations", async (layer, weights) => {
    for (const variant of ["paper", "pytorch-grad-cam"]) {
      const map = await camOf("grad-cam-plus-plus", layer, variant);
      expect(map).toBeAllclose(weighted(layer, weights), { rtol: 2e-6 });
    }
  });

  test("Grad-CAM++ as xplique has it, with their mean", async () => {
    const features = await featuresOf("relu1");
    const quarter = features.activations.map((value) => value / features.places);
    const map = gradCamPlusPlusMap({ ...features, activations: quarter }, "paper");
    const expected = weighted("relu1", [0.1927711, 0.137931]);
    expect(map.map((value) => value * features.places)).toBeAllclose(expected, { rtol: 1e-6 });
  });

  test("Score-CAM: outputs of masked pictures, and the map of its own bilinear masks", async () => {
    const masked = async (maskOf: (k: number) => readonly number[]) => {
      const masks = [0, 1].map(maskOf);
      const write = (k: number, into: Float32Array) => into.set(masks[k]!.map((m, i) => m * i));
      const request = { dims: [1, 4, 4], count: 2, target: 0, write, signal: undefined };
      return Array.from(await perturbedScores(model, request));
    };
    // Both channels begin at 0, so that the largest place is all that scales them.
    const scaled = activations.relu1.map((own) => own.map((value) => value / Math.max(...own)));
    const nearest = (k: number) =>
      Array.from({ length: 16 }, (_, i) => scaled[k]![2 * (i >> 3) + ((i & 3) >> 1)]!);
    expect(await masked(nearest)).toBeAllclose([25.5, 8.8], { rtol: 1e-6 });
    expect(await masked(() => Array<number>(16).fill(0))).toEqual([0, 0]);
    // Between the middles of two places, which lie at pixels 0.5 and 2.5.
    const shares = [0, 0.25, 0.75, 1];
    const bilinear = (k: number) =>
      Array.from({ length: 16 }, (_, i) => {
        const [down, across] = [shares[i >> 2]!, shares[i & 3]!];
        const [a, b, c, d] = scaled[k] as [number, number, number, number];
        return (
          (1 - down) * ((1 - across) * a + across * b) + down * ((1 - across) * c + across * d)
        );
      });
    const powers = (await masked(bilinear)).map((score) => Math.exp(score));
    const weights = powers.map((power) => power / (powers[0]! + powers[1]!));
    expect(await camOf("score-cam", "relu1")).toBeAllclose(weighted("relu1", weights));
  });
});
