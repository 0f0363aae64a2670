/** @file The pooling family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { forwardRows, gradientRows } from "../reference/rows/pooling.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

/* The expected numbers of the ties are PyTorch's. */
const tied = [{ dims: [1, 1, 3, 3], values: [1, 2, 2, 2, 1, 2, 2, 2, 0] }];

test("the first of equal maxima gets the gradient of a window", () => {
  const values = [0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 7, 7, 5, 5, 7, 7];
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
  const row = { inputs: [{ dims: [1, 1, 4, 4], values }], attributes };
  expect(gradientsOf("MaxPool", row)).toEqual([[1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]]);
});

test("the first of equal maxima gets the gradient of every window that overlaps there", () => {
  const attributes = { kernel_shape: [2, 2] };
  expect(gradientsOf("MaxPool", { inputs: tied, attributes })).toEqual([
    [0, 2, 0, 1, 0, 1, 0, 0, 0],
  ]);
});

test("padding never gets a gradient of a maximum", () => {
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  expect(gradientsOf("MaxPool", { inputs: tied, attributes })).toEqual([
    [0, 6, 0, 2, 0, 1, 0, 0, 0],
  ]);
  const negative = [{ dims: [1, 1, 1, 2], values: [-5, -5] }];
  expect(gradientsOf("MaxPool", { inputs: negative, attributes })).toEqual([[2, 0]]);
});

test("places in the kernel that only ever read padding get nothing of a maximum", () => {
  const one = [{ dims: [1, 1, 1, 1], values: [3] }];
  const three = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  expect(gradientsOf("MaxPool", { inputs: one, attributes: three })).toEqual([[1]]);
  const row = [{ dims: [1, 1, 1, 2], values: [1, 4] }];
  const wide = { kernel_shape: [1, 3], dilations: [1, 2], pads: [0, 2, 0, 2], strides: [1, 2] };
  expect(gradientsOf("MaxPool", { inputs: row, attributes: wide })).toEqual([[1, 0]]);
});

test("the first of equal maxima gets the gradient of a partial window", () => {
  const attributes = { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 };
  expect(gradientsOf("MaxPool", { inputs: tied, attributes })).toEqual([
    [0, 1, 1, 0, 0, 0, 1, 0, 1],
  ]);
});

test("the first of equal maxima gets the gradient of a global maximum", () => {
  const inputs = [{ dims: [1, 2, 2, 2], values: [0, 4, 4, 4, -1, -1, -1, -1] }];
  expect(gradientsOf("GlobalMaxPool", { inputs })).toEqual([[0, 1, 0, 0, 1, 0, 0, 0]]);
});

test("a norm has no gradient where it is zero", () => {
  const inputs = [{ dims: [1, 1, 1, 4], values: [0, 0, 5, 0] }];
  const attributes = { kernel_shape: [1, 2], strides: [1, 2] };
  expect(gradientsOf("LpPool", { inputs, attributes })).toEqual([[0, 0, 1, 0]]);
  const zeros = [{ dims: [1, 1, 2], values: [0, 0] }];
  expect(gradientsOf("GlobalLpPool", { inputs: zeros })).toEqual([[0, 0]]);
});
