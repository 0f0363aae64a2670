/** @file Maps of the shipped networks for drawn scenes peak on what is meant; `npm run bench -- planted-truth` asks 200 scenes. */
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { choosePreprocessing } from "../src/network/choose-preprocessing.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { plantedBoxes, plantedPlaces } from "./planted-truth.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

async function opened(name: string) {
  const bytes = readFileSync(new URL(`../assets/networks/${name}.onnx`, import.meta.url));
  const model = new Model(decodeOnnx(bytes), runtime);
  return { model, how: (await choosePreprocessing(model, undefined)).how };
}

test("LayerCAM of the scales of a detector peaks on the object of each box, on another for another box", async () => {
  const { model, how } = await opened("shapes-detect");
  const asked = { first: 0, scenes: 12, methods: [["layer-cam", {}]] } as const;
  const [boxes] = await plantedBoxes(model, how, asked);
  expect(boxes!.all).toBeGreaterThan(25);
  expect(boxes!.share).toBeGreaterThanOrEqual(0.95);
  expect(boxes!.pairs).toBeGreaterThan(3);
  expect(boxes!.samePeaks).toBe(0);
  expect(boxes!.likeness).toBeLessThan(0.3);
});

test("LayerCAM and HiResCAM of a segmenter peak on an object of the class, where it is found", async () => {
  const { model, how } = await opened("shapes-segment");
  const methods = [
    ["layer-cam", {}],
    ["hires-cam", {}],
  ] as const;
  const tallies = await plantedPlaces(model, how, { first: 0, scenes: 12, methods });
  for (const { all, share } of tallies) {
    expect(all).toBeGreaterThan(15);
    expect(share).toBeGreaterThanOrEqual(0.95);
  }
});
