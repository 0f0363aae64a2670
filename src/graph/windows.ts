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

/** Cells from the first to the last of a window, each axis. */
export function reachOf({ kernel, dilations }: Pick<Windows, "kernel" | "dilations">): number[] {
  return kernel.map((size, axis) => (size - 1) * dilations[axis]! + 1);
}

/** Rows from the first to the last that any window reads, each axis. */
export function coverageOf(windows: Windows): number[] {
  const { output, strides } = windows;
  return reachOf(windows).map((reach, axis) => (output[axis]! - 1) * strides[axis]! + reach);
}

/** The windows of a Conv over `spatial` input sizes, with `auto_pad` and defaults resolved. */
export function windowsOf(
  attributes: AttributeReader,
  spatial: readonly number[],
  kernel: readonly number[],
): Windows {
  return resolved(attributes, spatial, kernel, {
    same: (axis) => Math.max(sameTotal(axis, axis.reach), 0),
    count: ({ size, stride, reach }, begin, end) =>
      Math.max(Math.floor((size + begin + end - reach) / stride) + 1, 0),
  });
}

/**
 * The windows of an AveragePool, LpPool or MaxPool over `spatial` input sizes as ONNX Runtime slides them. In ceil mode a
 * last window that would start in the end padding is dropped. Unlike a Conv's, pads that `auto_pad` finds take no heed of
 * dilations, and are negative where strides leave gaps that the last window need not bridge. One window that is larger
 * than the padded input by less than its stride is there.
 */
export function poolWindowsOf(attributes: AttributeReader, spatial: readonly number[]): Windows {
  const isCeil = attributes.int("ceil_mode", 0) === 1;
  return resolved(attributes, spatial, attributes.ints("kernel_shape"), {
    same: (axis) => sameTotal(axis, axis.kernel),
    count: ({ size, stride, reach }, begin, end) => {
      const steps = (size + begin + end - reach) / stride;
      const count = (isCeil ? Math.ceil(steps) : Math.trunc(steps)) + 1;
      const isDropped = isCeil && (count - 1) * stride >= size + begin;
      return Math.max(isDropped ? count - 1 : count, 0);
    },
  });
}

interface Axis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  /** Cells from the first to the last of a window. */
  readonly reach: number;
}

/** What kinds of windows have each their own way of. */
interface WindowKind {
  /** Pads of both sides that SAME_UPPER and SAME_LOWER find. */
  readonly same: (axis: Axis) => number;
  /** Number of window positions. */
  readonly count: (axis: Axis, begin: number, end: number) => number;
}

function resolved(
  attributes: AttributeReader,
  spatial: readonly number[],
  kernel: readonly number[],
  kind: WindowKind,
): Windows {
  const rank = spatial.length;
  const strides = attributes.ints("strides", Array<number>(rank).fill(1));
  const dilations = attributes.ints("dilations", Array<number>(rank).fill(1));
  const explicit = attributes.ints("pads", Array<number>(2 * rank).fill(0));
  const autoPad = attributes.string("auto_pad", "NOTSET");
  const axes = spatial.map((size, i): Axis => {
    const reach = (kernel[i]! - 1) * dilations[i]! + 1;
    return { size, kernel: kernel[i]!, stride: strides[i]!, reach };
  });
  const pads = axes.map((axis, i): readonly [number, number] => {
    if (autoPad === "VALID") return [0, 0];
    if (!autoPad.startsWith("SAME")) return [explicit[i]!, explicit[i + rank]!];
    const total = kind.same(axis);
    const begin = Math.trunc((autoPad === "SAME_UPPER" ? total : total + 1) / 2);
    return [begin, total - begin];
  });
  return {
    kernel,
    strides,
    dilations,
    padsBegin: pads.map(([begin]) => begin),
    padsEnd: pads.map(([, end]) => end),
    output: axes.map((axis, i) => kind.count(axis, ...pads[i]!)),
  };
}

/** Pads of both sides with which a window of so many cells has ceil(size / stride) positions. */
function sameTotal({ size, stride }: Axis, cells: number): number {
  return (Math.ceil(size / stride) - 1) * stride + cells - size;
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
