/** @file Golden pictures of what training writes as sheets. */
import { test } from "vitest";
import { mostWrongSheet } from "../../src/app/train/figures.ts";
import type { Dataset } from "../../src/image/dataset.ts";
import type { Picture } from "../../src/image/picture.ts";
import { expectGolden } from "../golden-picture.ts";
import { drawnBy, scene } from "./inputs.ts";

const classes = ["cat", "dog", "water ouzel"] as const;

/** The floats [C, H, W] in 0..1 of an RGB picture. */
function floatsOf({ widthPx, heightPx, data }: Picture): Float32Array {
  const places = widthPx * heightPx;
  return Float32Array.from({ length: 3 * places }, (_, i) => {
    return data[3 * (i % places) + Math.floor(i / places)]! / 255;
  });
}

const dataset: Dataset = {
  classes,
  dims: [3, 32, 32],
  length: 30,
  label: (index) => index % 3,
  title: (index) => `photos/${classes[index % 3]!}/img-${100 + index}.jpg`,
  read: (index) =>
    Promise.resolve({ picture: floatsOf(scene(32, 32, index / 3)), label: index % 3 }),
};

test.each([3, 13])("the %i most wrong pictures", async (wrong) => {
  const predictions = Array.from({ length: 30 }, (_, index) => {
    const label = index % 3;
    return {
      index,
      label,
      predicted: index < wrong ? (label + 1) % 3 : label,
      loss: 9 - index / 4,
    };
  });
  const evaluation = {
    loss: 0.4,
    accuracy: 1 - wrong / 30,
    right: 30 - wrong,
    interval: [0.4, 0.9],
    examples: 30,
    confusion: [],
    predictions,
  } as const;
  const sheet = await drawnBy((platform) => mostWrongSheet(platform, evaluation, dataset));
  await expectGolden(`train-most-wrong-${wrong}`, sheet);
});
