import { expect, test } from "vitest";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { extremes, warningsOf } from "./heatmap.ts";

const floats = (...values: readonly number[]) => Float32Array.from(values);

test("extremes", () => {
  expect(extremes(floats(1, -2, 3))).toEqual({ min: -2, max: 3 });
});

test.each([
  ["a map with a shape", floats(0, 1), undefined, []],
  ["NaN", floats(0, Number.NaN), undefined, ["not-finite"]],
  ["infinity", floats(0, Number.POSITIVE_INFINITY), undefined, ["not-finite"]],
  [
    "minus infinity that was cut off",
    floats(0, 1),
    floats(Number.NEGATIVE_INFINITY, 1),
    ["not-finite"],
  ],
  ["one number everywhere", floats(2, 2), undefined, ["constant"]],
  ["numbers that no colour tells apart", floats(2, 2.01), undefined, ["flat"]],
  ["numbers that colours just tell apart", floats(2, 2.03), undefined, []],
  ["negative numbers that no colour tells apart", floats(-2, -2.01), undefined, ["flat"]],
  ["a single place", floats(2), undefined, ["single-place"]],
  ["0 everywhere", floats(0, 0), undefined, ["all-zero"]],
  ["0 after negative numbers were cut off", floats(0, 0), floats(-1, -2), ["all-negative"]],
  ["0 before and after the cut", floats(0, 0), floats(0, 0), ["all-zero"]],
])("%s", (_, map, beforeRelu, causes) => {
  const found = warningsOf(map, beforeRelu && { beforeRelu });
  expect(found.map((warning) => warning.cause)).toEqual(causes);
});

test.each([floats(0, 0), floats(2, 2), floats(2), floats(2, 2.01)])(
  "of %o, another layer is only offered where there is one",
  (map) => {
    const text = (atLayer?: { readonly beforeRelu: Float32Array }) =>
      wordsOf(warningsOf(map, atLayer)[0]!.message, libraryWords);
    expect(text()).not.toContain("layer");
    expect(text({ beforeRelu: map })).toMatch(/(try|choose) an(other|( earlier)) layer$/);
  },
);
