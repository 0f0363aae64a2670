import { expect, test } from "vitest";
import { meanOverlap } from "./places.ts";

test("intersection over union of each class by hand; a class that is nowhere does not count", () => {
  const { measure, value, classes } = meanOverlap([
    [6, 2, 0],
    [1, 3, 0],
    [0, 0, 0],
  ]);
  expect(measure).toBe("mean IoU");
  expect(classes).toEqual([6 / 9, 3 / 6, null]);
  expect(value).toBeCloseTo((6 / 9 + 1 / 2) / 2, 12);
});
