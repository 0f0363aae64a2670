import { expect, test } from "vitest";
import { formatDuration } from "./durations.ts";

test("durations", () => {
  expect([400, 59_000, 61_000, 7_800_000].map(formatDuration)).toEqual([
    "1 s",
    "59 s",
    "1 min 1 s",
    "2 h 10 min",
  ]);
});
