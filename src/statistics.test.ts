/** @file Statistics against cases whose answer is known. */
import { expect, test } from "vitest";
import { correlation, meanInterval, median, rankCorrelation, shareInterval } from "./statistics.ts";

test("median, correlation and rank correlation", () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(rankCorrelation([1, 2, 3, 4], [10, 100, 1000, 1001])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(correlation([1, 2, 4], [2, 4, 8])).toBeCloseTo(1, 12);
  expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
});

test("the interval of a share is Wilson's", () => {
  const [low, high] = shareInterval(0.82, 1000);
  expect(low).toBeCloseTo(0.795, 3);
  expect(high).toBeCloseTo(0.8426, 3);
  expect(shareInterval(1, 10)[1]).toBeCloseTo(1, 9);
});

test("the interval of a mean is Student's, inside its limits", () => {
  // t(0.975) from tables; the standard error of -1, 1 (and 0) is 1 or less.
  for (const [values, quantile] of [
    [[-1, 1], 12.7062],
    [[-1, 0, 1], 4.30265],
    [[-2, -1, 1, 2], 3.18245],
    [[-2, -1, 0, 1, 2], 2.77645],
    [Array.from({ length: 31 }, (_, i) => i - 15), 2.04227],
  ] as const) {
    const count = values.length;
    const squares = values.reduce<number>((sum, value) => sum + value * value, 0);
    const error = Math.sqrt(squares / (count - 1) / count);
    const { mean, low, high } = meanInterval(values);
    expect(mean).toBe(0);
    expect(Math.abs(high / error - quantile)).toBeLessThan(0.005);
    expect(low).toBeCloseTo(-high, 12);
  }
  expect(meanInterval([0.1, 0.9], [0, 1])).toEqual({ mean: 0.5, low: 0, high: 1 });
  expect(meanInterval([7])).toEqual({ mean: 7, low: 7, high: 7 });
});
