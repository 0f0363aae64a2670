/** @file Files that visitors of the explorer have in hand: networks of several kinds, and a photo. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import type { Page } from "playwright-core";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { petScene } from "../../src/drawn/pets.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import { encodePng } from "../../src/node/codecs.ts";
import { openModel } from "../../src/node/open-model.ts";
import { archive } from "../keras/keras-files.ts";

export interface VisitorFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const networks = fileURLToPath(new URL("../../assets/networks", import.meta.url));

export function fileOf(name: string, bytes: Uint8Array): VisitorFile {
  return { name, mimeType: "", buffer: Buffer.from(bytes) };
}

export function shippedFile(name: string): VisitorFile {
  return fileOf(name, readFileSync(join(networks, name)));
}

/** A drawn face that is not of the page. */
export async function photo(name: string, number: number): Promise<VisitorFile> {
  const side = 96;
  const { picture } = petScene(11, number, [3, side, side]);
  const drawn = pictureOfFloats(picture, { channels: 3, heightPx: side, widthPx: side }, "range");
  return { ...fileOf(name, await encodePng(drawn)), mimeType: "image/png" };
}

/** A network whose numbers lie in a file of their own. */
export async function inTwoParts(): Promise<readonly VisitorFile[]> {
  const graph = await openModel(join(networks, "pets.onnx"));
  const { bytes, external } = encodeOnnx(graph, { externalThresholdBytes: 1024 });
  return [fileOf("faces.onnx", bytes), ...external.map(({ path, data }) => fileOf(path, data))];
}

/** A small network of Keras 3 with numbers of no meaning. */
export async function kerasFile(): Promise<VisitorFile> {
  const numbers = (dims: readonly number[]) => ({ dims, data: [] });
  const model = {
    name: "small",
    isSequential: true,
    inputs: [{ name: "input_layer", dims: [32, 32, 3] }],
    calls: [
      {
        layer: {
          name: "conv2d",
          className: "Conv2D",
          config: { filters: 8, kernel_size: [3, 3], padding: "same", activation: "relu" },
          weights: { kernel: numbers([3, 3, 3, 8]), bias: numbers([8]) },
        },
        inputs: [0],
      },
      {
        layer: {
          name: "global_average_pooling2d",
          className: "GlobalAveragePooling2D",
          config: {},
          weights: {},
        },
        inputs: [1],
      },
      {
        layer: {
          name: "dense",
          className: "Dense",
          config: { units: 3, activation: "softmax" },
          weights: { kernel: numbers([8, 3]), bias: numbers([3]) },
        },
        inputs: [2],
      },
    ],
    outputs: [3],
  };
  const waves = (dims: readonly number[]) =>
    Float32Array.from({ length: dims.reduce((all, one) => all * one, 1) }, (_, i) => Math.sin(i));
  return fileOf("small.keras", await archive(model, ({ dims }) => waves(dims)));
}

const teachable = join(process.env["LIMPID_MIRROR"] ?? "", "weights/teachable-machine");
export const hasTeachable = existsSync(join(teachable, "model.json"));

/** As Teachable Machine gives it: everything in one archive. */
export function teachableFile(): VisitorFile {
  const names = ["model.json", "metadata.json", "weights.bin"];
  const files = names.map((name) => [name, new Uint8Array(readFileSync(join(teachable, name)))]);
  return fileOf("converted_tfjs.zip", zipSync(Object.fromEntries(files), { level: 0 }));
}

/** As if they were let fall on the page. */
export async function drop(page: Page, files: readonly VisitorFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({
    name,
    type: mimeType,
    bytes: buffer.toString("base64"),
  }));
  await page.evaluate((all) => {
    const transfer = new DataTransfer();
    for (const { name, type, bytes } of all) {
      const data = Uint8Array.from(atob(bytes), (letter) => letter.codePointAt(0)!);
      transfer.items.add(new File([data], name, { type }));
    }
    const place = document.querySelector(".page")!;
    for (const kind of ["dragover", "drop"]) {
      place.dispatchEvent(new DragEvent(kind, { bubbles: true, dataTransfer: transfer }));
    }
  }, given);
}
