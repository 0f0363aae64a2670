/** @file What calls are handed: everything that is no input is refused in words, and each call reads its own. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "../../../test/command-line.ts";
import { LimpidError } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { tensor } from "../../graph/tensor.ts";
import { picture } from "../../image/picture.ts";
import { decodePicture, encodePng, readPicture } from "../../node/codecs.ts";
import { open } from "../../node.ts";
import { handedInput, purposes, type NetInput } from "./handed-input.ts";
import type { Net } from "./net.ts";

let folder: string;
let net: Net;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await folderWithModel();
  net = await open(at("good.onnx"), { preprocess: "unit" });
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

const side = fc.integer({ min: 1, max: 6 });
const channels = fc.constantFrom(1, 3, 4);
const pixels = fc.record({ widthPx: side, heightPx: side, channels }).map((sides) => ({
  ...sides,
  data: new Uint8Array(sides.widthPx * sides.heightPx * sides.channels).fill(9),
}));
const array = fc.array(side, { minLength: 1, maxLength: 4 }).map((dims) => ({
  type: "float32",
  dims,
  data: new Float32Array(dims.reduce((count, size) => count * size, 1)),
}));

/** Numbers with one of their parts in the way that programs get it wrong. */
const spoiled = fc.oneof(
  fc.tuple(pixels, fc.integer({ min: 1, max: 300 })).map(([good, more]) => ({
    ...good,
    data: new Uint8Array(good.data.length + more),
  })),
  pixels.map((good) => ({ ...good, data: good.data.subarray(1) })),
  pixels.map((good) => ({ ...good, widthPx: 2 * good.widthPx })),
  pixels.map((good) => ({ ...good, data: Float32Array.from(good.data, (value) => value / 255) })),
  pixels.map((good) => ({ ...good, data: Array.from(good.data) })),
  fc
    .tuple(pixels, fc.constantFrom(0, -1, 1.5, Number.NaN, "8", undefined))
    .map(([good, widthPx]) => ({ ...good, widthPx })),
  fc.tuple(pixels, fc.constantFrom(0, 2, 5, "3", undefined)).map(([good, wrong]) => ({
    ...good,
    channels: wrong,
  })),
  array.map((good) => ({ ...good, data: new Float32Array(good.data.length + 1) })),
  array.map((good) => ({ ...good, data: new Float64Array(good.data.length) })),
  array.map((good) => ({ ...good, data: Array.from(good.data) })),
  array.map((good) => ({ ...good, dims: [...good.dims, -1] })),
  fc
    .tuple(array, fc.constantFrom(undefined, "f32", "string", "constructor", 3))
    .map(([good, type]) => ({ ...good, type })),
);

const strange = fc.oneof(
  spoiled,
  fc.oneof(fc.anything(), fc.object()).filter((value) => typeof value !== "string"),
  fc.uint8Array(),
  fc.constantFrom<unknown>(
    "",
    new URL("file:///photo.jpg"),
    Promise.resolve("photo.jpg"),
    Buffer.from([1]),
    new ArrayBuffer(4),
    [],
    {},
    Symbol("photo"),
    () => "photo.jpg",
  ),
);

test("what is no input is refused in words for whatever it is handed in", () => {
  fc.assert(
    fc.property(strange, fc.constantFrom(...Object.values(purposes)), (given, purpose) => {
      let refused: unknown;
      try {
        handedInput(given, purpose, decodePicture);
      } catch (error) {
        refused = error;
      }
      expect(refused).toBeInstanceOf(LimpidError);
      const { code, message } = refused as LimpidError;
      expect(["bad-option", "shape-mismatch"]).toContain(code);
      expect(message).toMatch(new RegExp(`^${purpose.where}: .*, got .*\\. `));
    }),
    { numRuns: 600 },
  );
});

test("no call takes what is no input", async () => {
  const calls = [
    (given: NetInput) => net.explain(given),
    (given: NetInput) => net.activations(given),
    (given: NetInput) => net.explain(at("good.png"), { mask: given }),
    (given: NetInput) => net.explain(at("good.png"), { reference: given }),
    (given: NetInput) => open(at("good.onnx"), { inputs: { x: given as never } }),
  ];
  await fc.assert(
    fc.asyncProperty(spoiled, fc.constantFrom(...calls), async (given, call) => {
      await expect(call(given as never)).rejects.toMatchObject({
        code: expect.stringMatching(/^(bad-option|shape-mismatch)$/) as unknown,
      });
    }),
    { numRuns: 100 },
  );
});

test("calls that overlap read each what it was handed, whatever it is called", async () => {
  const drawn = await Promise.all([3, 50, 90, 200].map(drawnPicture));
  const references = await Promise.all(drawn.map(({ asPath }) => net.explain(asPath)));
  const forms = fc.constantFrom("asFile", "asBlob", "asNamed", "asPixels", "asPath");
  const call = fc.tuple(fc.nat({ max: 3 }), forms);
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 5 }), async (calls) => {
      const whys = await Promise.all(calls.map(([i, form]) => net.explain(drawn[i]![form])));
      for (const [place, [i]] of calls.entries()) {
        expect(whys[place]!.map.data).toEqual(references[i]!.map.data);
      }
    }),
    { numRuns: 40 },
  );
});

test("a reference and a mask of the input's name are read as themselves", async () => {
  const [photo, other] = await Promise.all([3, 90].map(drawnPicture));
  const asked = { reference: other!.asPath } as const;
  const ofPaths = await net.explain(photo!.asPath, asked);
  for (const form of ["asFile", "asBlob", "asNamed"] as const) {
    // oxlint-disable-next-line no-await-in-loop -- three maps of 8 by 8
    const ofFiles = await net.explain(photo![form], { reference: other![form] });
    expect(ofFiles.map.data).toEqual(ofPaths.map.data);
  }
  const half = Float32Array.from({ length: 64 }, (_, i) => (i < 32 ? 1 : 0));
  const mask = encodeNpy(tensor("float32", [8, 8], half));
  writeFileSync(at("mask.npy"), mask);
  const ofPart = { target: "features:1", method: "gradient" } as const;
  const byPath = await net.explain(photo!.asPath, { ...ofPart, mask: at("mask.npy") });
  const inHand = { name: "mask.npy", data: mask };
  const byBytes = await net.explain(photo!.asBlob, { ...ofPart, mask: inHand });
  expect(byBytes.map.data).toEqual(byPath.map.data);
});

test("what is changed while a call runs is not what it is about", async () => {
  const { asPixels } = await drawnPicture(50);
  const before = await net.explain({ ...asPixels, data: asPixels.data.slice() });
  const running = net.explain(asPixels);
  asPixels.data.fill(255);
  expect((await running).map.data).toEqual(before.map.data);
});

test("a file in hand is named as the user knows it", async () => {
  const broken = new File(["no picture"], "holiday.jpg");
  await expect(net.explain(broken)).rejects.toThrow('"holiday.jpg"');
  await expect(net.explain(new Blob(["none"]))).rejects.toThrow('"picture"');
});

/** A picture by a seed, in each of the forms that are taken; all files have one name. */
async function drawnPicture(seed: number) {
  const data = Uint8Array.from({ length: 192 }, (_, i) => (seed * (i + 1) * 37) % 251);
  const bytes = await encodePng(picture(8, 8, 3, data));
  const asPath = at(`drawn-${seed}.png`);
  writeFileSync(asPath, bytes);
  return {
    asPath,
    asFile: new File([new Uint8Array(readFileSync(asPath))], "photo.png"),
    asBlob: new Blob([new Uint8Array(bytes)]),
    asNamed: { name: "photo.png", data: bytes },
    asPixels: { ...(await readPicture(asPath)) },
  };
}
