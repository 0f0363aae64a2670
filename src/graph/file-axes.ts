/** @file The axes of inputs as the model's file has them, where its reader turned them. */
import type { AxisName } from "./input-axes.ts";
import type { InputPart } from "./input-parts.ts";
import type { Dimension } from "./graph.ts";

/** What belongs to the axes of an input, one each, in the order of the model's file. */
export function inFileOrder<T>(
  ofAxes: readonly T[],
  fileOrder: readonly number[] | undefined,
): readonly T[] {
  return fileOrder ? fileOrder.map((axis) => ofAxes[axis]!) : ofAxes;
}

/** The shape of an input in the model's file, and what its axes are. */
export function inFile({ dims, axes, fileOrder }: Pick<InputPart, "dims" | "axes" | "fileOrder">): {
  readonly dims: readonly Dimension[];
  readonly axes: readonly AxisName[];
} {
  return { dims: inFileOrder(dims, fileOrder), axes: inFileOrder(axes, fileOrder) };
}
