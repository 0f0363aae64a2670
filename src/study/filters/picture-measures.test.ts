/** @file Measures of pictures against cases whose answer is known. */
import { describe, expect, test } from "vitest";
import { picture } from "../../image/picture.ts";
import { colourfulness, dominantFrequency, lumaEntropy } from "./picture-measures.ts";

function greyPicture(side: number, of: (x: number, y: number) => number) {
  const data = Uint8Array.from({ length: side * side }, (_, i) =>
    of(i % side, Math.floor(i / side)),
  );
  return picture(side, side, 1, data);
}

describe("dominant frequency", () => {
  test.each([
    [64, 8, 0],
    [64, 0, 16],
    [48, 6, 6],
    [96, 40, 0],
  ])("of a wave in %i pixels with %i cycles across and %i down", (side, across, down) => {
    const wave = greyPicture(
      side,
      (x, y) => 127.5 + 100 * Math.cos((2 * Math.PI * (across * x + down * y)) / side),
    );
    const expected = Math.hypot(across, down) / side;
    expect(Math.abs(dominantFrequency(wave) - expected)).toBeLessThanOrEqual(0.51 / side);
  });

  test("of one colour is 0, of the stronger of two waves its own", () => {
    expect(dominantFrequency(greyPicture(32, () => 90))).toBe(0);
    const two = greyPicture(
      64,
      (x) =>
        127 +
        20 * Math.cos((2 * Math.PI * 4 * x) / 64) +
        80 * Math.cos((2 * Math.PI * 20 * x) / 64),
    );
    expect(dominantFrequency(two)).toBe(20 / 64);
  });
});

describe("colourfulness", () => {
  test("is 0 of grey, and follows the paper's formula where two colours share a picture", () => {
    expect(colourfulness(greyPicture(8, (x) => 20 * x))).toBe(0);
    const data = Uint8Array.from([255, 0, 0, 0, 0, 255]);
    // rg: 255, 0; yb: 127.5, -255. Standard deviations 127.5 and 191.25, means 127.5 and -63.75.
    const expected = Math.hypot(127.5, 191.25) + 0.3 * Math.hypot(127.5, 63.75);
    expect(colourfulness(picture(2, 1, 3, data))).toBeCloseTo(expected, 9);
  });
});

test("entropy counts levels: one, two, all", () => {
  expect(lumaEntropy(greyPicture(16, () => 7))).toBe(0);
  expect(lumaEntropy(greyPicture(16, (x) => (x % 2) * 200))).toBe(1);
  expect(lumaEntropy(greyPicture(16, (x, y) => 16 * y + x))).toBe(8);
});
