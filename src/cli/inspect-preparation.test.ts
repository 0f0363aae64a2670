/** @file `limpid inspect MODEL [PHOTOS...]` says how pictures are prepared: who says it, or what the usual ways make of photos. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { attributionSchema } from "../app/attribute/schema.ts";
import { inspectionSchema } from "../app/inspection.ts";
import { petScene } from "../drawn/pets.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import { pictureOfFloats } from "../image/float-picture.ts";
import type { Picture } from "../image/picture.ts";
import { preprocess, preprocessings } from "../image/preprocess.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { encodePng } from "../node/codecs.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";

const runtime = createNodeRuntime();
let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
const sidePx = 24;
const size = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;

function pet(index: number): Picture {
  const { picture } = petScene(3, index, [3, sidePx, sidePx]);
  return pictureOfFloats(Float32Array.from(picture), size, "range");
}

/** Features of the first layer, each a 3 x 3 kernel over all channels. */
const features = 6;

/** Mean and variance of what a layer makes of prepared pictures, feature by feature. */
async function statistics(kernel: readonly number[]) {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, sidePx, sidePx]);
  b.output(b.op("Conv", [x, b.constant(kernel, [features, 3, 3, 3])], {}, "made"));
  const places = (sidePx - 2) ** 2;
  const made: number[][] = Array.from({ length: features }, () => []);
  for (const one of [0, 1, 2, 3, 4, 5].map(pet)) {
    const input = tensor(
      "float32",
      [1, 3, sidePx, sidePx],
      preprocess(one, preprocessings.caffe, size).data,
    );
    const numbers = toNumbers((await runtime.run(b.build(), { x: input }))["made"]!);
    for (const [i, number] of numbers.entries()) made[Math.floor(i / places)]!.push(number);
  }
  return made.map((numbers) => {
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    const variance =
      numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / numbers.length;
    return { mean, variance };
  });
}

/** Its first normalisation has the statistics of pictures in caffe's range, if it has one. */
async function network(isNormalised: boolean, channels = 3) {
  const random = randomStream("inspected");
  const kernel = Array.from({ length: features * channels * 9 }, () => 0.3 * random.normal());
  const b = new GraphBuilder();
  const x = b.input("x", [1, channels, sidePx, sidePx]);
  let made = b.op("Conv", [x, b.constant(kernel, [features, channels, 3, 3])]);
  if (isNormalised) {
    const found = await statistics(kernel);
    const of = (numbers: readonly number[]) => b.constant(numbers, [features]);
    const [means, variances] = [found.map(({ mean }) => mean), found.map((one) => one.variance)];
    const [ones, zeros] = [Array<number>(features).fill(1), Array<number>(features).fill(0)];
    made = b.op("BatchNormalization", [made, of(ones), of(zeros), of(means), of(variances)]);
  }
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [b.op("Relu", [made])])]);
  b.output(b.op("Softmax", [pooled]));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  const silent = await network(false);
  const told = { ...preprocessings.tf, name: undefined };
  const metadata = new Map([[metadataKeys.preprocessing, JSON.stringify(told)]]);
  writeFileSync(at("normalised.onnx"), encodeOnnx(await network(true)).bytes);
  writeFileSync(at("silent.onnx"), encodeOnnx(silent).bytes);
  writeFileSync(at("told.onnx"), encodeOnnx({ ...silent, metadata }).bytes);
  writeFileSync(at("bands.onnx"), encodeOnnx(await network(false, 5)).bytes);
  mkdirSync(at("photos"));
  for (const index of [0, 1, 2]) {
    writeFileSync(at("photos", `${index}.png`), await encodePng(pet(index)));
  }
  writeFileSync(at("photos", "broken.png"), "no picture");
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await runtime.release();
});

async function inspected(model: string, ...photos: readonly string[]) {
  const { code, out, err } = await limpid("inspect", at(model), ...photos, "--json");
  expect(code, err).toBe(0);
  return { err, ...v.parse(inspectionSchema, JSON.parse(out)) };
}

test("without photos: what is said, or one sentence that it is assumed and how to find out", async () => {
  const { preprocessing: silent } = await inspected("silent.onnx");
  expect(silent).toMatchObject({ name: "torchvision", chosenBy: "default" });
  expect(silent!.said).toMatch(
    /^nothing says it, so torchvision is assumed.*with a photo of yours/,
  );
  const { preprocessing: told } = await inspected("told.onnx", at("photos"));
  expect(told).toMatchObject({ chosenBy: "metadata", numbers: "RGB from −1 to 1" });
  expect(told!.said).toBe("the model's own metadata says it");
  expect(told).not.toHaveProperty("photos");
  const { out } = await limpid("inspect", at("silent.onnx"));
  expect(out).toMatch(
    /\nprepared {2}RGB from −2\.12 to 2\.64 \(torchvision\)\n {10}nothing says it/,
  );
});

test("with photos: the first decides as it does for attribute, and the others say whether they would", async () => {
  const { preprocessing, err } = await inspected("normalised.onnx", at("photos"));
  expect(err).toContain("broken.png");
  expect(preprocessing).toMatchObject({ name: "caffe", chosenBy: "pictures" });
  expect(preprocessing!.said).toMatch(/caffe/);
  expect(preprocessing!.photos!.map(({ photo }) => photo)).toEqual(
    [0, 1, 2].map((index) => at("photos", `${index}.png`)),
  );
  expect(preprocessing!.candidates!.map(({ name }) => name)).toContain("tf");
  const asked = ["--method", "gradient", "--check", "off", "--json"];
  const { out } = await limpid("attribute", at("normalised.onnx"), at("photos", "0.png"), ...asked);
  const { numbers: _, said: _1, photos: _2, ...same } = preprocessing!;
  expect(v.parse(attributionSchema, JSON.parse(out)).preprocessing).toEqual(same);
});

test("the table has a row for each preparation, with the chosen one marked", async () => {
  const { out } = await limpid("inspect", at("normalised.onnx"), at("photos"));
  expect(out).toContain("of 2 more photos 2 would choose the same");
  expect(out).toMatch(/preparation +colours +penalty +brightness +contrast +class +probability/);
  expect(out.match(/\n {10}(torchvision|caffe|tf|unit|none) .*/g)).toHaveLength(10);
  expect(out.match(/\n {10}caffe +BGR .*chosen\n/g)).toHaveLength(1);
  const silent = await limpid("inspect", at("silent.onnx"), at("photos", "1.png"));
  expect(silent.out).toMatch(
    /nothing in the network tells which is right.*; torchvision is assumed\n/,
  );
});

test("a network of other channels than pictures have has no preparation", async () => {
  expect((await inspected("bands.onnx", at("photos"))).preprocessing).toBeNull();
});

test.each([
  ["a photo that is none", ["photos", "broken.png"], /broken\.png/],
  ["a photo that there is not", ["missing.png"], /missing\.png/],
])("%s is refused", async (_, path, message) => {
  const { code, err } = await limpid("inspect", at("silent.onnx"), at(...path));
  expect(code).toBe(1);
  expect(err).toMatch(message);
});
