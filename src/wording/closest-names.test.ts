import { expect, test } from "vitest";
import { closestNames } from "./closest-names.ts";

test.each([
  ["conv5", ["conv_5", "pool", "fc"], ["conv_5"]],
  ["RELU", ["relu_1", "Relu"], ["Relu", "relu_1"]],
  ["5b", ["inception_5b/output", "data"], ["inception_5b/output"]],
  ["xyz", ["abcdef"], []],
])("%s may have meant", (asked, names, expected) => {
  expect(closestNames(asked, names)).toEqual(expected);
});

test("at most as many as wanted, the closest first", () => {
  expect(closestNames("conv", ["conv12", "conv1", "conv", "con"], 2)).toEqual(["conv", "conv1"]);
});
