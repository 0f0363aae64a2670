import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digitStyles } from "./digit-strokes.ts";
import { digits, drawDigit } from "./digits.ts";

const anyDigit = fc.tuple(fc.nat(), fc.nat());
const sides = Array.from({ length: 28 }, (_, i) => i);

/** Sum of the values and their centre, of what is brighter than noise. */
function moments(picture: Float32Array) {
  let [mass, x, y] = [0, 0, 0];
  for (const [i, value] of picture.entries()) {
    if (value < 0.4) continue;
    mass += value;
    x += value * (i % 28);
    y += value * Math.floor(i / 28);
  }
  return { mass, x: x / mass, y: y / mass };
}

describe("drawDigit", () => {
  test("draws the same bytes for the same seed and number", () => {
    const hash = createHash("sha256");
    for (let i = 0; i < 100; i++) {
      hash.update(Uint8Array.from(drawDigit(1, i).picture, (value) => Math.round(255 * value)));
    }
    expect(hash.digest("hex").slice(0, 16)).toBe("d8c1a60bf5077008");
  });

  test("is white on black in whole steps of 1/255, centred, and leaves the border free", () => {
    fc.assert(
      fc.property(anyDigit, ([seed, index]) => {
        const { picture, label } = drawDigit(seed, index);
        expect(label).toBe(index % 10);
        const steps = picture.map((value) => Math.round(value * 255) / 255);
        expect(picture).toEqual(steps);
        expect(picture.every((value) => value >= 0 && value <= 1)).toBe(true);
        const { mass, x, y } = moments(picture);
        expect(mass).toBeGreaterThan(12);
        expect(mass).toBeLessThan(260);
        expect(Math.abs(x - 13.5)).toBeLessThan(4);
        expect(Math.abs(y - 13.5)).toBeLessThan(4);
        for (const i of sides) {
          for (const at of [i, 27 * 28 + i, 28 * i, 28 * i + 27])
            expect(picture[at]).toBeLessThan(0.5);
        }
      }),
    );
  });

  test("never draws a digit twice", () => {
    const pictures = new Set(
      Array.from({ length: 500 }, (_, i) => drawDigit(3, 10 * i).picture.join()),
    );
    expect(pictures.size).toBe(500);
  });

  test("is too varied for the mean picture of each digit to tell them apart", () => {
    const means = digitStyles.map((_, digit) => {
      const mean = new Float64Array(784);
      for (let i = 0; i < 100; i++) {
        for (const [at, value] of drawDigit(1, 10 * i + digit).picture.entries())
          mean[at]! += value / 100;
      }
      return mean;
    });
    let right = 0;
    for (let i = 0; i < 1000; i++) {
      const { picture, label } = drawDigit(2, i);
      const distances = means.map((mean) =>
        mean.reduce((sum, value, at) => sum + (value - picture[at]!) ** 2, 0),
      );
      right += Number(distances.indexOf(Math.min(...distances)) === label);
    }
    expect(right / 1000).toBeGreaterThan(0.5);
    expect(right / 1000).toBeLessThan(0.85);
  });
});

describe("digits", () => {
  test("has two parts that share no digit, each class as often", async () => {
    const { training, heldOut } = digits(4, { training: 30, heldOut: 20 });
    expect(training.dims).toEqual([1, 28, 28]);
    expect(training.classes).toHaveLength(10);
    expect(await training.read(29)).toEqual(drawDigit(4, 29));
    expect(await heldOut.read(0)).toEqual(drawDigit(4, 30));
    const labels = Array.from({ length: heldOut.length }, (_, i) => heldOut.label(i));
    expect(labels.toSorted((a, b) => a - b)).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9,
    ]);
  });
});
