/** @file The adjoint of reading at indices: what was read in several places is added up. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import { placedAlong } from "./margins.ts";
import { largest } from "../../statistics.ts";

/** 1-D indices along an axis: those known beforehand as numbers, counted from the front. */
export type Indices = Value | readonly number[];

function isKnown(indices: Indices): indices is readonly number[] {
  return Array.isArray(indices);
}

/** An order of more places takes long to make, and is for nothing where few of them are read. */
const longestOrder = 2 ** 18;

/** The indices as an int64 value. */
export function indexValue(b: GraphBuilder, indices: Indices): Value {
  return isKnown(indices) ? b.constant(indices, [indices.length], "int64") : indices;
}

/**
 * The value whose slice at place i of an axis with `size` places is the sum of the slices of `values`
 * that `indices` sends there, one index a slice: [.., indices, ..] -> [.., size, ..]. Known indices are
 * turned round into a gather where that is cheap, since it needs no scattered additions.
 */
export function addAlong(
  b: GraphBuilder,
  values: Value,
  axis: number,
  indices: Indices,
  size: number,
): Value {
  if (!isKnown(indices)) return addByScatter(b, values, axis, indices, size);
  if (indices.length === 0) return b.fill(values.dims.with(axis, size), 0, values.type);
  if (indices.every((place, i) => place === indices[0]! + i)) {
    return placedAlong(b, values, axis, indices[0]!, size);
  }
  const isSparse = size > Math.max(longestOrder, 2 * indices.length);
  if (isSparse) return addByScatter(b, values, axis, indexValue(b, indices), size);
  const sources = sourcesOf(indices, size);
  const most = largest(sources.map((list) => list.length));
  if (most === 1 || size * most <= 2 * indices.length) {
    return addByGather(b, values, axis, sources, most);
  }
  return addByScatter(b, values, axis, indexValue(b, indices), size);
}

/** For each place the indices of the slices that go there. */
function sourcesOf(places: readonly number[], size: number): readonly (readonly number[])[] {
  const sources: number[][] = Array.from({ length: size }, () => []);
  for (const [i, place] of places.entries()) sources[place]!.push(i);
  return sources;
}

/** Every place reads its `most` slices, zeros where it has fewer, and sums them. */
function addByGather(
  b: GraphBuilder,
  values: Value,
  axis: number,
  sources: readonly (readonly number[])[],
  most: number,
): Value {
  const count = values.dims[axis]!;
  const whole = sources.every((list) => list.length === most);
  const order = sources.flatMap((list) => Array.from({ length: most }, (_, k) => list[k] ?? count));
  const padded = whole ? values : placedAlong(b, values, axis, 0, count + 1);
  const inOrder = whole && order.every((source, i) => source === i);
  const read = inOrder ? padded : b.op("Gather", [padded, indexValue(b, order)], { axis });
  if (most === 1) return read;
  const apart = b.reshape(read, values.dims.toSpliced(axis, 1, sources.length, most));
  return b.reduceSum(apart, [axis + 1], false);
}

/** ScatterElements, since ScatterND loses additions to the same place when ONNX Runtime has several threads. */
function addByScatter(
  b: GraphBuilder,
  values: Value,
  axis: number,
  indices: Value,
  size: number,
): Value {
  const zeros = b.fill(values.dims.with(axis, size), 0, values.type);
  const spread = indicesAlong(b, indices, values.dims, axis);
  return b.op("ScatterElements", [zeros, spread, values], { axis, reduction: "add" });
}

/** 1-D indices of whole slices as one index an element, in shape `dims`. */
export function indicesAlong(
  b: GraphBuilder,
  indices: Value,
  dims: readonly number[],
  axis: number,
): Value {
  const count = elementCount(indices.dims);
  const line = b.reshape(
    indices,
    dims.map((_, i) => (i === axis ? count : 1)),
  );
  return b.expand(line, dims);
}
