/** @file The pooling operators of the float64 interpreter. */
import type { AttributeReader } from "../../../src/graph/attributes.ts";
import { elementCount } from "../../../src/graph/tensor.ts";
import { poolWindowsOf, type Windows } from "../../../src/graph/windows.ts";
import { at, filled, generate, offsetOf, type NdArray } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { windowCells } from "./convolution.ts";

function poolWindows(x: NdArray, attributes: AttributeReader): Windows {
  return poolWindowsOf(attributes, x.dims.slice(2));
}

/** Reduces the cells of every window of every channel; cells in the padding are left out. */
function pool(
  x: NdArray,
  windows: Windows,
  reduce: (values: readonly number[], window: readonly number[]) => number,
  spatial: readonly number[] = x.dims.slice(2),
): NdArray {
  return generate(x.type, [...x.dims.slice(0, 2), ...windows.output], ([n, c, ...window]) => {
    const cells = [...windowCells(windows, window, spatial)];
    return reduce(
      cells.map(({ cell }) => at(x, [n!, c!, ...cell])),
      window,
    );
  });
}

const maxPool: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const windows = poolWindows(x, attributes);
  const y = pool(x, windows, (values) => Math.max(...values));
  const spatial = x.dims.slice(2);
  const columnMajor = attributes.int("storage_order", 0) === 1;
  const indices = generate("int64", y.dims, ([n, c, ...window]) => {
    const largest = at(y, [n!, c!, ...window]);
    for (const { cell } of windowCells(windows, window, spatial)) {
      if (at(x, [n!, c!, ...cell]) !== largest) continue;
      const channel = (n! * x.dims[1]! + c!) * elementCount(spatial);
      const within = columnMajor
        ? offsetOf(cell.toReversed(), spatial.toReversed())
        : offsetOf(cell, spatial);
      return channel + within;
    }
    throw new Error("MaxPool: a window lies in the padding");
  });
  return [y, indices];
};

/**
 * The divisor with `count_include_pad` counts the cells of the window that lie in the padded input:
 * what ceil mode adds beyond the padding is never counted. The mean of none is 0. Rows that negative pads
 * take away behind the end are not read.
 */
const averagePool: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const windows = poolWindows(x, attributes);
  const includePad = attributes.int("count_include_pad", 0) === 1;
  const padded = {
    ...windows,
    padsBegin: windows.padsBegin.map(() => 0),
  };
  const paddedSizes = x.dims
    .slice(2)
    .map((size, axis) => size + windows.padsBegin[axis]! + windows.padsEnd[axis]!);
  const read = x.dims.slice(2).map((size, axis) => size + Math.min(windows.padsEnd[axis]!, 0));
  const y = pool(
    x,
    windows,
    (values, window) => {
      const sum = values.reduce((a, b) => a + b, 0);
      const divisor = includePad
        ? [...windowCells(padded, window, paddedSizes)].length
        : values.length;
      return sum / Math.max(divisor, 1);
    },
    read,
  );
  return [y];
};

function norm(values: readonly number[], p: number): number {
  return values.reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p);
}

const lpPool: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const p = attributes.int("p", 2);
  return [pool(x, poolWindows(x, attributes), (values) => norm(values, p))];
};

function globalPool(
  reduce: (values: readonly number[], attributes: AttributeReader) => number,
): ReferenceOperator {
  return (inputs, attributes) => {
    const x = required(inputs, 0);
    const [n, c, ...spatial] = x.dims;
    const area = elementCount(spatial);
    const dims = [n!, c!, ...spatial.map(() => 1)];
    return [
      generate(x.type, dims, (position) => {
        const start = (position[0]! * c! + position[1]!) * area;
        return reduce(Array.from(x.data.subarray(start, start + area)), attributes);
      }),
    ];
  };
}

const maxUnpool: ReferenceOperator = (inputs, attributes) => {
  const [x, indices] = [required(inputs, 0), required(inputs, 1)];
  const kernel = attributes.ints("kernel_shape");
  const ones = kernel.map(() => 1);
  const strides = attributes.ints("strides", ones);
  const pads = attributes.ints("pads", [...ones, ...ones].fill(0));
  const rank = kernel.length;
  const tight = x.dims
    .slice(2)
    .map((size, i) => (size - 1) * strides[i]! + kernel[i]! - pads[i]! - pads[i + rank]!);
  const dims = numbers(inputs, 2, [...x.dims.slice(0, 2), ...tight]);
  const y = filled(x.type, dims, 0);
  x.data.forEach((value, i) => (y.data[indices.data[i]!] = value));
  return [y];
};

/** The window of an even size has its larger half behind the channel. */
const localResponseNormalization: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const size = attributes.int("size");
  const alpha = attributes.float("alpha", 0.0001);
  const beta = attributes.float("beta", 0.75);
  const bias = attributes.float("bias", 1);
  const before = Math.floor((size - 1) / 2);
  const y = generate(x.type, x.dims, ([n, c, ...cell]) => {
    let sum = 0;
    for (let k = c! - before; k < c! - before + size; k++) {
      if (k >= 0 && k < x.dims[1]!) sum += at(x, [n!, k, ...cell]) ** 2;
    }
    return at(x, [n!, c!, ...cell]) / (bias + (alpha / size) * sum) ** beta;
  });
  return [y];
};

export const pooling: OperatorTable = {
  AveragePool: averagePool,
  GlobalAveragePool: globalPool((values) => values.reduce((a, b) => a + b, 0) / values.length),
  GlobalLpPool: globalPool((values, attributes) => norm(values, attributes.int("p", 2))),
  GlobalMaxPool: globalPool((values) => Math.max(...values)),
  LRN: localResponseNormalization,
  LpPool: lpPool,
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,
};
