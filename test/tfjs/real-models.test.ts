/** @file Real models of TensorFlow.js see what is on pictures. Needs the material that LIMPID_MIRROR points at. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { tensor } from "../../src/graph/tensor.ts";
import { preprocessings } from "../../src/image/preprocess.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import {
  expectSame,
  filesIn,
  isMissing,
  linesIn,
  realModel,
  reason,
  topOf,
} from "./real-models.ts";

const { unit } = preprocessings;

/** The classes of TinyVGG, as CNN Explainer's page has them, by the names of its sample pictures. */
const tinyClasses = [
  "boat",
  "bug",
  "pizza",
  "pepper",
  "bus",
  "koala",
  "espresso",
  "panda",
  "orange",
  "car",
] as const;

describe.skipIf(isMissing)(`real models (${isMissing ? reason : "from LIMPID_MIRROR"})`, () => {
  test("TinyVGG knows the ten pictures of its page", async () => {
    const model = await realModel("tinyvgg-tfjs");
    const pictures = filesIn("weights/tinyvgg-tfjs/img").filter((path) => path.endsWith("_1.jpeg"));
    expect(pictures.length).toBe(tinyClasses.length);
    for (const path of pictures) {
      const top = await topOf(model, path, unit);
      expect(`${tinyClasses[top]}_1.jpeg`).toBe(basename(path));
      await expectSame(model, path, unit);
    }
  });

  test("Tiny Darknet knows 25 of the 30 photos of ImageNet, as in TensorFlow.js", async () => {
    const model = await realModel("darknet-tiny-tfjs");
    const synsets = linesIn(model, "imagenet.labels.1000.txt");
    const how = { ...unit, cropShare: 1 };
    const photos = filesIn("imagenet-sample");
    const known: string[] = [];
    for (const path of photos) {
      const top = await topOf(model, path, how);
      if (basename(path).startsWith(synsets[top]!)) known.push(path);
    }
    expect(photos.length).toBe(30);
    expect(known.length).toBe(25);
    await expectSame(model, photos[0]!, how);
  });

  test("TensorSpace's LeNet reads the digits of MNIST", async () => {
    const { graph } = await realModel("mnist-keras/tensorspace-convertedModel");
    const [pictures, labels] = filesIn("mnist")
      .filter((path) => basename(path).startsWith("t10k"))
      .map((path) => gunzipSync(readFileSync(path)));
    const count = 2000;
    const places = 28 * 28;
    const bytes = pictures!.subarray(16, 16 + count * places);
    const input = tensor(
      "float32",
      [count, 28, 28],
      Float32Array.from(bytes, (x) => x / 255),
    );
    const { softmax } = await createNodeRuntime().run(graph, { reshape_1_input: input });
    const scores = softmax!.data as Float32Array;
    let right = 0;
    for (let i = 0; i < count; i++) {
      const row = scores.subarray(i * 10, i * 10 + 10);
      if (row.indexOf(Math.max(...row)) === labels![8 + i]) right += 1;
    }
    expect(right / count).toBeGreaterThan(0.97);
  });
});
