/** @file Building blocks that place a value inside a larger one, or cut it out. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";

/**
 * The value with `before` zeros in front of and `behind` zeros after each axis; negative ones crop.
 * Cropping comes first, so that nothing is padded only to be dropped.
 */
export function withMargins(
  b: GraphBuilder,
  value: Value,
  before: readonly number[],
  behind: readonly number[],
): Value {
  const axes = value.dims.map((_, axis) => axis);
  const cropped = axes.filter((axis) => before[axis]! < 0 || behind[axis]! < 0);
  const inner =
    cropped.length === 0
      ? value
      : b.slice(
          value,
          cropped.map((axis) => Math.max(-before[axis]!, 0)),
          cropped.map((axis) => value.dims[axis]! + Math.min(behind[axis]!, 0)),
          cropped,
        );
  const pads = [...before, ...behind].map((margin) => Math.max(margin, 0));
  return pads.every((pad) => pad === 0) ? inner : b.op("Pad", [inner, b.ints(pads)]);
}

/** The value as the part of an axis that starts at `start`; the axis has `size` places, the others are zero. */
export function placedAlong(
  b: GraphBuilder,
  value: Value,
  axis: number,
  start: number,
  size: number,
): Value {
  const before = value.dims.map((_, i) => (i === axis ? start : 0));
  const behind = value.dims.map((dim, i) => (i === axis ? size - start - dim : 0));
  return withMargins(b, value, before, behind);
}

/** The value with its elements along an axis in the opposite order. */
export function reversedAlong(b: GraphBuilder, value: Value, axis: number): Value {
  return b.slice(value, [-1], [-Number.MAX_SAFE_INTEGER], [axis], [-1]);
}
