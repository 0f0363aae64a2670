/** @file What a window at one place of a map reads, its products with a kernel, and what comes of them. */
import type { ChannelSteps, MapWindows } from "../network/channel-steps.ts";

/** A number under a window. */
export interface Tap {
  /** On the map; beyond its borders in the padding. */
  readonly row: number;
  readonly column: number;
  readonly isInside: boolean;
}

/** What a window reads at a place of the output, row by row of the kernel. */
function tapsAt(windows: MapWindows, row: number, column: number): readonly Tap[] {
  const { kernel, strides, dilations, pads, input } = windows;
  const [top, left] = [row * strides[0] - pads[0], column * strides[1] - pads[1]];
  return Array.from({ length: kernel[0] * kernel[1] }, (_, i) => {
    const y = top + Math.floor(i / kernel[1]) * dilations[0];
    const x = left + (i % kernel[1]) * dilations[1];
    const isInside = y >= 0 && x >= 0 && y < input[0] && x < input[1];
    return { row: y, column: x, isInside };
  });
}

/** The numbers of a map [height, width] under a window, 0 in the padding. */
export function numbersUnder(
  map: Float32Array,
  { input }: MapWindows,
  taps: readonly Tap[],
): readonly number[] {
  return taps.map(({ row, column, isInside }) => (isInside ? map[row * input[1] + column]! : 0));
}

/** The sum of products, in double precision. */
export function productSum(numbers: readonly number[], kernel: Float32Array): number {
  return numbers.reduce((sum, number, i) => sum + number * kernel[i]!, 0);
}

/** The largest number under a window; padding does not count. */
function largestUnder(numbers: readonly number[], taps: readonly Tap[]): number {
  return numbers.reduce(
    (most, number, i) => (taps[i]!.isInside ? Math.max(most, number) : most),
    Number.NEGATIVE_INFINITY,
  );
}

/**
 * The mean under a window: of the places on the map, or, where places outside count, of those within the padding
 * too; what a last window has beyond the padding never counts, as ONNX Runtime has it.
 */
function meanUnder(
  numbers: readonly number[],
  taps: readonly Tap[],
  { windows, countsOutside }: Pick<ChannelSteps, "windows" | "countsOutside">,
): number {
  const { input, padsEnd } = windows;
  const counted = taps.filter(
    ({ row, column, isInside }) =>
      isInside || (countsOutside && row < input[0] + padsEnd[0] && column < input[1] + padsEnd[1]),
  );
  return numbers.reduce((sum, number) => sum + number, 0) / counted.length;
}

/** What came of one place. */
export interface StepsAt {
  readonly taps: readonly Tap[];
  /** Of each channel that is read: its products' sum, or what its window holds at most or in the mean. */
  readonly parts: readonly number[];
  /** With the bias. */
  readonly sum: number;
}

/** Follows a place of the output; `maps` [height, width] are of the channels that are read, in their order. */
export function stepsAt(
  steps: Pick<ChannelSteps, "kind" | "windows" | "bias" | "countsOutside"> & {
    readonly reads: readonly { readonly kernel: Float32Array | undefined }[];
  },
  maps: readonly Float32Array[],
  row: number,
  column: number,
): StepsAt {
  const { kind, windows, reads, bias } = steps;
  const taps = tapsAt(windows, row, column);
  const parts = maps.map((map, i) => {
    const numbers = numbersUnder(map, windows, taps);
    if (kind === "sum") return productSum(numbers, reads[i]!.kernel!);
    return kind === "max" ? largestUnder(numbers, taps) : meanUnder(numbers, taps, steps);
  });
  return { taps, parts, sum: parts.reduce((sum, part) => sum + part, bias) };
}
