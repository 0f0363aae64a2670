/** @file Parts of cells: read as they were written or refused. */
import { array, assert, double, property, record } from "fast-check";
import { expect, test } from "vitest";
import { picture } from "../../image/picture.ts";
import { decodeCells, decodeScores, encodeCells } from "./cells-part.ts";

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
