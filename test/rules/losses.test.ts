/** @file The losses family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { forwardRows, gradientRows } from "../reference/rows/losses.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

test("a gradient by class weights is refused", () => {
  const labels = { dims: [2], type: "int64" as const, values: [0, 2] };
  const row = { inputs: [[2, 3], labels, [3]] };
  expect(() => gradientsOf("SoftmaxCrossEntropyLoss", row)).toThrow(/class weights/);
});
