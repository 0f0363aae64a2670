import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evenRows } from "./even-rows.ts";

test.each([
  [7, 6, [4, 3]],
  [13, 4, [4, 3, 3, 3]],
  [16, 8, [8, 8]],
  [5, 6, [5]],
  [0, 6, []],
])("%d in rows of at most %d", (count, most, expected) => {
  const rows = evenRows(Array.from({ length: count }), most);
  expect(rows.map((row) => row.length)).toEqual(expected);
});

test("all items are there in their order, in as few rows as can be, none longer than allowed", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (items, most) => {
      const rows = evenRows(items, most);
      expect(rows.flat()).toEqual(items);
      expect(rows).toHaveLength(Math.ceil(items.length / most));
      const lengths = rows.map((row) => row.length);
      expect(Math.max(0, ...lengths)).toBeLessThanOrEqual(most);
      expect(Math.max(0, ...lengths) - Math.min(most, ...lengths)).toBeLessThanOrEqual(
        rows.length > 1 ? 1 : most,
      );
    }),
  );
});
