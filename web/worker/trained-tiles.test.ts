/** @file Tiles of channels share one scale, and the moments of a past go evenly from the first to the last. */
import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { tensor } from "../../src/graph/tensor.ts";
import { pastMoments, planesOf, tilesOf } from "./trained-tiles.ts";

test("the moments of a past are ends of epochs, in order, from the first to the last", () => {
  assert(
    property(array(integer({ min: 1, max: 4 }), { maxLength: 40 }), (quarters) => {
      let epoch = 0;
      const epochs = [0, ...quarters.map((each) => (epoch += each / 4))];
      const numbers = pastMoments(epochs);
      expect(numbers[0]).toBe(0);
      expect(numbers.at(-1)).toBe(epochs.length - 1);
      expect(numbers.length).toBeLessThanOrEqual(9);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      for (const number of numbers.slice(0, -1))
        expect(Number.isInteger(epochs[number])).toBe(true);
      const ends = epochs.filter((each, i) => Number.isInteger(each) || i === epochs.length - 1);
      expect(numbers).toHaveLength(Math.min(ends.length, 9));
    }),
  );
});

test("a number has one colour in all tiles, and the largest keeps its sign", () => {
  const values = tensor("float32", [2, 1, 1, 2], Float32Array.from([-2, 1, 1, 0.5]));
  const [one, other] = tilesOf(planesOf(values), "kernels");
  expect([one!.largest, other!.largest]).toEqual([-2, 1]);
  expect(one!.picture.data.slice(4, 8)).toEqual(other!.picture.data.slice(0, 4));
});
