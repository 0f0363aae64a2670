/** @file The operators of the float64 interpreter that read and write at indices. */
import {
  at,
  axisOf,
  generate,
  ndarray,
  offsetOf,
  positions,
  reshaped,
  type NdArray,
} from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

function fromFront(index: number, size: number): number {
  return index < 0 ? index + size : index;
}

const gather: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const indices = required(inputs, 1);
  const axis = axisOf(attributes.int("axis", 0), x.dims.length);
  const rank = indices.dims.length;
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return [
    generate(x.type, dims, (position) => {
      const index = fromFront(at(indices, position.slice(axis, axis + rank)), x.dims[axis]!);
      return at(x, [...position.slice(0, axis), index, ...position.slice(axis + rank)]);
    }),
  ];
};

const gatherElements: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const indices = required(inputs, 1);
  const axis = axisOf(attributes.int("axis", 0), x.dims.length);
  return [
    generate(x.type, indices.dims, (position) =>
      at(x, position.with(axis, fromFront(at(indices, position), x.dims[axis]!))),
    ),
  ];
};

const gatherND: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const indices = required(inputs, 1);
  const batchDims = attributes.int("batch_dims", 0);
  const depth = indices.dims.at(-1)!;
  const places = indices.dims.slice(0, -1);
  const rest = x.dims.slice(batchDims + depth);
  return [
    generate(x.type, [...places, ...rest], (position) => {
      const place = position.slice(0, places.length);
      const tuple = Array.from({ length: depth }, (_, i) =>
        fromFront(at(indices, [...place, i]), x.dims[batchDims + i]!),
      );
      return at(x, [...place.slice(0, batchDims), ...tuple, ...position.slice(places.length)]);
    }),
  ];
};

const reductions: Readonly<Record<string, (old: number, update: number) => number>> = {
  none: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: Math.max,
  min: Math.min,
};

const scatterElements: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const indices = required(inputs, 1);
  const updates = required(inputs, 2);
  const axis = axisOf(attributes.int("axis", 0), x.dims.length);
  const combine = reductions[attributes.string("reduction", "none")]!;
  const result = ndarray(x.type, x.dims, x.data);
  for (const position of positions(indices.dims)) {
    const index = fromFront(at(indices, position), x.dims[axis]!);
    const offset = offsetOf(position.with(axis, index), x.dims);
    result.data[offset] = combine(result.data[offset]!, at(updates, position));
  }
  return [result];
};

const scatterND: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const indices = required(inputs, 1);
  const updates = required(inputs, 2);
  const depth = indices.dims.at(-1)!;
  const places = indices.dims.slice(0, -1);
  const combine = reductions[attributes.string("reduction", "none")]!;
  const result = ndarray(x.type, x.dims, x.data);
  for (const position of positions(updates.dims)) {
    const place = position.slice(0, places.length);
    const tuple = Array.from({ length: depth }, (_, i) =>
      fromFront(at(indices, [...place, i]), x.dims[i]!),
    );
    const offset = offsetOf([...tuple, ...position.slice(places.length)], x.dims);
    result.data[offset] = combine(result.data[offset]!, at(updates, position));
  }
  return [result];
};

const compress: ReferenceOperator = (inputs, attributes) => {
  const given = required(inputs, 0);
  const kept = numbers(inputs, 1).flatMap((flag, i) => (flag === 0 ? [] : [i]));
  const flat = !attributes.has("axis");
  const x: NdArray = flat ? reshaped(given, [given.data.length]) : given;
  const axis = flat ? 0 : axisOf(attributes.int("axis"), x.dims.length);
  return [
    generate(x.type, x.dims.with(axis, kept.length), (position) =>
      at(x, position.with(axis, kept[position[axis]!]!)),
    ),
  ];
};

export const gatherScatter: OperatorTable = {
  Compress: compress,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
};
