/** @file Whole numbers as inputs of rows: shapes, axes, pads and indices. */
import type { InputSpec } from "../row.ts";

/** A one-dimensional int64 initializer. */
export function ints(...values: readonly number[]): InputSpec {
  return { dims: [values.length], type: "int64", values };
}

/** int64 indices of a shape, fed if they are not `constant`. */
export function indices(
  dims: readonly number[],
  values: readonly number[],
  constant = true,
): InputSpec {
  return { dims, type: "int64", values, constant };
}
