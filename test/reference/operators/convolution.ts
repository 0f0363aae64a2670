/** @file The convolution operators of the float64 interpreter. */
import { transposedWindowsOf, windowsOf, type Windows } from "../../../src/graph/windows.ts";
import { elementCount } from "../../../src/graph/tensor.ts";
import { at, filled, generate, offsetOf, positions, type NdArray } from "../ndarray.ts";
import { required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

/** Places of a window's cells on the unpadded axes, with their place in the kernel; cells in the padding are left out. */
export function* windowCells(
  windows: Windows,
  window: readonly number[],
  sizes: readonly number[],
): Generator<{ readonly cell: readonly number[]; readonly tap: readonly number[] }> {
  for (const tap of positions(windows.kernel)) {
    const cell = tap.map(
      (offset, axis) =>
        window[axis]! * windows.strides[axis]! +
        offset * windows.dilations[axis]! -
        windows.padsBegin[axis]!,
    );
    if (cell.every((index, axis) => index >= 0 && index < sizes[axis]!)) yield { cell, tap };
  }
}

const conv: ReferenceOperator = (inputs, attributes) => {
  const [x, w] = [required(inputs, 0), required(inputs, 1)];
  const spatial = x.dims.slice(2);
  const windows = windowsOf(attributes, spatial, w.dims.slice(2));
  const [filters, channels] = [w.dims[0]!, w.dims[1]!];
  const filtersPerGroup = filters / attributes.int("group", 1);
  const dims = [x.dims[0]!, filters, ...windows.output];
  const y = generate(x.type, dims, ([n, filter, ...window]) => {
    const firstChannel = Math.floor(filter! / filtersPerGroup) * channels;
    let sum = inputs[2]?.data[filter!] ?? 0;
    for (const { cell, tap } of windowCells(windows, window, spatial)) {
      for (let c = 0; c < channels; c++) {
        sum += at(x, [n!, firstChannel + c, ...cell]) * at(w, [filter!, c, ...tap]);
      }
    }
    return sum;
  });
  return [y];
};

/** Every input element spreads its kernel over the output: the adjoint of `conv`, then the bias. */
const convTranspose: ReferenceOperator = (inputs, attributes) => {
  const [x, w] = [required(inputs, 0), required(inputs, 1)];
  const windows = transposedWindowsOf(attributes, x.dims.slice(2), w.dims.slice(2));
  const groups = attributes.int("group", 1);
  const channelsPerGroup = x.dims[1]! / groups;
  const filtersPerGroup = w.dims[1]!;
  const dims = [x.dims[0]!, filtersPerGroup * groups, ...windows.output];
  const y = filled(x.type, dims, 0);
  for (const [n, channel, ...window] of positions(x.dims)) {
    const firstFilter = Math.floor(channel! / channelsPerGroup) * filtersPerGroup;
    const value = at(x, [n!, channel!, ...window]);
    for (const { cell, tap } of windowCells(windows, window, windows.output)) {
      for (let f = 0; f < filtersPerGroup; f++) {
        const offset = offsetOf([n!, firstFilter + f, ...cell], dims);
        y.data[offset]! += value * at(w, [channel!, f, ...tap]);
      }
    }
  }
  return [withBias(y, inputs[2])];
};

function withBias(y: NdArray, bias: NdArray | undefined): NdArray {
  if (!bias) return y;
  const area = elementCount(y.dims.slice(2));
  const channelOf = (i: number) => Math.floor(i / area) % y.dims[1]!;
  return { ...y, data: y.data.map((value, i) => value + bias.data[channelOf(i)]!) };
}

export const convolution: OperatorTable = { Conv: conv, ConvTranspose: convTranspose };
