/** @file Transposed convolutions as TensorFlow has them: kernels [..., out, in], paddings by name. */
import type { GraphBuilder } from "../../graph/builder.ts";
import { channelsFirst, heldFirst, type NhwcValue } from "./nhwc-value.ts";
import { permutedTensor } from "./permuted-tensor.ts";
import type { ConvolutionWeights, Window } from "./windows.ts";

/** How a kernel is laid over the places of the result. */
export interface TransposedWindow extends Window {
  readonly padding: "same" | "valid";
  /** Places more than the smallest result has, one entry a spatial axis; the usual ones if it is left out. */
  readonly outputPadding?: readonly number[];
}

/** A transposed convolution of [N, ..., C]; the kernel is [...spatial, out, in], the result is called `name`. */
export function transposedConvolution(
  b: GraphBuilder,
  x: NhwcValue,
  { kernel, bias }: Omit<ConvolutionWeights, "groups">,
  window: TransposedWindow,
  name: string,
): NhwcValue {
  const size = kernel.dims.slice(0, -2);
  const order = [size.length + 1, size.length, ...size.keys()];
  const weights = b.initializer(`${name}/kernel`, permutedTensor(kernel, order));
  const shift = bias ? [b.initializer(`${name}/bias`, permutedTensor(bias, [0]))] : [];
  const dilations = window.dilations ?? size.map(() => 1);
  const axes = size.map((side, axis) => padsOf((side - 1) * dilations[axis]! + 1, axis, window));
  const attributes = {
    kernel_shape: size,
    strides: window.strides,
    dilations,
    pads: [...axes.map(({ begin }) => begin), ...axes.map(({ end }) => end)],
    output_padding: axes.map(({ more }) => more),
  };
  const inputs = [channelsFirst(b, x), weights, ...shift];
  return heldFirst(b.op("ConvTranspose", inputs, attributes, name));
}

/**
 * What is cut off at both ends of an axis, or added behind it, so that the result is as long as Keras has it. Without an
 * output padding that is `places * stride` for "same", and `(places - 1) * stride + max(reach, stride)` for "valid".
 */
function padsOf(
  reach: number,
  axis: number,
  { padding, strides, outputPadding }: TransposedWindow,
): { readonly begin: number; readonly end: number; readonly more: number } {
  const stride = strides[axis]!;
  const asked = outputPadding?.[axis];
  // Of a result that is (places - 1) * stride + reach long before.
  const cut =
    padding === "same"
      ? asked === undefined
        ? reach - stride
        : 2 * Math.floor(reach / 2) - asked
      : asked === undefined
        ? Math.min(reach - stride, 0)
        : -asked;
  if (cut < 0) return { begin: 0, end: 0, more: -cut };
  const begin = Math.floor(cut / 2);
  return { begin, end: cut - begin, more: 0 };
}
