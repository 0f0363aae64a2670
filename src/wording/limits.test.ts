import { expect, test } from "vitest";
import {
  limitOptions,
  readLimits,
  roomySizeText,
  sizeText,
  timeText,
  usualLimits,
} from "./limits.ts";

test("sizes and times have a number and a unit", () => {
  expect(readLimits({ "memory-limit": "1.5G", "time-limit": "90s" })).toEqual({
    memoryBytes: 1.5 * 2 ** 30,
    timeSeconds: 90,
    isMemoryAsked: true,
    isTimeAsked: true,
  });
  expect(readLimits({ "memory-limit": "800m", "time-limit": "2h" })).toEqual({
    memoryBytes: 800 * 2 ** 20,
    timeSeconds: 7200,
    isMemoryAsked: true,
    isTimeAsked: true,
  });
});

test("what is not given has its default", () => {
  expect(readLimits()).toEqual(usualLimits);
  expect(readLimits({ "time-limit": limitOptions["time-limit"].default })).toEqual(usualLimits);
  expect(usualLimits.memoryBytes).toBe(16 * 2 ** 30);
});

test.each(["", "0g", "16", "g", "-1g", "1e3m", "4x", "9".repeat(400) + "g"])(
  'no size is "%s"',
  (text) => {
    expect(() => readLimits({ "memory-limit": text })).toThrow(
      /^memory-limit: it must be a positive number and one of k, m, g, got ".*". give one such as 16g\.$/,
    );
  },
);

test("amounts are said as the options take them", () => {
  expect(
    [1, 2 ** 20, 700 * 2 ** 20, 2 ** 30, 1.01 * 2 ** 30, 100.5 * 2 ** 30].map(sizeText),
  ).toEqual(["1m", "1m", "700m", "1g", "1g", "101g"]);
  expect([0.2, 90, 3599.5, 3600, 3601].map(timeText)).toEqual(["1s", "90s", "3600s", "1h", "2h"]);
});

test("what is said to allow an amount does", () => {
  for (const bytes of [1, 2 ** 20, 1.04 * 2 ** 30, 99.96 * 2 ** 30, 5e11]) {
    const { memoryBytes } = readLimits({ "memory-limit": roomySizeText(bytes) });
    expect(memoryBytes).toBeGreaterThanOrEqual(bytes);
  }
});
