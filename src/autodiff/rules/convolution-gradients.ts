/** @file The gradients of a convolution to its input, weights and bias, each in the formulation that runs fastest. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import { coverageOf, type Windows } from "../../graph/windows.ts";
import { gradientByPhases } from "./convolution-phases.ts";
import { depthwiseWeightGradient, hasNarrowRows } from "./depthwise-weights.ts";
import { adjointOperand, beforeFirst, tapsOf, type Convolution } from "./striding.ts";

/** The gradient to the input, from the gradient [N, M, ...output] of the output. */
export function convolutionInputGradient(
  b: GraphBuilder,
  dy: Value,
  w: Value,
  convolution: Convolution,
): Value {
  const phases = phasesOf(b, w, convolution);
  if (phases) {
    const swapped = exchanged(b, w, convolution.groups);
    return gradientByPhases(b, dy, swapped, convolution, phases === "jointly");
  }
  return prefersConvTranspose(b, w, convolution)
    ? byConvTranspose(b, dy, w, convolution)
    : byFlippedConv(b, dy, w, convolution);
}

/** Nine take longer than ConvTranspose; a transformer's patches would have hundreds, more than WebGPU's Split makes. */
const mostPhases = 4;

/**
 * How phases beat ConvTranspose, which scatters on one thread: separate ones where their channels fill the blocks of a
 * layout, 1.1 to 2 times as fast, and those of a picture in one, if the kernel is large, 1.2 times. Only constant weights
 * run in blocks.
 */
function phasesOf(
  b: GraphBuilder,
  w: Value,
  { windows, groups }: Convolution,
): "separately" | "jointly" | undefined {
  const { kernel, strides, dilations } = windows;
  const isPlain = kernel.length === 2 && dilations.every((dilation) => dilation === 1);
  const phases = elementCount(strides);
  if (!isPlain || phases === 1 || phases > mostPhases || b.constantOf(w) === undefined)
    return undefined;
  const [filters, channels] = [w.dims[0]! / groups, w.dims[1]!];
  if (groups === 1 && channels < 8) return elementCount(kernel) >= 25 ? "jointly" : undefined;
  const fills = channels % 16 === 0 && (groups === 1 || filters % 16 === 0);
  return fills ? "separately" : undefined;
}

/**
 * ConvTranspose multiplies and then scatters (col2im), which is right for strides and for few
 * channels. A Conv with flipped weights runs on blocked layouts if they are constant: up to 1.6 times
 * as fast at stride 1, 5 to 20 times for depthwise kernels. With weights that are fed it is 1.3 to 2
 * times as fast with padding and 1.1 to 1.6 times slower without. WebGPU's ConvTranspose has no 3-D,
 * and is wrong from many channels to one in a group.
 */
function prefersConvTranspose(
  b: GraphBuilder,
  w: Value,
  { windows, groups }: Convolution,
): boolean {
  const { kernel, strides, padsBegin, padsEnd } = windows;
  if (kernel.length > 2) return false;
  const [filters, channels] = w.dims as [number, number];
  const isFed = b.constantOf(w) === undefined;
  const isStrided = strides.some((stride) => stride > 1);
  if (groups > 1) return isStrided && (channels > 1 || (isFed && filters === groups));
  const isPadded = [...padsBegin, ...padsEnd].some((rows) => rows > 0);
  const isPointwise = kernel.every((size) => size === 1);
  return isStrided || channels < 8 || (isFed && !isPadded && !isPointwise);
}

function byConvTranspose(
  b: GraphBuilder,
  dy: Value,
  w: Value,
  { windows, groups, spatial }: Convolution,
): Value {
  const { kernel, strides, dilations, padsBegin, padsEnd } = windows;
  const coverage = coverageOf(windows);
  const unread = spatial.map(
    (size, axis) => size + padsBegin[axis]! + padsEnd[axis]! - coverage[axis]!,
  );
  return b.op("ConvTranspose", [dy, w], {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...padsBegin, ...padsEnd],
    output_padding: unread,
    group: groups,
  });
}

function byFlippedConv(
  b: GraphBuilder,
  dy: Value,
  w: Value,
  { windows, groups, spatial }: Convolution,
): Value {
  const { value, pads } = adjointOperand(b, dy, windows, spatial);
  return b.op("Conv", [value, flipped(b, w, groups)], {
    kernel_shape: windows.kernel,
    dilations: windows.dilations,
    pads,
    group: groups,
  });
}

/** Weights [M, C / groups, ...kernel] as [C, M / groups, ...kernel] with every kernel turned around. */
function flipped(b: GraphBuilder, w: Value, groups: number): Value {
  const swapped = exchanged(b, w, groups);
  const axes = swapped.dims.flatMap((size, axis) => (axis > 1 && size > 1 ? [axis] : []));
  if (axes.length === 0) return swapped;
  const every = (index: number) => axes.map(() => index);
  return b.slice(swapped, every(-1), every(beforeFirst), axes, every(-1));
}

/** Weights [M, C / groups, ...kernel] as [C, M / groups, ...kernel]. */
function exchanged(b: GraphBuilder, w: Value, groups: number): Value {
  const [filters, channels, ...kernel] = w.dims as [number, number, ...number[]];
  if (groups === 1) return b.transpose(w, [1, 0, ...kernel.map((_, axis) => axis + 2)]);
  const grouped = b.reshape(w, [groups, filters / groups, channels, ...kernel]);
  const order = [0, 2, 1, ...kernel.map((_, axis) => axis + 3)];
  return b.reshape(b.transpose(grouped, order), [groups * channels, filters / groups, ...kernel]);
}

/** The gradient [M, C / groups, ...kernel] to the weights, from the input `x` and the gradient of the output. */
export function convolutionWeightGradient(
  b: GraphBuilder,
  x: Value,
  dy: Value,
  { windows, groups }: Convolution,
): Value {
  const isDepthwise = groups > 1 && groups === x.dims[1];
  if (isDepthwise && hasNarrowRows(windows)) return depthwiseWeightGradient(b, x, dy, windows);
  if (groups > 1) return groupedWeightGradient(b, x, dy, windows, groups);
  const cells = elementCount(windows.output);
  if (x.dims[0]! > 1 && cells < smallImage) return batchedWeightGradient(b, x, dy, windows);
  const [batch, channels] = x.dims as [number, number];
  const filters = dy.dims[1]!;
  const taps = tapsOf(b, x, windows, 0);
  const rows = b.reshape(dy, [batch, filters, cells]);
  const product = (tap: Value): Value => {
    const columns = b.transpose(b.reshape(tap, [batch, tap.dims[1]!, cells]), [0, 2, 1]);
    return b.reduceSum(b.op("MatMul", [rows, columns]), [0], false);
  };
  if (channels < manyChannels && taps.length > 1) {
    const columns = b.reshape(b.concat(taps, 1), [batch, taps.length * channels, cells]);
    const all = b.op("MatMul", [columns, b.transpose(rows, [0, 2, 1])]);
    return fromTapMajor(b, b.reduceSum(all, [0], false), [1, channels, filters], windows);
  }
  const products = taps.map((tap) => b.reshape(product(tap), [filters, channels, 1]));
  return b.reshape(b.concat(products, 2), [filters, channels, ...windows.kernel]);
}

/** Below so many output cells a picture, one product over the whole batch beats one a picture. */
const smallImage = 400;
/** From so many channels on, a product for each place in the kernel beats copying all places together. */
const manyChannels = 32;

/** [groups * taps * channels, filters], taps outside channels, as weights [M, C / groups, ...kernel]. */
function fromTapMajor(
  b: GraphBuilder,
  value: Value,
  [groups, channels, filters]: readonly [number, number, number],
  { kernel }: Windows,
): Value {
  const split = b.reshape(value, [groups, elementCount(kernel), channels, filters]);
  return b.reshape(b.transpose(split, [0, 3, 2, 1]), [groups * filters, channels, ...kernel]);
}

/** The batch becomes part of the summed axis. */
function batchedWeightGradient(b: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const [batch, channels, ...spatial] = x.dims as [number, number, ...number[]];
  const filters = dy.dims[1]!;
  const cells = elementCount(windows.output);
  const channelsFirst = b.transpose(x, [1, 0, ...spatial.map((_, axis) => axis + 2)]);
  const taps = tapsOf(b, channelsFirst, windows, 0);
  const columns = b.reshape(b.concat(taps, 0), [taps.length * channels, batch * cells]);
  const rows = b.transpose(b.reshape(dy, [batch, filters, cells]), [0, 2, 1]);
  const product = b.op("MatMul", [columns, b.reshape(rows, [batch * cells, filters])]);
  return fromTapMajor(b, product, [1, channels, filters], windows);
}

function groupedWeightGradient(
  b: GraphBuilder,
  x: Value,
  dy: Value,
  windows: Windows,
  groups: number,
): Value {
  const [batch, allChannels] = x.dims as [number, number];
  const [channels, filters] = [allChannels / groups, dy.dims[1]! / groups];
  const cells = elementCount(windows.output);
  const taps = tapsOf(b, x, windows, 0).map((tap) =>
    b.reshape(tap, [batch, groups, channels, cells]),
  );
  const columns = b.concat(taps, 2);
  const rows = b.transpose(b.reshape(dy, [batch, groups, filters, cells]), [0, 1, 3, 2]);
  const product = b.reduceSum(b.op("MatMul", [columns, rows]), [0], false);
  return fromTapMajor(b, product, [groups, channels, filters], windows);
}

/** The gradient [M] to the bias. */
export function convolutionBiasGradient(b: GraphBuilder, dy: Value): Value {
  const axes = dy.dims.map((_, axis) => axis).filter((axis) => axis !== 1);
  return b.reduceSum(dy, axes, false);
}
