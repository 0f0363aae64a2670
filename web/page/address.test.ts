/** @file Addresses hold views, and strange ones are views too. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  addressed,
  addressedModel,
  addressOf,
  firstView,
  settingsIn,
  settingsText,
  viewOf,
  type View,
} from "./address.ts";

const text = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ minLength: 1, unit: "binary" }),
  fc.constantFrom(
    "a&b=c#d",
    "%00",
    "%E0%A4%A",
    "+ +",
    "\u202eexe.png",
    "<script>",
    "drawn:1 ",
    "pets\n",
  ),
);
const views: fc.Arbitrary<View> = fc.record({
  model: text,
  modelName: fc.option(text, { nil: undefined }),
  layer: fc.option(text, { nil: undefined }),
  channel: fc.option(fc.nat(), { nil: undefined }),
  method: text,
  settings: fc.option(text, { nil: undefined }),
  target: text,
  region: fc.option(
    fc.constantFrom("box_0_0.25_0.5_1", "painted_3x2_1.2.3", "painted_56x42_0.1.1tb"),
    { nil: undefined },
  ),
  picture: text,
  preprocess: fc.option(fc.string(), { nil: undefined }),
  pictureName: fc.option(text, { nil: undefined }),
});

test("a view is the same again behind its address", () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(viewOf(`#${addressOf(view)}`)).toEqual(view);
    }),
  );
});

test("any text is the address of a view", () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const { channel } = viewOf(hash);
      expect(channel === undefined || Number.isInteger(channel)).toBe(true);
    }),
  );
  expect(viewOf("")).toEqual(firstView);
});

test("files stand in an address by their digests, with their names beside them", () => {
  const digest = "0123456789abcdef".repeat(4);
  const file = { kind: "file", file: new File([], "a.png") } as const;
  expect(addressed(file, { name: "a.png", digest })).toEqual({
    picture: digest,
    pictureName: "a.png",
  });
  expect(addressed({ kind: "drawn", number: 3 }, { name: "drawn 3" }).picture).toBe("drawn:3");
  expect(addressedModel({ kind: "files", files: [] }, { name: "a.onnx", digest })).toEqual({
    model: digest,
    modelName: "a.onnx",
  });
  expect(addressedModel({ kind: "shipped", name: "pets" }, { name: "pets.onnx", digest })).toEqual({
    model: "pets",
    modelName: undefined,
  });
});

test("settings are the same again behind their text", () => {
  fc.assert(
    fc.property(fc.dictionary(text, text), (given) => {
      const settings = Object.fromEntries(Object.entries(given));
      const again = settingsIn(settingsText(settings));
      expect(Object.entries(again)).toEqual(Object.entries(settings));
    }),
  );
});
