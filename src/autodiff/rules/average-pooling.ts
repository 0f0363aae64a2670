/** @file The gradients of average and norm pooling, which give every cell of a window its share. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { Windows } from "../../graph/windows.ts";
import { adjointOperand, fit, interleave } from "./striding.ts";

/**
 * The gradient to an input of sizes `spatial` of its average over `windows`. A divisor counts the
 * cells of the window in the input, or with `includePad` those in the padded input; what ceil mode
 * adds beyond the padding is never counted.
 */
export function averagePoolGradient(
  b: GraphBuilder,
  dy: Value,
  windows: Windows,
  spatial: readonly number[],
  includePad: boolean,
): Value {
  const counts = countCells(windows, spatial, includePad);
  const weights = counts.map((count) => elementCount(windows.kernel) / count);
  const even = weights.every((weight) => weight === weights[0]);
  const factor = even
    ? b.scalar(weights[0]!, dy.type)
    : b.cast(b.constant(weights, [1, 1, ...windows.output]), dy.type);
  return spreadEvenly(b, weights[0] === 1 && even ? dy : b.mul(dy, factor), windows, spatial);
}

/** The number of cells that each window averages, windows in row-major order; 1 of none, whose mean is 0. */
function countCells(
  windows: Windows,
  spatial: readonly number[],
  includePad: boolean,
): readonly number[] {
  let counts: readonly number[] = [1];
  for (const [axis, size] of spatial.entries()) {
    const first = includePad ? -windows.padsBegin[axis]! : 0;
    const end = includePad ? size + windows.padsEnd[axis]! : size;
    const along = Array.from({ length: windows.output[axis]! }, (_, window) => {
      const start = window * windows.strides[axis]! - windows.padsBegin[axis]!;
      const cells = Array.from(
        { length: windows.kernel[axis]! },
        (_unused, tap) => start + tap * windows.dilations[axis]!,
      );
      return cells.filter((cell) => cell >= first && cell < end).length;
    });
    counts = counts.flatMap((count) => along.map((more) => count * more));
  }
  return counts.map((count) => Math.max(count, 1));
}

/** For each input element the sum, over the windows that read it, of their `gradient` divided by the kernel's size. */
function spreadEvenly(
  b: GraphBuilder,
  gradient: Value,
  windows: Windows,
  spatial: readonly number[],
): Value {
  const { kernel, strides, dilations, padsBegin } = windows;
  const isTiled = kernel.every(
    (size, axis) => size === strides[axis] && (size === 1 || dilations[axis] === 1),
  );
  if (isTiled) {
    let tiles = b.scale(gradient, 1 / elementCount(kernel));
    for (const [axis, size] of [...kernel.entries()].toReversed()) {
      tiles = interleave(b, Array<Value>(size).fill(tiles), axis + 2);
    }
    const begin = padsBegin.map((rows) => -rows);
    const end = spatial.map((size, axis) => size - tiles.dims[axis + 2]! - begin[axis]!);
    return fit(b, tiles, { begin, end }, 0);
  }
  const { value, pads } = adjointOperand(b, gradient, windows, spatial);
  if (dilations.every((dilation) => dilation === 1)) {
    return b.op("AveragePool", [value], { kernel_shape: kernel, pads, count_include_pad: 1 });
  }
  // An AveragePool may not have pads as large as its kernel, nor a Pad before it: ONNX Runtime fuses them.
  const [batch, channels, ...sizes] = value.dims as [number, number, ...number[]];
  const share = 1 / elementCount(kernel);
  const weights = b.expand(b.scalar(share, value.type), [1, 1, ...kernel]);
  const planes = b.reshape(value, [batch * channels, 1, ...sizes]);
  const sums = b.op("Conv", [planes, weights], { kernel_shape: kernel, dilations, pads });
  return b.reshape(sums, [batch, channels, ...spatial]);
}

/**
 * The gradient to `x` of y = (sum of |x|^p over a window)^(1/p): x |x|^(p-2) times the sum, over the
 * windows that read x, of dy y^(1-p). Zero where y = 0.
 */
export function lpPoolGradient(
  b: GraphBuilder,
  x: Value,
  y: Value,
  dy: Value,
  p: number,
  windows?: Windows,
): Value {
  const isZero = b.op("Equal", [y, b.scalar(0, y.type)]);
  const divisor = power(b, b.where(isZero, b.scalar(1, y.type), y), p - 1);
  const shares = divisor ? b.div(dy, divisor) : dy;
  const spatial = x.dims.slice(2);
  const sums = windows
    ? b.scale(spreadEvenly(b, shares, windows, spatial), elementCount(windows.kernel))
    : shares;
  if (p === 1) return b.mul(b.op("Sign", [x]), sums);
  const magnitude = power(b, b.op("Abs", [x]), p - 2);
  return b.mul(magnitude ? b.mul(x, magnitude) : x, sums);
}

/** `value` to a whole power; undefined for 1. */
function power(b: GraphBuilder, value: Value, exponent: number): Value | undefined {
  if (exponent === 0) return undefined;
  return exponent === 1 ? value : b.op("Pow", [value, b.scalar(exponent, value.type)]);
}
