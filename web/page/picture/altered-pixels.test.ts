/** @file Changed pictures: as they were where nothing is changed, turned and mirrored to the pixel, the same for the same seed. */
import { assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../../src/random.ts";
import type { Pixels } from "../../protocol.ts";
import { alteredPixels, unaltered } from "./altered-pixels.ts";

function drawn(width: number, height: number, seed: number): Pixels {
  const random = randomStream(seed, "pixels");
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : random.below(256),
  );
  return { width, height, data };
}

const sizes = record({
  width: integer({ min: 1, max: 12 }),
  height: integer({ min: 1, max: 12 }),
  seed: integer({ min: 0, max: 99 }),
});

test("nothing changed is the same to the byte, and so is what is mirrored twice", () => {
  assert(
    property(sizes, ({ width, height, seed }) => {
      const picture = drawn(width, height, seed);
      expect(alteredPixels(picture, unaltered)).toEqual(picture);
      const mirrored = { ...unaltered, isMirrored: true };
      const once = alteredPixels(picture, mirrored);
      expect([...once.data.subarray(0, 4)]).toEqual([
        ...picture.data.subarray(4 * (width - 1), 4 * width),
      ]);
      expect(alteredPixels(once, mirrored)).toEqual(picture);
    }),
  );
});

test("a quarter turn goes clockwise, and four of them come back", () => {
  assert(
    property(sizes, ({ width, seed }) => {
      const picture = drawn(width, width, seed);
      const quarter = (from: Pixels) => alteredPixels(from, { ...unaltered, turn: 90 });
      const once = quarter(picture);
      // What was the upper left is the upper right.
      const corner = once.data.subarray(4 * (width - 1), 4 * width);
      expect([...corner]).toEqual([...picture.data.subarray(0, 4)]);
      expect(quarter(quarter(quarter(once)))).toEqual(picture);
    }),
  );
});

test("what lies outside has the mean colour, and zoom enlarges the middle", () => {
  const picture = drawn(9, 9, 1);
  const away = alteredPixels(picture, { ...unaltered, x: 2 });
  const mean = picture.data.filter((_, i) => i % 4 === 0).reduce((a, b) => a + b, 0) / 81;
  expect(away.data[4 * 8]).toBe(Math.round(mean));
  const near = alteredPixels(picture, { ...unaltered, zoom: 4 });
  expect(near.data[4 * 40]).toBe(picture.data[4 * 40]);
});

test("tones, blur and noise", () => {
  const picture = drawn(16, 16, 2);
  const grey = alteredPixels(picture, { ...unaltered, contrast: 0 });
  expect(new Set(grey.data)).toEqual(new Set([128, 255]));
  const white = alteredPixels(picture, { ...unaltered, brightness: 1 });
  expect(new Set(white.data)).toEqual(new Set([255]));
  const plain = { ...grey };
  expect(alteredPixels(plain, { ...unaltered, blur: 3 })).toEqual(plain);
  const noisy = (seed: number) => alteredPixels(picture, { ...unaltered, noise: 0.1, seed });
  expect(noisy(3)).toEqual(noisy(3));
  expect(noisy(3)).not.toEqual(noisy(4));
});
