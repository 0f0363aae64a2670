/** @file Of a shared address everything is there, or a sentence says what is not. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, firstView, viewOf, type View } from "../address.ts";
import { absentOf, ofSharedModel, sharedIn, shownAtFirst } from "./shared-view.ts";

const [ownNetwork, ownPicture] = ["0123456789abcdef".repeat(4), "fedcba9876543210".repeat(4)];
const network = { name: "own.onnx", digest: ownNetwork };
const picture = { name: "cat.png", digest: ownPicture };
const shared: View = {
  model: ownNetwork,
  modelName: network.name,
  layer: "conv",
  channel: 3,
  method: "gradient",
  settings: "noise=0.1",
  target: "cat",
  region: "box_0_0_0.5_1",
  picture: ownPicture,
  preprocess: undefined,
  pictureName: picture.name,
};
const atFirst = { view: firstView, model: { name: "pets.onnx", digest: "1".repeat(64) } };

test("both are asked for by name and first digits", () => {
  const drawn = { name: "drawn 1" };
  expect(absentOf(shared, { ...atFirst, picture: drawn })).toEqual({
    model: "“own.onnx” (01234567)",
    picture: "“cat.png” (fedcba98)",
    lost: undefined,
    otherModel: undefined,
    otherPicture: undefined,
  });
  expect(ofSharedModel(shared, { ...atFirst, picture: drawn })).toEqual({});
});

test("others that are dropped are said to be others, and the own ones are known", () => {
  const view = { ...firstView, model: "2".repeat(64) };
  const model = { name: "other.onnx", digest: view.model };
  const other = { name: "dog.png", digest: "3".repeat(64) };
  expect(absentOf(shared, { view, model, picture: other })).toMatchObject({
    otherModel: "“other.onnx” (22222222)",
    otherPicture: "“dog.png” (33333333)",
  });
  const open = { view: { ...firstView, model: ownNetwork }, model: network, picture: other };
  expect(absentOf(shared, open)).toMatchObject({ model: undefined, otherModel: undefined });
  expect(ofSharedModel(shared, open)).toEqual({
    layer: "conv",
    channel: 3,
    method: "gradient",
    settings: "noise=0.1",
    preprocess: undefined,
  });
  expect(absentOf(shared, { ...open, picture })).toBeUndefined();
});

test("what the page has is shown at once, and pictures that were no files are not to be had", () => {
  const drawn = { ...firstView, model: "mnist", picture: "drawn:4", layer: "a" };
  expect(sharedIn(drawn)).toBeUndefined();
  expect(shownAtFirst(drawn, firstView)).toEqual(drawn);
  const camera = { ...firstView, picture: "camera" };
  const seen = { ...atFirst, picture: { name: "drawn 1" } };
  expect(absentOf(camera, seen)).toMatchObject({ lost: "“camera”", picture: undefined });
});

test("whatever an address says is cut and spelled out", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary", minLength: 1 }),
      (name, model) => {
        const view = viewOf(addressOf({ ...shared, model, modelName: name }));
        const said = absentOf(view, { ...atFirst, picture })?.model;
        if (said === undefined) return;
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(said.length).toBeLessThan(100);
      },
    ),
  );
});

test("a part of a picture that is not there yet is not one of the picture in its place", () => {
  const ofShipped: View = { ...shared, model: firstView.model };
  expect(shownAtFirst(ofShipped, firstView).region).toBeUndefined();
  expect(shownAtFirst({ ...ofShipped, picture: "drawn:2" }, firstView).region).toBe(shared.region);
});
