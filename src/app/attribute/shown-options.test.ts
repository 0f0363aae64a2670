import { expect, test } from "vitest";
import { readShown } from "./shown-options.ts";

test("bands count from 1, axes have a name and two ends each, the first row may stand at the bottom", () => {
  expect(readShown({ bands: "4,3,2", rate: "250" })).toEqual({ bands: [3, 2, 1], rateHz: 250 });
  expect(readShown({ axes: "Hz:0-8000:up, s:-0.5-2" })).toEqual({
    axes: {
      rows: { name: "Hz", from: 0, to: 8000 },
      columns: { name: "s", from: -0.5, to: 2 },
      isUp: true,
    },
  });
  expect(readShown({})).toEqual({});
});

test.each([
  [{ bands: "0,1,2" }],
  [{ bands: "1,2" }],
  [{ bands: "a" }],
  [{ rate: "0" }],
  [{ rate: "" }],
  [{ axes: "Hz:0-8000" }],
  [{ axes: "Hz:0-8000,s:0-2:up" }],
  [{ axes: "0-8000,0-2" }],
  [{ axes: "Hz:0-8000,s:2-2" }],
])("%o is refused", (asked) => {
  expect(() => readShown(asked)).toThrow(/must be/);
});
