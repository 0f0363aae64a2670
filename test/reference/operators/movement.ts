/** @file The operators of the float64 interpreter that move elements without computing. */
import { elementCount } from "../../../src/graph/tensor.ts";
import {
  at,
  axisOf,
  broadcastDims,
  broadcastTo,
  generate,
  reshaped,
  transposed,
  type NdArray,
} from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { blocks } from "./blocks.ts";
import { filling } from "./filling.ts";
import { gatherScatter } from "./gather-scatter.ts";
import { padding } from "./pad.ts";

const reshape: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const copies = attributes.int("allowzero", 0) === 0;
  const asked = numbers(inputs, 1).map((dim, axis) => (dim === 0 && copies ? x.dims[axis]! : dim));
  const known = elementCount(asked.filter((dim) => dim !== -1));
  return [
    reshaped(
      x,
      asked.map((dim) => (dim === -1 ? x.data.length / known : dim)),
    ),
  ];
};

/** The part of an array that starts at `start` and has `size` elements along an axis. */
function stretch(x: NdArray, axis: number, start: number, size: number): NdArray {
  return generate(x.type, x.dims.with(axis, size), (position) =>
    at(x, position.with(axis, position[axis]! + start)),
  );
}

const concat: ReferenceOperator = (inputs, attributes) => {
  const arrays = inputs.map((_, i) => required(inputs, i));
  const first = arrays[0]!;
  const axis = axisOf(attributes.int("axis"), first.dims.length);
  const total = arrays.reduce((sum, array) => sum + array.dims[axis]!, 0);
  return [
    generate(first.type, first.dims.with(axis, total), (position) => {
      let index = position[axis]!;
      const source = arrays.find((array) => {
        if (index < array.dims[axis]!) return true;
        index -= array.dims[axis]!;
        return false;
      })!;
      return at(source, position.with(axis, index));
    }),
  ];
};

const split: ReferenceOperator = (inputs, attributes, node) => {
  const x = required(inputs, 0);
  const axis = axisOf(attributes.int("axis", 0), x.dims.length);
  const count = node.outputs.length;
  const chunk = Math.ceil(x.dims[axis]! / count);
  const even = node.outputs.map((_, i) => Math.min(chunk, x.dims[axis]! - i * chunk));
  let start = 0;
  return numbers(inputs, 1, even).map((size) => {
    const part = stretch(x, axis, start, size);
    start += size;
    return part;
  });
};

const slice: ReferenceOperator = (inputs) => {
  let x = required(inputs, 0);
  const starts = numbers(inputs, 1);
  const ends = numbers(inputs, 2);
  const axes = numbers(
    inputs,
    3,
    starts.map((_, i) => i),
  );
  const steps = numbers(
    inputs,
    4,
    starts.map(() => 1),
  );
  axes.forEach((asked, i) => {
    const axis = axisOf(asked, x.dims.length);
    const size = x.dims[axis]!;
    const step = steps[i]!;
    const clamp = (place: number) => {
      const front = place < 0 ? place + size : place;
      return step > 0
        ? Math.min(Math.max(front, 0), size)
        : Math.min(Math.max(front, -1), size - 1);
    };
    const start = clamp(starts[i]!);
    const end = clamp(ends[i]!);
    const kept: number[] = [];
    for (let place = start; step > 0 ? place < end : place > end; place += step) kept.push(place);
    const source = x;
    x = generate(x.type, x.dims.with(axis, kept.length), (position) =>
      at(source, position.with(axis, kept[position[axis]!]!)),
    );
  });
  return [x];
};

const tile: ReferenceOperator = (inputs) => {
  const x = required(inputs, 0);
  const repeats = numbers(inputs, 1);
  return [
    generate(
      x.type,
      x.dims.map((size, axis) => size * repeats[axis]!),
      (position) =>
        at(
          x,
          position.map((place, axis) => place % x.dims[axis]!),
        ),
    ),
  ];
};

const squeeze: ReferenceOperator = (inputs) => {
  const x = required(inputs, 0);
  const single = x.dims.flatMap((size, axis) => (size === 1 ? [axis] : []));
  const axes = numbers(inputs, 1, single).map((axis) => axisOf(axis, x.dims.length));
  return [
    reshaped(
      x,
      x.dims.filter((_, axis) => !axes.includes(axis)),
    ),
  ];
};

const unsqueeze: ReferenceOperator = (inputs) => {
  const x = required(inputs, 0);
  const asked = numbers(inputs, 1);
  const rank = x.dims.length + asked.length;
  const axes = asked.map((axis) => axisOf(axis, rank));
  const rest = [...x.dims];
  const dims = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!));
  return [reshaped(x, dims)];
};

const flatten: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const given = attributes.int("axis", 1);
  const axis = given < 0 ? given + x.dims.length : given;
  return [reshaped(x, [elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis))])];
};

const trilu: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const offset = numbers(inputs, 1, [0])[0]!;
  const upper = attributes.int("upper", 1) === 1;
  return [
    generate(x.type, x.dims, (position) => {
      const diagonal = position.at(-1)! - position.at(-2)! - offset;
      return (upper ? diagonal >= 0 : diagonal <= 0) ? at(x, position) : 0;
    }),
  ];
};

const reverseSequence: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const lengths = numbers(inputs, 1);
  const batchAxis = attributes.int("batch_axis", 1);
  const timeAxis = attributes.int("time_axis", 0);
  return [
    generate(x.type, x.dims, (position) => {
      const length = lengths[position[batchAxis]!]!;
      const time = position[timeAxis]!;
      return at(x, time < length ? position.with(timeAxis, length - 1 - time) : position);
    }),
  ];
};

export const movement: OperatorTable = {
  ...blocks,
  ...filling,
  ...gatherScatter,
  ...padding,
  Concat: concat,
  Expand: (inputs) => {
    const x = required(inputs, 0);
    return [broadcastTo(x, broadcastDims(x.dims, numbers(inputs, 1)))];
  },
  Flatten: flatten,
  Reshape: reshape,
  ReverseSequence: reverseSequence,
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: (inputs, attributes) => {
    const x = required(inputs, 0);
    const reversed = x.dims.map((_, axis) => x.dims.length - 1 - axis);
    return [transposed(x, attributes.ints("perm", reversed))];
  },
  Trilu: trilu,
  Unsqueeze: unsqueeze,
};
