/** @file The arithmetic of sliding windows: output sizes and pads of convolutions and pools, for any number of axes. */
import type { AttributeReader } from "./attributes.ts";

/** A sliding window over the spatial axes, everything spelled out. All lists have one entry a spatial axis. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
  /** Number of window positions. */
  readonly output: readonly number[];
}

/**
 * The windows of a Conv, pool or LpPool over `spatial` input sizes, with `auto_pad`, `ceil_mode` and
 * defaults resolved. In ceil mode a last window that would start in the end padding is dropped, as
 * PyTorch and ONNX Runtime do.
 */
export function windowsOf(
  attributes: AttributeReader,
  spatial: readonly number[],
  kernel: readonly number[],
): Windows {
  const rank = spatial.length;
  const strides = attributes.ints("strides", Array<number>(rank).fill(1));
  const dilations = attributes.ints("dilations", Array<number>(rank).fill(1));
  const explicit = attributes.ints("pads", Array<number>(2 * rank).fill(0));
  const autoPad = attributes.string("auto_pad", "NOTSET");
  const ceil = attributes.int("ceil_mode", 0) === 1;
  const padsBegin: number[] = [];
  const padsEnd: number[] = [];
  const output: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const size = spatial[axis]!;
    const stride = strides[axis]!;
    const reach = (kernel[axis]! - 1) * dilations[axis]! + 1;
    const [begin, end] = axisPads(autoPad, size, stride, reach, [
      explicit[axis]!,
      explicit[axis + rank]!,
    ]);
    const slack = size + begin + end - reach;
    let count = (ceil ? Math.ceil(slack / stride) : Math.floor(slack / stride)) + 1;
    if (ceil && (count - 1) * stride >= size + begin) count -= 1;
    padsBegin.push(begin);
    padsEnd.push(end);
    output.push(Math.max(count, 0));
  }
  return { kernel, strides, dilations, padsBegin, padsEnd, output };
}

function axisPads(
  autoPad: string,
  size: number,
  stride: number,
  reach: number,
  explicit: readonly [number, number],
): readonly [number, number] {
  if (autoPad === "VALID") return [0, 0];
  if (autoPad !== "SAME_UPPER" && autoPad !== "SAME_LOWER") return explicit;
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
  const half = Math.floor(total / 2);
  return autoPad === "SAME_UPPER" ? [half, total - half] : [total - half, half];
}

/** What a ConvTranspose does over the spatial axes, everything spelled out. */
export interface TransposedWindows extends Windows {
  readonly outputPadding: readonly number[];
}

/** The windows of a ConvTranspose over `spatial` input sizes; `output` is the size it produces. */
export function transposedWindowsOf(
  attributes: AttributeReader,
  spatial: readonly number[],
  kernel: readonly number[],
): TransposedWindows {
  const rank = spatial.length;
  const ones = Array<number>(rank).fill(1);
  const strides = attributes.ints("strides", ones);
  const dilations = attributes.ints("dilations", ones);
  const outputPadding = attributes.ints("output_padding", Array<number>(rank).fill(0));
  const explicit = attributes.ints("pads", Array<number>(2 * rank).fill(0));
  const autoPad = attributes.string("auto_pad", "NOTSET");
  const wanted = attributes.ints("output_shape", []).slice(-rank);
  const padsBegin: number[] = [];
  const padsEnd: number[] = [];
  const output: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const stride = strides[axis]!;
    const reach = (kernel[axis]! - 1) * dilations[axis]! + 1;
    const full = stride * (spatial[axis]! - 1) + outputPadding[axis]! + reach;
    const same = autoPad.startsWith("SAME");
    const target = wanted[axis] ?? (same ? spatial[axis]! * stride : undefined);
    if (target === undefined) {
      const valid = autoPad === "VALID";
      padsBegin.push(valid ? 0 : explicit[axis]!);
      padsEnd.push(valid ? 0 : explicit[axis + rank]!);
    } else {
      const total = Math.max(full - target, 0);
      const half = Math.floor(total / 2);
      padsBegin.push(autoPad === "SAME_UPPER" ? half : total - half);
      padsEnd.push(autoPad === "SAME_UPPER" ? total - half : half);
    }
    output.push(target ?? full - padsBegin[axis]! - padsEnd[axis]!);
  }
  return { kernel, strides, dilations, padsBegin, padsEnd, output, outputPadding };
}
