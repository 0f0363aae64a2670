/** @file Gradient rules of moving blocks of pixels to channels and back. */
import { elementCount } from "../../graph/tensor.ts";
import { windowsOf } from "../../graph/windows.ts";
import type { GradientRule, RuleTable } from "../rule.ts";
import { withMargins } from "./margins.ts";

/** The inverse of DepthToSpace: blocks back to channels, in the mode's order. */
const depthToSpace: GradientRule = (n, b) => {
  const [batch, channels, height, width] = n.in(0).dims as [number, number, number, number];
  const block = n.int("blocksize");
  const kept = channels / block ** 2;
  const split = b.reshape(n.grad(0), [batch, kept, height, block, width, block]);
  const order = n.string("mode", "DCR") === "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
  return [b.reshape(b.transpose(split, order), n.in(0).dims)];
};

const spaceToDepth: GradientRule = (n, b) => [
  b.op("DepthToSpace", [n.grad(0)], { blocksize: n.int("blocksize"), mode: "DCR" }),
];

/**
 * y [N, C, ...image] sums the columns x [N, C block, windows] at the places where the windows lie; dx
 * reads dy there.
 */
const columnsToImage: GradientRule = (n, b) => {
  const image = n.requireConstant(1, "image shape");
  const windows = windowsOf(n, image, n.requireConstant(2, "block shape"));
  const dy = withMargins(b, n.grad(0), [0, 0, ...windows.padsBegin], [0, 0, ...windows.padsEnd]);
  const [batch, channels, ...padded] = dy.dims as [number, number, ...number[]];
  const taps = gridPlaces(windows.kernel, windows.dilations, padded);
  const origins = gridPlaces(windows.output, windows.strides, padded);
  const read = taps.flatMap((tap) => origins.map((origin) => tap + origin));
  const flat = b.reshape(dy, [batch, channels, elementCount(padded)]);
  const columns = b.op("Gather", [flat, b.constant(read, [read.length], "int64")], { axis: 2 });
  return [b.reshape(columns, n.in(0).dims)];
};

/** The row-major places in an image of `sizes` of a grid with `counts` points, `steps` apart. */
function gridPlaces(
  counts: readonly number[],
  steps: readonly number[],
  sizes: readonly number[],
): readonly number[] {
  let places: readonly number[] = [0];
  for (const [axis, size] of sizes.entries()) {
    const offsets = Array.from({ length: counts[axis]! }, (_, i) => i * steps[axis]!);
    places = places.flatMap((place) => offsets.map((offset) => place * size + offset));
  }
  return places;
}

export const blocks = {
  // y = the sum of the columns x where their windows lie; dx = dy read through the windows
  Col2Im: columnsToImage,
  // channels laid out as blocks of places; dx = dy with the blocks laid back into channels
  DepthToSpace: depthToSpace,
  // blocks of places laid into channels; dx = dy with the channels laid out as blocks again
  SpaceToDepth: spaceToDepth,
} satisfies RuleTable;
