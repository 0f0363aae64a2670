import { expect, test } from "vitest";
import {
  formatCount,
  formatMegabytes,
  formatNumber,
  formatPercent,
  formatPlain,
  formatProbability,
  formatProse,
  formatProsePercent,
  formatShare,
  withUnit,
} from "./numbers.ts";

test.each([
  [0, "0"],
  [-0, "0"],
  [1.5, "1.5"],
  [20.504, "20.5"],
  [-0.009_15, "−0.00915"],
  [12_345, "12300"],
  [123_456, "1.23e5"],
  [-0.000_012_34, "−1.23e−5"],
  [1e-9, "1e−9"],
  [Number.NEGATIVE_INFINITY, "−infinity"],
  [Number.NaN, "not a number"],
])("%d is written %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0, "0"],
  [0.12345, "0.123"],
  [-4.5678, "−4.57"],
  [1234.5, "1,235"],
  [0.00073, "7.3e−4"],
  [2.5e7, "2.5e+7"],
  [Number.NaN, "none"],
])("%d in a sentence is written %s", (value, text) => {
  expect(formatProse(value)).toBe(text);
});

test.each([
  [1, "1"],
  [0, "0"],
  [0.999_99, "> 0.9999"],
  [0.999_5, "0.9995"],
  [0.5, "0.5000"],
  [0.000_012, "1.2e−5"],
  [Number.NaN, "not a number"],
])("a probability of %d is written %s", (probability, text) => {
  expect(formatProbability(probability)).toBe(text);
});

test.each([
  [0, "0 %"],
  [0.124, "12 %"],
  [0.000_123_4, "0.012 %"],
  [1, "100 %"],
])("a share of %d is written %s", (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test.each([
  [-0.000_123_45, "-0.000123"],
  [12_345, "12300"],
  [2.5e-8, "2.5e-8"],
  [Number.NaN, "NaN"],
])("%d in a line is written %s", (value, text) => {
  expect(formatPlain(value)).toBe(text);
});

test("percent of sentences and of columns", () => {
  expect([0.9876, 1, -0.5, Number.NaN].map(formatProsePercent)).toEqual([
    "98.8\u00a0%",
    "100\u00a0%",
    "−50\u00a0%",
    "none",
  ]);
  expect([formatPercent(0.5), formatPercent(0.98765, 2)]).toEqual(["50.0 %", "98.77 %"]);
});

test("counts, bytes and units", () => {
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect([formatMegabytes(12_345_678), formatMegabytes(5e8, 0)]).toEqual(["12.3 MB", "500 MB"]);
  expect(withUnit("3.26", "bits")).toBe("3.26\u00a0bits");
});
