/** @file Convolutions and pools as TensorFlow has them: kernels [..., in, out], paddings by name. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { channelsFirst, heldFirst, type NhwcValue } from "./nhwc-value.ts";
import { permutedTensor } from "./permuted-tensor.ts";

/** How a window goes over the places; lists have one entry a spatial axis. */
export interface Window {
  readonly strides: readonly number[];
  /** "same" leaves ceil(places / stride); explicit pads are [begin, end] a spatial axis. */
  readonly padding: "same" | "valid" | readonly (readonly [number, number])[];
  readonly dilations?: readonly number[];
}

/** A convolution's weights. */
export interface ConvolutionWeights {
  /** [...spatial, in / groups, out]. */
  readonly kernel: Tensor;
  /** [out]. */
  readonly bias?: Tensor;
  readonly groups?: number;
}

/** The attributes of ONNX that stand for a window. */
function windowAttributes(size: readonly number[], { strides, padding, dilations }: Window) {
  const spread = dilations ?? size.map(() => 1);
  return {
    kernel_shape: size,
    strides,
    dilations: spread,
    ...padsOf(size, strides, spread, padding),
  };
}

/**
 * The pads of "same" depend on the number of places where the stride is not 1, so that ONNX Runtime is left to find
 * them; SAME_UPPER is TensorFlow's formula. A window of stride 1 has the same ones everywhere.
 */
function padsOf(
  size: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
  padding: Window["padding"],
): { readonly pads: readonly number[] } | { readonly auto_pad: string } {
  if (padding === "valid") return { pads: size.flatMap(() => [0, 0]) };
  if (padding !== "same") {
    return { pads: [...padding.map(([begin]) => begin), ...padding.map(([, end]) => end)] };
  }
  if (strides.some((stride) => stride !== 1)) return { auto_pad: "SAME_UPPER" };
  const pairs = size.map((side, axis) => evenPads((side - 1) * dilations[axis]!));
  return { pads: [...pairs.map(([begin]) => begin), ...pairs.map(([, end]) => end)] };
}

/** A convolution of [N, ..., C]; the result is called `name`. */
export function convolution(
  b: GraphBuilder,
  x: NhwcValue,
  { kernel, bias, groups = 1 }: ConvolutionWeights,
  window: Window,
  name: string,
): NhwcValue {
  const spatial = kernel.dims.length - 2;
  const order = [spatial + 1, spatial, ...kernel.dims.slice(0, -2).keys()];
  const weights = b.initializer(`${name}/kernel`, permutedTensor(kernel, order));
  const attributes = { ...windowAttributes(kernel.dims.slice(0, -2), window), group: groups };
  const inputs = [channelsFirst(b, x), weights, ...biasOf(b, bias, name)];
  return heldFirst(b.op("Conv", inputs, attributes, name));
}

/** A convolution of each channel by itself; the kernel is [...spatial, C, multiplier], and channel c's results lie together. */
export function depthwiseConvolution(
  b: GraphBuilder,
  x: NhwcValue,
  { kernel, bias }: Omit<ConvolutionWeights, "groups">,
  window: Window,
  name: string,
): NhwcValue {
  const [channels, multiplier] = kernel.dims.slice(-2) as [number, number];
  const size = kernel.dims.slice(0, -2);
  const spatial = size.length;
  const turned = permutedTensor(kernel, [spatial, spatial + 1, ...size.keys()]);
  const weights = { ...turned, dims: [channels * multiplier, 1, ...size] };
  const attributes = { ...windowAttributes(size, window), group: channels };
  const inputs = [
    channelsFirst(b, x),
    b.initializer(`${name}/kernel`, weights),
    ...biasOf(b, bias, name),
  ];
  return heldFirst(b.op("Conv", inputs, attributes, name));
}

/** A bias, or none. */
function biasOf(b: GraphBuilder, bias: Tensor | undefined, name: string): Value[] {
  return bias ? [b.initializer(`${name}/bias`, permutedTensor(bias, [0]))] : [];
}

/** Which of a window's values is kept; means are over those inside the picture alone. */
export type PoolKind = "max" | "average";

/** A pool over the places of [N, ..., C]. */
export function pool(
  b: GraphBuilder,
  x: NhwcValue,
  kind: PoolKind,
  size: readonly number[],
  window: Window,
  name: string,
): NhwcValue {
  const [operator, more] =
    kind === "max"
      ? (["MaxPool", {}] as const)
      : (["AveragePool", { count_include_pad: 0 }] as const);
  const add = (input: Value, over: readonly number[], part: Window, called: string) => {
    const { dilations: _, ...attributes } = windowAttributes(over, part);
    return b.op(operator, [input], { ...attributes, ...more }, called);
  };
  const first = channelsFirst(b, x);
  const gaps = gapPads(size, window);
  if (!gaps) return heldFirst(add(first, size, window, name));
  const isGap = (axis: number) => gaps[axis] !== undefined;
  const along = (isWanted: (axis: number) => boolean, padding: Window["padding"]) => {
    const only = (values: readonly number[]) => values.map((value, i) => (isWanted(i) ? value : 1));
    return [only(size), { ...window, strides: only(window.strides), padding }] as const;
  };
  const pads = gaps.map((pair) => pair ?? ([0, 0] as const));
  if (size.every((_, axis) => isGap(axis) || window.strides[axis] === 1)) {
    const all = size.map((side, axis) => gaps[axis] ?? evenPads(side - 1));
    return heldFirst(add(first, size, { ...window, padding: all }, name));
  }
  const rest = add(first, ...along((axis) => !isGap(axis), "same"), b.freeName(`${name}/rest`));
  return heldFirst(add(rest, ...along(isGap, pads), name));
}

/**
 * Pads of "same" along the axes where windows leave gaps between them, undefined along others; undefined where there
 * are no gaps. ONNX Runtime's pools find pads below 0 there, while windows of one place need none, and those of two
 * never more than one behind.
 */
function gapPads(
  size: readonly number[],
  { strides, padding }: Window,
): readonly (readonly [number, number] | undefined)[] | undefined {
  if (padding !== "same") return undefined;
  const pads = size.map((side, axis) =>
    side < strides[axis]! && side <= 2 ? ([0, side - 1] as const) : undefined,
  );
  return pads.some((pair) => pair) ? pads : undefined;
}

/** So many pads on both sides, the odd one behind. */
function evenPads(total: number): readonly [number, number] {
  const begin = Math.floor(total / 2);
  return [begin, total - begin];
}
