import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plane } from "./picture.ts";
import { bandsPicture, stretched, stretchOf } from "./stretch.ts";

test("black and white are the 2nd and 98th percentile, whatever is odd among the numbers", () => {
  const values = Float32Array.from({ length: 101 }, (_, i) => i);
  expect(stretchOf(values)).toEqual([2, 98]);
  const odd = Float32Array.of(...values, Number.NaN, Infinity, -9999, -9999);
  expect(stretchOf(odd, -9999)).toEqual([2, 98]);
  expect(stretchOf(Float32Array.of(Number.NaN))).toEqual([0, 1]);
});

test("a few bright numbers on a plain ground are seen; numbers that are all alike are grey", () => {
  const values = new Float32Array(1000);
  values[7] = 5;
  expect(stretchOf(values)).toEqual([0, 5]);
  expect([...stretched(new Float32Array(2).fill(7), [7, 7])]).toEqual([128, 128]);
});

test("bytes rise with the numbers, and what was not measured is black", () => {
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 2, noNaN: true, noDefaultInfinity: true }),
      (values) => {
        const shown = stretched(values, stretchOf(values));
        for (let i = 1; i < values.length; i++) {
          if (values[i]! > values[0]!) expect(shown[i]!).toBeGreaterThanOrEqual(shown[0]!);
        }
      },
    ),
  );
  expect([...stretched(Float32Array.of(-9999, 1, Number.NaN), [0, 1], -9999)]).toEqual([0, 255, 0]);
});

test("three bands become red, green and blue, each in its own range", () => {
  const bands = [0, 100, 10_000].map((scale) =>
    plane(2, 1, Float32Array.of(scale, scale + scale + 1)),
  );
  expect([...bandsPicture(bands).data]).toEqual([0, 0, 0, 255, 255, 255]);
  expect(bandsPicture(bands.slice(0, 1)).channels).toBe(1);
});
