/** @file Numbers as sentences write them. */
import { expect, test } from "vitest";
import { formatMeasuredDuration } from "../wording/durations.ts";
import { count, formatNumber, formatPercent, measured, share } from "./measures.ts";

test.each([
  [0, "0"],
  [0.12345, "0.123"],
  [-4.5678, "−4.57"],
  [1234.5, "1,235"],
  [0.00073, "7.3e−4"],
  [2.5e7, "2.5e+7"],
  [Number.NaN, "none"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("shares, times and measures", () => {
  expect(formatPercent(0.9876)).toBe("98.8\u00a0%");
  expect(formatPercent(1)).toBe("100\u00a0%");
  expect([420, 42_000, 185_000, 7_800_000].map(formatMeasuredDuration)).toEqual([
    "0.4 s",
    "42 s",
    "3 min 5 s",
    "2 h 10 min",
  ]);
  expect(share("accuracy", Number.NaN)).toEqual({ name: "accuracy", value: null, shown: "none" });
  expect(measured("entropy", 3.256, "bits").shown).toBe("3.26\u00a0bits");
  expect(count("right", 488, 5000).shown).toBe("488 of 5,000");
});
