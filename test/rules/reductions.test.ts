/** @file The reductions family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { forwardRows, gradientRows } from "../reference/rows/reductions.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const axis = (...values: number[]) => ({
  dims: [values.length],
  type: "int64" as const,
  values,
});

test("the first of equal extremes gets the gradient, in row-major order", () => {
  const tied = { dims: [2, 3], values: [1, 3, 3, 2, 2, 1] };
  expect(gradientsOf("ReduceMax", { inputs: [tied, axis(1)] })).toEqual([[0, 1, 0, 1, 0, 0]]);
  expect(gradientsOf("ReduceMin", { inputs: [tied, axis(1)] })).toEqual([[1, 0, 0, 0, 0, 1]]);
  expect(gradientsOf("ReduceMax", { inputs: [tied] })).toEqual([[0, 1, 0, 0, 0, 0]]);
  expect(gradientsOf("ReduceMin", { inputs: [tied, axis(1, 0)] })).toEqual([[1, 0, 0, 0, 0, 0]]);
});

test("norms have gradient 0 at 0", () => {
  const nil = { dims: [2], values: [0, 0] };
  expect(gradientsOf("ReduceL2", { inputs: [nil] })).toEqual([[0, 0]]);
  expect(gradientsOf("ReduceL1", { inputs: [nil] })).toEqual([[0, 0]]);
});

const product = (...values: number[]) =>
  gradientsOf("ReduceProd", { inputs: [{ dims: [values.length], values }] })[0];

test("a product has an exact gradient around zeros", () => {
  expect(product(2, 0, 5)).toEqual([0, 10, 0]);
  expect(product(0, 0, 5)).toEqual([0, 0, 0]);
});
