/** @file The pooling family: rules against central differences, the interpreter against ONNX Runtime. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AttributeReader, toAttributes } from "../../src/graph/attributes.ts";
import { poolWindowsOf } from "../../src/graph/windows.ts";
import { drawnAxis, fits, windowAttributes, withPoolPads } from "../drawn-axis.ts";
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

const axis = drawnAxis({ size: 6, kernel: 4, stride: 3, dilations: [1, 2], pad: 3 })
  .map(withPoolPads)
  .filter(fits);

test("of any windows the first maximum in row-major order gets the gradient, and padding none", () => {
  const drawn = fc.record({
    axes: fc.tuple(axis, axis),
    ceil: fc.constantFrom(0, 1),
    values: fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 36, maxLength: 36 }),
  });
  fc.assert(
    fc.property(drawn, ({ axes, ceil, values: numbers }) => {
      const attributes = { ...windowAttributes(axes), ceil_mode: ceil };
      const sizes = axes.map(({ size }) => size) as [number, number];
      const values = numbers.slice(0, sizes[0] * sizes[1]);
      const winners = firstMaxima(values, sizes, attributes);
      fc.pre(winners.length > 0 && winners.every((place) => place !== undefined));
      const expected = values.map((_, place) => winners.filter((each) => each === place).length);
      const row = { inputs: [{ dims: [1, 1, ...sizes], values }], attributes };
      expect(gradientsOf("MaxPool", row)).toEqual([expected]);
    }),
    { numRuns: 150 },
  );
});

/** For each window the place of its first maximum; undefined if it reads padding alone. */
function firstMaxima(
  values: readonly number[],
  [height, width]: readonly [number, number],
  attributes: Readonly<Record<string, number | number[]>> & { readonly kernel_shape: number[] },
): (number | undefined)[] {
  const node = { name: "", operator: "MaxPool", domain: "", inputs: [], outputs: [] };
  const reader = new AttributeReader({ ...node, attributes: toAttributes(attributes) });
  const windows = poolWindowsOf(reader, [height, width]);
  const read = (axis: number, size: number) =>
    Array.from({ length: windows.output[axis]! }, (_, i) =>
      Array.from(
        { length: windows.kernel[axis]! },
        (_unused, tap) =>
          i * windows.strides[axis]! - windows.padsBegin[axis]! + tap * windows.dilations[axis]!,
      ).filter((place) => place >= 0 && place < size),
    );
  return read(0, height).flatMap((rows) =>
    read(1, width).map((columns) => {
      const places = rows.flatMap((row) => columns.map((column) => row * width + column));
      const most = Math.max(...places.map((place) => values[place]!));
      return places.find((place) => values[place] === most);
    }),
  );
}

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
