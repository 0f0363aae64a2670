/** @file Tensors that are given to networks in either layout. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { wordsOf, libraryWords, commandWords } from "../wording/face.ts";
import { picture } from "../image/picture.ts";
import { preprocessings } from "../image/preprocess.ts";
import { pictureSource } from "./source.ts";
import { tensorSource } from "./tensor-source.ts";

const platform = { readText: () => Promise.reject(new Error("no file is read")) };
const origin = { name: "t", order: "of the file", preprocessing: undefined } as const;

/** A network of 12 bands, channels last. */
function bands(): Model {
  const b = new GraphBuilder();
  const x = b.transpose(b.input("x", [1, 2, 3, 12]), [0, 3, 1, 2]);
  const filtered = b.op("Conv", [x, b.fill([2, 12, 1, 1], 1)], { kernel_shape: [1, 1] });
  b.output(b.reduceMean(filtered, [2, 3], false));
  return new Model(b.build(), createNodeRuntime());
}

test("a tensor in the axes of the model's file is turned", async () => {
  const own = tensorOf(
    "float32",
    [1, 2, 3, 12],
    Array.from({ length: 72 }, (_, i) => i),
  );
  const { input, note } = await tensorSource(platform, bands(), own, origin);
  expect(input.dims).toEqual([1, 12, 2, 3]);
  expect(Array.from(input.data as Float32Array).slice(0, 7)).toEqual([0, 12, 24, 36, 48, 60, 1]);
  expect(note).toBeUndefined();
});

test("a tensor with channels first is taken as it is where it fits so alone, which is said", async () => {
  const first = tensorOf("float32", [1, 12, 2, 3], new Float32Array(72));
  const { input, note } = await tensorSource(platform, bands(), first, origin);
  expect(input).toBe(first);
  expect(wordsOf(note!, libraryWords)).toBe(
    "the tensor fits as [N, C, H, W] alone and is read so, while the model's file has [N, H, W, C]",
  );
});

/** A network of colour pictures of any size. */
function colours(sidePx: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, sidePx, sidePx]);
  b.output(b.reduceMean(b.op("Relu", [x]), [2, 3], false));
  return new Model(b.build(), createNodeRuntime());
}

const sides = fc.tuple(fc.integer({ min: 20, max: 90 }), fc.integer({ min: 20, max: 90 }));

test("what a crop leaves is told, and is what the network sees", () => {
  const model = colours(16);
  fc.assert(
    fc.property(sides, ([widthPx, heightPx]) => {
      const whole = picture(widthPx, heightPx, 3, new Uint8Array(3 * widthPx * heightPx));
      const { crop } = pictureSource(model, whole, {
        how: preprocessings.unit,
        chosenBy: "request",
      });
      const told = /middle (\d+) x (\d+) of (\d+) x (\d+)/.exec(wordsOf(crop!, commandWords))!;
      const [seenWidth, seenHeight, ...size] = told.slice(1).map(Number);
      expect(size).toEqual([widthPx, heightPx]);
      const wanted = Math.min(widthPx, heightPx) * preprocessings.unit.cropShare;
      // Sides are whole pixels before and after the crop.
      const slack = 1 + Math.max(widthPx, heightPx) / 16;
      expect(Math.abs(seenWidth! - wanted)).toBeLessThan(slack);
      expect(Math.abs(seenHeight! - wanted)).toBeLessThan(slack);
    }),
  );
});

test.each(["pad", "stretch"] as const)("nothing is told where nothing is cut off: %s", (resize) => {
  const whole = picture(40, 20, 3, new Uint8Array(3 * 40 * 20));
  const how = { ...preprocessings.unit, resize };
  expect(pictureSource(colours(16), whole, { how, chosenBy: "request" }).crop).toBeUndefined();
  const exact = picture(16, 16, 3, new Uint8Array(3 * 16 * 16));
  expect(
    pictureSource(colours(16), exact, { how: preprocessings.unit, chosenBy: "request" }).crop,
  ).toBeUndefined();
});

test("a plain middle is not blamed on the file, and a plain picture not on the crop", () => {
  const data = new Uint8Array(3 * 40 * 20);
  const of = () =>
    pictureSource(colours(16), picture(40, 20, 3, data), {
      how: preprocessings.unit,
      chosenBy: "request",
    });
  expect(of().plain).toBeUndefined();
  data[0] = 200;
  expect(wordsOf(of().plain!, commandWords)).toMatch(/middle .* same everywhere.* crop leaves out/);
});
