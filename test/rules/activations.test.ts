/** @file The activations family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { forwardRows, gradientRows } from "../reference/rows/activations.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const inputs = [{ dims: [3], values: [-1, 0, 1] }];

test("rectifiers have the gradient of their lower side at 0", () => {
  expect(gradientsOf("Relu", { inputs })).toEqual([[0, 0, 1]]);
  expect(gradientsOf("LeakyRelu", { inputs, attributes: { alpha: 0.25 } })).toEqual([
    [0.25, 0.25, 1],
  ]);
  expect(gradientsOf("PRelu", { inputs: [...inputs, { dims: [1], values: [0.25] }] })).toEqual([
    [0.25, 0.25, 1],
    [-1],
  ]);
  expect(gradientsOf("ThresholdedRelu", { inputs, attributes: { alpha: 0 } })).toEqual([[0, 0, 1]]);
});

test("a hard sigmoid passes nothing at its bounds", () => {
  const row = { inputs, attributes: { alpha: 0.5, beta: 0.5 } };
  expect(gradientsOf("HardSigmoid", row)).toEqual([[0, 0.5, 0]]);
});
