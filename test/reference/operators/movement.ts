/** @file The operators of the float64 interpreter that move elements without computing. */
import { elementCount } from "../../../src/graph/tensor.ts";
import {
  at,
  axisOf,
  broadcastDims,
  broadcastTo,
  filled,
  fromTensor,
  generate,
  ndarray,
  reshaped,
  transposed,
  type NdArray,
} from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { gatherScatter } from "./gather-scatter.ts";

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

/** The place that a padded place reads, or undefined for one outside a constant pad. */
function padSource(mode: string, place: number, size: number): number | undefined {
  if (place >= 0 && place < size) return place;
  if (mode === "constant") return undefined;
  if (mode === "edge") return place < 0 ? 0 : size - 1;
  if (mode === "wrap") return ((place % size) + size) % size;
  let folded = place;
  while (folded < 0 || folded >= size) folded = folded < 0 ? -folded : 2 * (size - 1) - folded;
  return folded;
}

const pad: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const pads = numbers(inputs, 1);
  const value = numbers(inputs, 2, [0])[0] ?? 0;
  const axes = numbers(
    inputs,
    3,
    x.dims.map((_, axis) => axis),
  ).map((axis) => axisOf(axis, x.dims.length));
  const mode = attributes.string("mode", "constant");
  const begin = x.dims.map((_, axis) => pads[axes.indexOf(axis)] ?? 0);
  const dims = x.dims.map((size, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? size : size + pads[i]! + pads[i + axes.length]!;
  });
  return [
    generate(x.type, dims, (position) => {
      const source = position.map((place, axis) =>
        padSource(mode, place - begin[axis]!, x.dims[axis]!),
      );
      return source.includes(undefined) ? value : at(x, source as number[]);
    }),
  ];
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

const depthToSpace: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  const block = attributes.int("blocksize");
  const kept = channels / block ** 2;
  const columnFirst = attributes.string("mode", "DCR") === "CRD";
  return [
    generate(x.type, [batch, kept, height * block, width * block], ([n, c, y, x0]) => {
      const cell = (y! % block) * block + (x0! % block);
      const channel = columnFirst ? c! * block ** 2 + cell : cell * kept + c!;
      return at(x, [n!, channel, Math.floor(y! / block), Math.floor(x0! / block)]);
    }),
  ];
};

const spaceToDepth: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const [batch, channels, height, width] = x.dims as [number, number, number, number];
  const block = attributes.int("blocksize");
  const dims = [batch, channels * block ** 2, height / block, width / block];
  return [
    generate(x.type, dims, ([n, c, y, x0]) => {
      const cell = Math.floor(c! / channels);
      const row = y! * block + Math.floor(cell / block);
      return at(x, [n!, c! % channels, row, x0! * block + (cell % block)]);
    }),
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

const range: ReferenceOperator = (inputs) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => numbers(inputs, i)[0]!) as [
    number,
    number,
    number,
  ];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  const values = Array.from({ length: count }, (_, i) => start + i * delta);
  return [ndarray(required(inputs, 0).type, [count], values)];
};

const oneHot: ReferenceOperator = (inputs, attributes) => {
  const indices = required(inputs, 0);
  const depth = numbers(inputs, 1)[0]!;
  const [off, on] = numbers(inputs, 2) as [number, number];
  const axis = axisOf(attributes.int("axis", -1), indices.dims.length + 1);
  return [
    generate(required(inputs, 2).type, indices.dims.toSpliced(axis, 0, depth), (position) => {
      const index = at(indices, position.toSpliced(axis, 1));
      return (index < 0 ? index + depth : index) === position[axis] ? on : off;
    }),
  ];
};

const nonZero: ReferenceOperator = (inputs) => {
  const x = required(inputs, 0);
  const found: number[][] = [];
  generate(x.type, x.dims, (position) => {
    if (at(x, position) !== 0) found.push([...position]);
    return 0;
  });
  return [generate("int64", [x.dims.length, found.length], ([axis, i]) => found[i!]![axis!]!)];
};

const unique: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const seen = Array.from(new Set(x.data));
  const values = attributes.int("sorted", 1) === 1 ? seen.sort((a, b) => a - b) : seen;
  const all = Array.from(x.data);
  return [
    ndarray(x.type, [values.length], values),
    ndarray(
      "int64",
      [values.length],
      values.map((value) => all.indexOf(value)),
    ),
    ndarray(
      "int64",
      [all.length],
      all.map((value) => values.indexOf(value)),
    ),
    ndarray(
      "int64",
      [values.length],
      values.map((value) => all.filter((other) => other === value).length),
    ),
  ];
};

export const movement: OperatorTable = {
  ...gatherScatter,
  Concat: concat,
  ConstantOfShape: (inputs, attributes) => {
    const value = attributes.has("value")
      ? fromTensor(attributes.tensor("value"))
      : filled("float32", [1], 0);
    return [filled(value.type, numbers(inputs, 0), value.data[0]!)];
  },
  DepthToSpace: depthToSpace,
  Expand: (inputs) => {
    const x = required(inputs, 0);
    return [broadcastTo(x, broadcastDims(x.dims, numbers(inputs, 1)))];
  },
  EyeLike: (inputs, attributes) => {
    const x = required(inputs, 0);
    const k = attributes.int("k", 0);
    return [generate(x.type, x.dims, ([row, column]) => (column! - row! === k ? 1 : 0))];
  },
  Flatten: flatten,
  NonZero: nonZero,
  OneHot: oneHot,
  Pad: pad,
  Range: range,
  Reshape: reshape,
  ReverseSequence: reverseSequence,
  Shape: (inputs, attributes) => {
    const { dims } = required(inputs, 0);
    const kept = dims.slice(attributes.int("start", 0), attributes.int("end", dims.length));
    return [ndarray("int64", [kept.length], kept)];
  },
  Size: (inputs) => [ndarray("int64", [], [required(inputs, 0).data.length])],
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: (inputs, attributes) => {
    const x = required(inputs, 0);
    const reversed = x.dims.map((_, axis) => x.dims.length - 1 - axis);
    return [transposed(x, attributes.ints("perm", reversed))];
  },
  Trilu: trilu,
  Unique: unique,
  Unsqueeze: unsqueeze,
};
