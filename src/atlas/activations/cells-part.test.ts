/** @file Parts of cells: read as they were written or refused, and which pictures show next to nothing. */
import { array, assert, double, property, record } from "fast-check";
import { expect, test } from "vitest";
import { picture } from "../../image/picture.ts";
import { decodeCells, decodeScores, encodeCells } from "./cells-part.ts";
import { isUnmoved } from "./gather-cells.ts";

const numbers = double({ min: -99, max: 99, noNaN: true }).map(Math.fround);
const cells = array(record({ start: numbers, reached: numbers }), { maxLength: 9 });

test("a part gives back the pictures and what they reached, and nothing of other numbers of cells", () => {
  assert(
    property(cells, (scores) => {
      const pictures = scores.map((_, i) => picture(2, 1, 3, new Uint8Array(6).fill(i)));
      const bytes = encodeCells(pictures, scores);
      expect(decodeCells(bytes, "cells", scores.length)).toEqual(pictures);
      expect(decodeScores(bytes, "cells", scores.length)).toEqual(scores);
      const wrong = () => decodeScores(bytes, "cells", scores.length + 1);
      expect(wrong).toThrow("what the pictures of");
    }),
  );
});

test("pictures of photos have reached nothing", () => {
  const bytes = encodeCells([picture(1, 1, 3, new Uint8Array(3))]);
  expect(decodeCells(bytes, "patches", 1)).toHaveLength(1);
  expect(() => decodeScores(bytes, "patches", 1)).toThrow(
    /must hold what the pictures of 1 cells reached/,
  );
});

test.each([
  [-0.03, 4.7, false],
  [0.02, 0.46, false],
  [0.62, 0.81, false],
  [4.47, 4.94, true],
  [0.51, 0.46, true],
  [-0.2, -0.1, true],
  [0, 0, true],
  [Number.NaN, 1, true],
])("from %d to %d is unmoved: %s", (start, reached, expected) => {
  expect(isUnmoved({ start, reached })).toBe(expected);
});
