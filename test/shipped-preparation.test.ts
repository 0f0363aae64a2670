/** @file The shipped networks without their metadata, and drawn pictures: their preparation is found, or said not to be known. */
import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { readPreprocessing } from "../src/app/preparation.ts";
import { drawDigit } from "../src/drawn/digits.ts";
import { petScene } from "../src/drawn/pets.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { pictureOfFloats } from "../src/image/float-picture.ts";
import type { Picture } from "../src/image/picture.ts";
import { choosePreprocessing } from "../src/network/choose-preprocessing.ts";
import { Model } from "../src/network/model.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { commandWords, wordsOf } from "../src/wording/face.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function pet(index: number): Picture {
  const { picture } = petScene(5, index, [3, 96, 96]);
  return pictureOfFloats(picture, { channels: 3, heightPx: 96, widthPx: 96 }, "range");
}

function digit(index: number): Picture {
  const { picture } = drawDigit(5, index);
  return pictureOfFloats(picture, { channels: 1, heightPx: 28, widthPx: 28 }, "range");
}

test.each<[string, (index: number) => Picture, string, readonly string[]]>([
  // 0..1, less 0.5, over 0.25: as far as torchvision's.
  ["pets", pet, "torchvision", ["fits", "usual fits"]],
  ["cats-dogs", pet, "torchvision", ["nothing tells"]],
  ["mnist", digit, "unit", ["nothing tells"]],
])("%s", async (name, draw, wanted, verdicts) => {
  const bytes = readFileSync(new URL(`../assets/networks/${name}.onnx`, import.meta.url));
  const graph = decodeOnnx(bytes);
  const told = await choosePreprocessing(new Model(graph, runtime), undefined);
  expect(told.chosenBy).toBe("metadata");
  for (const index of [0, 1]) {
    const bare = new Model({ ...graph, metadata: new Map() }, runtime);
    const picture = draw(index);
    const found = await readPreprocessing(nodePlatform, bare, undefined, { name: "p", picture });
    expect([found.how.name, found.chosenBy]).toEqual([wanted, "default"]);
    expect(verdicts).toContain(found.comparison!.verdict);
    expect(wordsOf(found.compared!, commandWords)).toMatch(
      /fits the running|nothing in the network tells/,
    );
  }
});
