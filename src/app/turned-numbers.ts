/** @file Numbers of an array with its axes in another order. */
import { elementCount } from "../graph/tensor.ts";

/** The numbers with `order[i]` of the old axes as axis i; the same array where that is theirs. */
export function turnedNumbers<T extends Float32Array | number[]>(
  numbers: T,
  dims: readonly number[],
  order: readonly number[],
): T {
  if (order.every((from, to) => from === to)) return numbers;
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const result = numbers.slice() as T;
  const sizes = order.map((axis) => dims[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const at = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = numbers[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      at[axis]! += 1;
      from += steps[axis]!;
      if (at[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      at[axis] = 0;
    }
  }
  return result;
}
