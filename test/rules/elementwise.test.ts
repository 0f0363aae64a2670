/** @file The elementwise family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { forwardRows, gradientRows } from "../reference/rows/elementwise.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const list = (...values: number[]) => ({ dims: [values.length], values });
const fixed = (value: number) => ({ dims: [], values: [value], constant: true });

test("the first of equal operands of Max and Min gets the gradient", () => {
  const inputs = [list(1, 3, 2), list(2, 3, 2), list(2, 0, 2)];
  expect(gradientsOf("Max", { inputs })).toEqual([
    [0, 1, 1],
    [1, 0, 0],
    [0, 0, 0],
  ]);
  expect(gradientsOf("Min", { inputs })).toEqual([
    [1, 0, 1],
    [0, 0, 0],
    [0, 1, 0],
  ]);
});

test("a Clip passes the gradient at its bounds", () => {
  const inputs = [list(-1.5, -1, 0, 1, 1.5), fixed(-1), fixed(1)];
  expect(gradientsOf("Clip", { inputs })).toEqual([[0, 1, 1, 1, 0]]);
});

test("|x| has no gradient at 0", () => {
  expect(gradientsOf("Abs", { inputs: [list(-2, 0, 2)] })).toEqual([[-1, 0, 1]]);
});

test("a square has gradient 0 at 0, and so has a base by its exponent", () => {
  expect(gradientsOf("Pow", { inputs: [list(0), fixed(2)] })).toEqual([[0]]);
  expect(gradientsOf("Pow", { inputs: [list(0), list(2)] })).toEqual([[0], [0]]);
});

test("a training dropout without its mask is refused", () => {
  const training = { dims: [], type: "bool" as const, values: [1] };
  const row = { inputs: [list(1, 2), fixed(0.5), training] };
  expect(() => gradientsOf("Dropout", row)).toThrow(/Dropout.*must have its mask/);
});
