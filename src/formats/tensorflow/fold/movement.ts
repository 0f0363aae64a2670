/** @file Constants moved, cut and joined. */
import { elementCount, type Tensor } from "../../../graph/tensor.ts";
import type { Operation } from "../operation.ts";
import { placesOf, stridedOf } from "../rows/strided.ts";
import { spread } from "./elementwise.ts";
import {
  axisOf,
  given,
  indicesOf,
  numbersAs,
  picked,
  plainNumbers,
  stridesOf,
  type Fold,
  type Folds,
} from "./numbers.ts";

const reshape: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const asked = plainNumbers(given(inputs, 1, o));
  const known = elementCount(asked.filter((dim) => dim !== -1));
  const dims = asked.map((dim) => (dim === -1 ? elementCount(value.dims) / known : dim));
  return shaped(o, value, dims);
};

/** The same numbers with other axes; the data is not copied. */
function shaped(o: Operation, value: Tensor, dims: readonly number[]): Tensor {
  const fits = dims.every((dim) => Number.isInteger(dim) && dim >= 0);
  if (!fits || elementCount(dims) !== elementCount(value.dims)) {
    throw o.refused(
      `must keep all numbers, got [${value.dims.join(", ")}] as [${dims.join(", ")}]`,
    );
  }
  return { type: value.type, dims, data: value.data };
}

const squeeze: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const told = o.values("squeeze_dims") ?? o.values("axis") ?? [];
  const axes = told.map((axis) => axisOf(o, axis, value.dims.length));
  const stays = (dim: number, axis: number) => (axes.length > 0 ? !axes.includes(axis) : dim !== 1);
  return shaped(o, value, value.dims.filter(stays));
};

const expandDims: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const [told] = plainNumbers(given(inputs, 1, o));
  const axis = axisOf(o, told, value.dims.length + 1);
  return shaped(o, value, value.dims.toSpliced(axis, 0, 1));
};

const pack: Fold = (inputs, o) => {
  const rank = given(inputs, 0, o).dims.length + 1;
  const axis = axisOf(o, o.value("axis", 0), rank);
  const parts = inputs.map((value) => shaped(o, value, value.dims.toSpliced(axis, 0, 1)));
  return joined(o, parts, axis);
};

const unpack: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const axis = axisOf(o, o.value("axis", 0), value.dims.length);
  const dims = value.dims.toSpliced(axis, 1);
  const strides = stridesOf(value.dims);
  return Array.from({ length: value.dims[axis]! }, (_, i) =>
    picked(value, dims, indicesOf(dims, strides.toSpliced(axis, 1), i * strides[axis]!)),
  );
};

function joined(o: Operation, parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts as readonly [Tensor, ...Tensor[]];
  const sizes = parts.map(({ dims }) => dims[axis] ?? 0);
  const dims = first.dims.with(
    axis,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const others = parts.some(
    (part) => String(part.dims.with(axis, 0)) !== String(dims.with(axis, 0)),
  );
  if (others) throw o.refused("must join values of one shape, got several");
  const rows = elementCount(dims.slice(0, axis));
  const lists = parts.map(plainNumbers);
  const numbers = Array.from({ length: rows }, (_, row) =>
    lists.flatMap((list) => {
      const length = list.length / rows;
      return list.slice(row * length, (row + 1) * length);
    }),
  ).flat();
  return numbersAs(first.type, dims, numbers);
}

const concatV2: Fold = (inputs, o) => {
  const parts = inputs.slice(0, -1);
  const [told] = plainNumbers(given(inputs, inputs.length - 1, o));
  return joined(o, parts, axisOf(o, told, given(parts, 0, o).dims.length));
};

const stridedSlice: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const lists = [1, 2, 3].map((i) => plainNumbers(given(inputs, i, o)));
  const cut = stridedOf(o, value.dims, lists as [number[], number[], number[]]);
  const places = cut.axes.map((axis, i) => placesOf(axis, value.dims[i]!));
  const strides = stridesOf(value.dims);
  const start = places.reduce((sum, { from }, axis) => sum + from * strides[axis]!, 0);
  const dims = places.map(({ count }) => count);
  const steps = places.map(({ step }, axis) => step * strides[axis]!);
  const result = picked(value, dims, indicesOf(dims, steps, start));
  return shaped(o, result, cut.shapeOf(dims));
};

const slice: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const begins = plainNumbers(given(inputs, 1, o));
  const sizes = plainNumbers(given(inputs, 2, o));
  const dims = value.dims.map((dim, axis) =>
    sizes[axis] === -1 ? dim - begins[axis]! : sizes[axis]!,
  );
  const fits = dims.every(
    (dim, axis) => begins[axis]! >= 0 && begins[axis]! + dim <= value.dims[axis]!,
  );
  if (!fits) throw o.refused("must cut inside of what it reads");
  const strides = stridesOf(value.dims);
  const start = begins.reduce((sum, begin, axis) => sum + begin * strides[axis]!, 0);
  return picked(value, dims, indicesOf(dims, strides, start));
};

const transpose: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const order = plainNumbers(given(inputs, 1, o)).map((axis) => axisOf(o, axis, value.dims.length));
  if (new Set(order).size !== value.dims.length) throw o.refused("must name each axis once");
  const strides = stridesOf(value.dims);
  const dims = order.map((axis) => value.dims[axis]!);
  return picked(
    value,
    dims,
    indicesOf(
      dims,
      order.map((axis) => strides[axis]!),
    ),
  );
};

const gather: Fold = (inputs, o) => {
  const value = given(inputs, 0, o);
  const indices = given(inputs, 1, o);
  const [told] = inputs[2] ? plainNumbers(inputs[2]) : [0];
  const axis = axisOf(o, told, value.dims.length);
  const size = value.dims[axis]!;
  const chosen = plainNumbers(indices);
  if (o.value("batch_dims", 0) !== 0 || chosen.some((at) => at < 0 || at >= size)) {
    throw o.refused(`must choose among ${size} entries`);
  }
  const [before, after] = [value.dims.slice(0, axis), value.dims.slice(axis + 1)];
  const [outer, inner] = [elementCount(before), elementCount(after)];
  const places = Array.from({ length: outer }, (_, row) =>
    chosen.flatMap((at) => Array.from({ length: inner }, (_, i) => (row * size + at) * inner + i)),
  );
  return picked(value, [...before, ...indices.dims, ...after], places.flat());
};

const fill: Fold = (inputs, o) => {
  const dims = plainNumbers(given(inputs, 0, o));
  return broadcast(o, given(inputs, 1, o), dims);
};

function broadcast(o: Operation, value: Tensor, dims: readonly number[]): Tensor {
  const missing = dims.length - value.dims.length;
  const fits = value.dims.every((dim, axis) => dim === 1 || dim === dims[axis + missing]);
  if (!fits || missing < 0) throw o.refused(`must become [${dims.join(", ")}]`);
  return numbersAs(value.type, dims, spread(value, dims));
}

const range: Fold = (inputs, o) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => plainNumbers(given(inputs, i, o))[0] ?? 0);
  const count = Math.max(Math.ceil((limit! - start!) / delta!), 0);
  if (!(count < 2 ** 20)) throw o.refused(`must count up to a limit, got ${count} numbers`);
  const numbers = Array.from({ length: count }, (_, i) => start! + i * delta!);
  return numbersAs(given(inputs, 0, o).type, [count], numbers);
};

const filled =
  (number: number): Fold =>
  (inputs, o) => {
    const { type, dims } = given(inputs, 0, o);
    return broadcast(o, numbersAs(type, [], [number]), dims);
  };

/** Numbers over axes, as one each. */
const over =
  (compute: (numbers: readonly number[]) => number): Fold =>
  (inputs, o) => {
    const value = given(inputs, 0, o);
    const rank = value.dims.length;
    const axes = plainNumbers(given(inputs, 1, o)).map((axis) => axisOf(o, axis, rank));
    const isKept = (_: unknown, axis: number) => !axes.includes(axis);
    const [dims, gone] = [value.dims.filter(isKept), value.dims.filter((_, i) => axes.includes(i))];
    const strides = stridesOf(value.dims);
    const numbers = plainNumbers(value);
    const inside = indicesOf(
      gone,
      strides.filter((_, axis) => axes.includes(axis)),
    );
    const results = indicesOf(dims, strides.filter(isKept)).map((start) =>
      compute(inside.map((at) => numbers[start + at]!)),
    );
    const keep = o.truth("keep_dims") || o.truth("keepdims");
    const shape = keep ? value.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim)) : dims;
    return numbersAs(value.type, shape, results);
  };

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

export const movementFolds: Folds = {
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Pack: pack,
  Unpack: unpack,
  ConcatV2: concatV2,
  StridedSlice: stridedSlice,
  Slice: slice,
  Transpose: transpose,
  Gather: gather,
  GatherV2: gather,
  Fill: fill,
  BroadcastTo: (inputs, o) => broadcast(o, given(inputs, 0, o), plainNumbers(given(inputs, 1, o))),
  Range: range,
  ZerosLike: filled(0),
  OnesLike: filled(1),
  Prod: over((numbers) => numbers.reduce((product, number) => product * number, 1)),
  Sum: over(sum),
  Mean: over((numbers) => sum(numbers) / numbers.length),
  Max: over((numbers) => numbers.reduce((most, number) => Math.max(most, number), -Infinity)),
  Min: over((numbers) => numbers.reduce((least, number) => Math.min(least, number), Infinity)),
  Size: (inputs, o) => numbersAs("int32", [], [elementCount(given(inputs, 0, o).dims)]),
  Rank: (inputs, o) => numbersAs("int32", [], [given(inputs, 0, o).dims.length]),
};
