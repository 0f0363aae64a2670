/** @file Sums over predictions whose answers are known. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classificationOf, confusionsOf, mostWrong } from "./classification.ts";

const predictions = [
  { index: 0, label: 0, predicted: 0, loss: 0.1 },
  { index: 1, label: 0, predicted: 1, loss: 2 },
  { index: 2, label: 1, predicted: 1, loss: 0.3 },
  { index: 3, label: 2, predicted: 1, loss: 5 },
  { index: 4, label: 2, predicted: 1, loss: 3 },
];

test("accuracy, its interval and a row of the confusion for each true class", () => {
  const { examples, right, accuracy, interval, confusion } = classificationOf(predictions, 3);
  expect([examples, right, accuracy]).toEqual([5, 2, 0.4]);
  // Wilson's interval of 2 in 5.
  expect(interval[0]).toBeCloseTo(0.1176, 4);
  expect(interval[1]).toBeCloseTo(0.7693, 4);
  expect(confusion).toEqual([
    [1, 1, 0],
    [0, 1, 0],
    [0, 2, 0],
  ]);
});

test("of no example there is nothing to say", () => {
  expect(() => classificationOf([], 3)).toThrow(/must be examples that can be read, got none/);
});

test("the most wrong are wrong ones, the worst first", () => {
  expect(mostWrong(predictions, ({ loss }) => loss).map(({ index }) => index)).toEqual([3, 4, 1]);
});

test("confusions leave out the diagonal and what never happened", () => {
  expect(confusionsOf(classificationOf(predictions, 3))).toEqual([
    { label: 2, predicted: 1, examples: 2 },
    { label: 0, predicted: 1, examples: 1 },
  ]);
});

describe("of any predictions", () => {
  const some = fc.array(fc.record({ index: fc.nat(), label: fc.nat(4), predicted: fc.nat(4) }), {
    minLength: 1,
  });
  test("right and wrong ones add up, and the accuracy lies in its interval", () => {
    fc.assert(
      fc.property(some, (all) => {
        const found = classificationOf(all, 5);
        const wrong = confusionsOf(found).reduce((sum, { examples }) => sum + examples, 0);
        expect(found.right + wrong).toBe(all.length);
        expect(mostWrong(all, () => 0)).toHaveLength(wrong);
        expect(found.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(all.length);
        expect(found.interval[0]).toBeLessThanOrEqual(found.accuracy + 1e-12);
        expect(found.interval[1]).toBeGreaterThanOrEqual(found.accuracy - 1e-12);
      }),
    );
  });
});
