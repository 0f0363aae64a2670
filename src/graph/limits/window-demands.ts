/** @file What windows of convolutions and pools must be, so that ONNX Runtime neither crashes nor never ends. */
import { all, checkInts, filledRows, int, mostInt32, ranked, type Demand } from "./demands.ts";
import type { SizedNode } from "./sized-node.ts";

/** Cells that a kernel may have more than what it slides over. */
const wider = 1024;

/** Kernel, strides, dilations and pads over all but the first two axes of input `i`. */
const slides =
  (i = 0, isKernelBounded = false): Demand =>
  (n) => {
    const places = n.dims(i)?.slice(2);
    if (!places) return;
    const any = () => mostInt32;
    const kernelUpTo = (axis: number) => (isKernelBounded ? places[axis]! + wider : mostInt32);
    checkInts(n, "kernel_shape", places.length, { least: 1, most: kernelUpTo });
    checkInts(n, "strides", places.length, { least: 1, most: any });
    checkInts(n, "dilations", places.length, { least: 1, most: any });
    checkInts(n, "pads", 2 * places.length, { least: -mostInt32, most: any });
    checkInts(n, "output_padding", places.length, { least: 0, most: any });
  };

/** Channels of the weights divide into the groups. */
const grouped = (weights: number): Demand =>
  int("group", 1, (n: SizedNode) => n.dims(weights)?.[0]);

export const convolution = (input: number, weights: number): Demand =>
  all(ranked(input, 3, 8), filledRows(input), filledRows(weights), grouped(weights), slides(input));

export const pool: Demand = all(
  ranked(0, 3, 8),
  filledRows(),
  slides(0, true),
  int("p", 1, mostInt32),
);

/** The kernel makes the output as large as it is: the estimate bounds it. */
export const unpool: Demand = all(ranked(0, 3, 8), filledRows(), slides());

/** Blocks that become rows and columns. */
export const blocks: Demand = (n) => {
  const places = n.count(1);
  if (places === undefined) return;
  const most = () => mostInt32;
  checkInts(n, "strides", places, { least: 1, most });
  checkInts(n, "dilations", places, { least: 1, most });
  checkInts(n, "pads", 2 * places, { least: 0, most });
};
