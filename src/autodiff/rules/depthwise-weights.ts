/** @file The weight gradient of convolutions that read one channel each: products of rows, of which diagonals are the taps. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { Windows } from "../../graph/windows.ts";
import { tapsOf } from "./striding.ts";

/**
 * The gradient [M, 1, ...kernel] to the weights, from the input `x` [N, C, ...spatial], of which each channel is a group
 * of its own, and the gradient `dy` [N, M, ...output].
 *
 * For one place in the kernel along all axes but the last, one product sums over pictures and rows what each column of the
 * output has to do with each column of the input; those a tap apart lie on a diagonal. That is more arithmetic than is
 * needed, by the number of columns over that of the kernel, but only as many copies of the input as the kernel has rows
 * instead of cells, and arithmetic is cheap: 2 to 5 times as fast as a product for each place in the kernel, 2 times as
 * fast as sums of products. Many columns are taken in bands.
 */
export function depthwiseWeightGradient(
  b: GraphBuilder,
  x: Value,
  dy: Value,
  windows: Windows,
): Value {
  const [channels, filters] = [x.dims[1]!, dy.dims[1]!];
  const [given, wanted] = [x, dy].map((value) => channelsFirst(b, value)) as [Value, Value];
  const axis = windows.kernel.length + 1;
  const diagonals = new Map<string, Value>();
  let sum: Value | undefined;
  for (const band of bandsOf(windows, x.dims.at(-1)!)) {
    const columns = between(b, wanted, axis, band.from, band.to);
    const rows = elementCount(columns.dims.slice(1, -1));
    const gradient = b.reshape(columns, [channels, filters / channels, rows, band.to - band.from]);
    const products = rowProducts(
      b,
      between(b, given, axis, band.first, band.end),
      gradient,
      windows,
    );
    const taps = b.op("MatMul", [products, diagonalsOf(b, windows, band, diagonals)]);
    sum = sum ? b.add(sum, taps) : taps;
  }
  const dims = [filters, 1, ...windows.kernel];
  return sum ? b.reshape(sum, dims) : b.fill(dims, 0, dy.type);
}

/** [N, C, ...] as [C, N, ...]. */
function channelsFirst(b: GraphBuilder, value: Value): Value {
  const [batch, channels, ...spatial] = value.dims as [number, number, ...number[]];
  // A transposition costs ONNX Runtime more here than all the rest.
  if (batch === 1) return b.reshape(value, [channels, 1, ...spatial]);
  return b.transpose(value, [1, 0, ...spatial.map((_, axis) => axis + 2)]);
}

/** Columns of the output, and those of the input that they read. */
interface Band {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly end: number;
}

const columnsOfBand = 32;
/** The nodes of a graph must not grow with the length of a signal. */
const mostColumns = 64 * columnsOfBand;

/** Whether an output is narrow enough for products of rows, whose work and constants grow with their columns. */
export function hasNarrowRows({ output }: Windows): boolean {
  return output.at(-1)! <= mostColumns;
}

function bandsOf(windows: Windows, width: number): readonly Band[] {
  const { strides, padsBegin, output, kernel, dilations } = windows;
  const last = kernel.length - 1;
  const count = Math.ceil(output[last]! / columnsOfBand);
  const size = Math.ceil(output[last]! / count);
  const bands = Array.from({ length: Math.ceil(output[last]! / size) }, (_, i): Band => {
    const [from, to] = [i * size, Math.min((i + 1) * size, output[last]!)];
    const start = from * strides[last]! - padsBegin[last]!;
    const stop =
      (to - 1) * strides[last]! - padsBegin[last]! + (kernel[last]! - 1) * dilations[last]!;
    return { from, to, first: Math.max(start, 0), end: Math.min(stop + 1, width) };
  });
  return bands.filter(({ first, end }) => first < end);
}

function between(b: GraphBuilder, value: Value, axis: number, first: number, end: number): Value {
  return end - first === value.dims[axis] ? value : b.slice(value, [first], [end], [axis]);
}

/**
 * What each column of `x` [C, N, ...rows, columns] has to do with each of `dy` [C, M / C, N rows, columns], as
 * [C, M / C, kernel without its last axis, columns of x * columns of dy].
 */
function rowProducts(b: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const [channels, perChannel, rows, to] = dy.dims as [number, number, number, number];
  const from = x.dims.at(-1)!;
  const products = tapsOf(b, x, alongRows(windows, from), 0).map((tap) => {
    const columns = b.transpose(b.reshape(tap, [channels, 1, rows, from]), [0, 1, 3, 2]);
    return b.reshape(b.op("MatMul", [columns, dy]), [channels, perChannel, 1, from * to]);
  });
  return b.concat(products, 2);
}

/** The windows along all axes but the last, along which each is one cell. */
function alongRows(windows: Windows, columns: number): Windows {
  const { kernel, strides, dilations, padsBegin, padsEnd, output } = windows;
  const last = kernel.length - 1;
  return {
    kernel: kernel.with(last, 1),
    strides: strides.with(last, 1),
    dilations: dilations.with(last, 1),
    padsBegin: padsBegin.with(last, 0),
    padsEnd: padsEnd.with(last, 0),
    output: output.with(last, columns),
  };
}

/** To which tap each pair of columns of a band belongs, [input columns * output columns, taps]; bands within are alike. */
function diagonalsOf(
  b: GraphBuilder,
  windows: Windows,
  { from, to, first, end }: Band,
  known: Map<string, Value>,
): Value {
  const last = windows.kernel.length - 1;
  const [stride, dilation] = [windows.strides[last]!, windows.dilations[last]!];
  const [taps, inputs, outputs] = [windows.kernel[last]!, end - first, to - from];
  const start = from * stride - windows.padsBegin[last]! - first;
  const key = [inputs, outputs, start].join();
  const same = known.get(key);
  if (same) return same;
  const belongs = new Float32Array(inputs * outputs * taps);
  for (let i = 0; i < outputs; i++) {
    for (let tap = 0; tap < taps; tap++) {
      const column = start + i * stride + tap * dilation;
      if (column < 0 || column >= inputs) continue;
      belongs[(column * outputs + i) * taps + tap] = 1;
    }
  }
  const value = b.constant(belongs, [inputs * outputs, taps]);
  known.set(key, value);
  return value;
}
