/** @file Whose pictures have hardly moved: drawn numbers, and those of real cells. */
import { assert, double, property } from "fast-check";
import { expect, test } from "vitest";
import { isUnmoved } from "./unmoved.ts";

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
  expect(isUnmoved(start, reached)).toBe(expected);
});

test("what does not rise above where it started, or above 0, is unmoved; what is twice as high is not", () => {
  const numbers = double({ min: -1e6, max: 1e6, noNaN: true });
  assert(
    property(numbers, numbers, (start, reached) => {
      if (reached <= start || reached <= 0) expect(isUnmoved(start, reached)).toBe(true);
      if (reached > 0 && reached > 2 * start) expect(isUnmoved(start, reached)).toBe(false);
    }),
  );
});
