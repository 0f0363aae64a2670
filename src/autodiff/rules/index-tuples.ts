/** @file Index tuples, as GatherND and ScatterND have them, as plain indices into flattened leading axes. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { Indices } from "./accumulation.ts";

/** Leading axes of a shape as one axis, and the rest as another: [places, elements]. */
export function flattened(dims: readonly number[], leading: number): readonly [number, number] {
  return [elementCount(dims.slice(0, leading)), elementCount(dims.slice(leading))];
}

/**
 * The row-major place that each tuple points at, one for each: numbers if the tuples are constant.
 * `indices` is [...batch, ..., depth]; tuples index the axes of `dims` behind its `batchDims` first ones,
 * which they share.
 */
export function flatPlaces(
  b: GraphBuilder,
  indices: Value,
  dims: readonly number[],
  batchDims = 0,
): Indices {
  const depth = indices.dims.at(-1)!;
  const indexed = dims.slice(batchDims, batchDims + depth);
  const strides = indexed.map((_, axis) => elementCount(indexed.slice(axis + 1)));
  const count = elementCount(indices.dims.slice(0, -1));
  const each = count / elementCount(dims.slice(0, batchDims));
  const starts = Array.from(
    { length: batchDims === 0 ? 1 : count },
    (_, i) => Math.floor(i / each) * elementCount(indexed),
  );
  const known = b.numbersOf(indices);
  if (known) {
    return Array.from({ length: count }, (_, i) => {
      const tuple = known.slice(i * depth, (i + 1) * depth);
      return tuple.reduce((place, index, axis) => {
        const front = index < 0 ? index + indexed[axis]! : index;
        return place + front * strides[axis]!;
      }, starts[i] ?? 0);
    });
  }
  const tuples = b.reshape(b.cast(indices, "int64"), [count, depth]);
  const negative = b.op("Less", [tuples, b.scalar(0, "int64")]);
  const front = b.where(negative, b.add(tuples, b.ints(indexed)), tuples);
  const places = b.reduceSum(b.mul(front, b.ints(strides)), [1], false);
  return batchDims === 0 ? places : b.add(places, b.constant(starts, [count], "int64"));
}
