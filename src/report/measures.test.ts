/** @file Numbers as sentences write them. */
import { expect, test } from "vitest";
import { formatMeasuredDuration } from "../wording/durations.ts";
import { count, measured, share } from "./measures.ts";

test("shares, times and measures", () => {
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
