/** @file The rate of frames follows the last second alone. */
import { expect, test } from "vitest";
import { FrameRate } from "./frame-rate.ts";

test("even frames have their rate, and old ones are forgotten", () => {
  const rate = new FrameRate();
  expect(rate.after(0)).toBe(0);
  for (let i = 1; i < 30; i++) rate.after(40 * i);
  expect(rate.after(1200)).toBeCloseTo(25, 6);
  for (let i = 1; i <= 20; i++) rate.after(1200 + 100 * i);
  expect(rate.after(3300)).toBeCloseTo(10, 6);
});
