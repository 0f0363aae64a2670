/**
 * @file Every reader of bytes reads the same from a view in the middle of a larger buffer, Node's `Buffer` among
 * them, whose `slice` is a view; and what it read is no part of that buffer, unless it says so.
 */
import * as fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { SetRecord, type SetPlan } from "../src/activations/set-record.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensor, tensorOf } from "../src/graph/tensor.ts";
import { decodeBmp } from "../src/image/bmp.ts";
import { pictureFormatOf } from "../src/image/signature.ts";
import {
  decodeCheckpoint,
  decodeNpy,
  decodeOnnx,
  decodeSafetensors,
  encodeCheckpoint,
  encodeNpy,
  encodeOnnx,
  encodeSafetensors,
  type DecodeOptions,
  type TrainingState,
} from "../src/index.ts";
import { decodePicture } from "../src/node/codecs.ts";
import { decodeIdx } from "../src/train/data/idx.ts";
import { loadGoldenModel } from "./goldens/load.ts";

const weights = {
  single: tensorOf("float32", [3], [0.5, -2, 7]),
  double: tensorOf("float64", [2], [0.1, 3]),
  whole: tensorOf("int64", [2], [-1, 2 ** 40]),
  byte: tensorOf("uint8", [3], [1, 2, 255]),
  half: tensor("float16", [2], Uint16Array.of(0x3c00, 0xc000)),
};

function modelOfWeights() {
  const b = new GraphBuilder();
  for (const [name, value] of Object.entries(weights)) b.output(b.initializer(name, value));
  return b.build();
}

/** A model whose weights lie in files beside it. */
const outside = encodeOnnx(modelOfWeights(), { externalThresholdBytes: 1 });

const plan: SetPlan = { layers: [{ name: "l", dims: [1, 2] }], pictures: 2, k: 1, pooled: [1] };

const state: TrainingState = {
  kind: { seed: 1, batchSize: 2, batchesPerEpoch: 3, optimizer: "sgd", loss: "cross-entropy" },
  batch: 1,
  sums: { loss: 1, correct: 0, examples: 2, seconds: 1, stepSeconds: 1 },
  history: [],
  tensors: weights,
  best: undefined,
};

const idx = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9);

/** A bitmap of 2 x 1 pixels of 24 bits. */
const bmp = new Uint8Array(62);
bmp.set([0x42, 0x4d, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]);
bmp.set([1, 0, 24], 26);
bmp.set([1, 2, 3, 4, 5, 6], 54);

const png = new Uint8Array(
  await sharp({ create: { width: 3, height: 2, channels: 3, background: "#804020" } })
    .png()
    .toBuffer(),
);

/** What a model's graph is as text that compares fast. */
function writtenAgain(bytes: Uint8Array, options: DecodeOptions = {}): string {
  return Buffer.from(encodeOnnx(decodeOnnx(bytes, options)).bytes).toString("latin1");
}

interface Reader {
  readonly name: string;
  readonly bytes: Uint8Array;
  read(bytes: Uint8Array): unknown;
}

const readers: readonly Reader[] = [
  { name: "decodeOnnx", bytes: encodeOnnx(modelOfWeights()).bytes, read: decodeOnnx },
  {
    name: "decodeOnnx of a network",
    bytes: loadGoldenModel("mnist"),
    read: (bytes) => writtenAgain(bytes),
  },
  {
    name: "decodeOnnx that may change the bytes",
    bytes: loadGoldenModel("mnist"),
    read: (bytes) => writtenAgain(bytes, { takeOver: true }),
  },
  {
    name: "decodeSafetensors",
    bytes: encodeSafetensors(weights, { key: "value" }),
    read: decodeSafetensors,
  },
  { name: "decodeNpy", bytes: encodeNpy(weights.double), read: (bytes) => decodeNpy(bytes) },
  { name: "decodeIdx", bytes: idx, read: (bytes) => decodeIdx({ name: "idx", bytes }) },
  { name: "decodeCheckpoint", bytes: encodeCheckpoint(state), read: decodeCheckpoint },
  {
    name: "SetRecord.decode",
    bytes: new SetRecord(plan).encode("recipe"),
    read: (bytes) => SetRecord.decode(plan, "recipe", bytes)!.encode("recipe"),
  },
  { name: "decodeBmp", bytes: bmp, read: decodeBmp },
  { name: "decodePicture", bytes: png, read: (bytes) => decodePicture(bytes, "x.png") },
  { name: "pictureFormatOf", bytes: png, read: pictureFormatOf },
];

/** The bytes between random ones, in a Buffer or an array of the usual kind. */
function placed(bytes: Uint8Array, before: Uint8Array, after: Uint8Array, isBuffer: boolean) {
  const all = new Uint8Array(before.length + bytes.length + after.length);
  all.set(before);
  all.set(bytes, before.length);
  all.set(after, before.length + bytes.length);
  return isBuffer
    ? Buffer.from(all.buffer, before.length, bytes.length)
    : all.subarray(before.length, before.length + bytes.length);
}

const padding = fc.uint8Array({ maxLength: 40 });

describe("bytes in the middle of a buffer", () => {
  test.each(readers)("$name", async ({ bytes, read }) => {
    const expected = await read(bytes.slice());
    await fc.assert(
      fc.asyncProperty(padding, padding, fc.boolean(), async (before, after, isBuffer) => {
        expect(await read(placed(bytes, before, after, isBuffer))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("data beside a model", () => {
    const expected = decodeOnnx(encodeOnnx(modelOfWeights()).bytes);
    const fileOf = (location: string) =>
      outside.external.find(({ path }) => path === location)!.data;
    fc.assert(
      fc.property(padding, padding, fc.boolean(), (before, after, isBuffer) => {
        const external = (location: string) => placed(fileOf(location), before, after, isBuffer);
        const { initializers } = decodeOnnx(outside.bytes, { external });
        expect(initializers).toEqual(expected.initializers);
      }),
    );
  });

  test.each(readers.filter(({ name }) => /Safetensors|Npy/.test(name)))(
    "what $name read stays when the buffer is used again",
    ({ bytes, read }) => {
      const buffer = Buffer.from(bytes);
      const result = read(buffer);
      buffer.fill(0);
      expect(result).toEqual(read(bytes));
    },
  );
});
