/** @file Maps enlarged between given places. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plane } from "./picture.ts";
import { placedPlane } from "./placed-plane.ts";

const size = fc.integer({ min: 1, max: 7 });

test("places in the middles of equal parts are the plain grid", () => {
  fc.assert(
    fc.property(size, size, fc.integer({ min: 7, max: 40 }), (width, height, side) => {
      const data = Float32Array.from({ length: width * height }, (_, i) => Math.sin(i * 12.9) * 9);
      const map = plane(width, height, data);
      const grid = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count);
      const placed = placedPlane(map, { x: grid(width), y: grid(height) }, side, side + 3);
      const plain = placedPlane(map, undefined, side, side + 3);
      for (const [i, value] of placed.data.entries()) expect(value).toBeCloseTo(plain.data[i]!, 4);
    }),
  );
});

test("a place's own number stands at its centre, and beyond the outermost ones", () => {
  const map = plane(2, 1, Float32Array.of(3, 7));
  const { data } = placedPlane(map, { x: [0.25, 0.65], y: [0.5] }, 10, 1);
  // Pixel i has its middle at (i + 0.5) / 10.
  const expected = [3, 3, 3, 4, 5, 6, 7, 7, 7, 7];
  for (const [i, value] of expected.entries()) expect(data[i]).toBeCloseTo(value, 5);
});
