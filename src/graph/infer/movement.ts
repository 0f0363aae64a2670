/** @file Shapes of operators that move elements without computing. */
import { internalError } from "../../errors.ts";
import { elementCount, formatShape } from "../tensor.ts";
import {
  broadcastShapes,
  positiveAxis,
  reducedShape,
  resized,
  shape,
  type Infer,
  type InferTable,
} from "./rule.ts";

const reshape: Infer = (c) => {
  const { type, dims } = c.in(0);
  const asked = c.constant(1);
  const copied = asked.map((dim, axis) =>
    dim === 0 && c.attributes.int("allowzero", 0) === 0 ? dims[axis]! : dim,
  );
  const known = copied.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const total = dims.reduce((product, dim) => product * dim, 1);
  const result = copied.map((dim) => (dim === -1 ? total / known : dim));
  if (result.reduce((product, dim) => product * dim, 1) !== total) {
    throw internalError("Reshape", `${formatShape(dims)} cannot become ${formatShape(asked)}`);
  }
  return shape(type, result);
};

const transpose: Infer = (c) => {
  const { type, dims } = c.in(0);
  const order = c.attributes.ints(
    "perm",
    dims.map((_, axis) => dims.length - 1 - axis),
  );
  return shape(
    type,
    order.map((axis) => dims[axis]!),
  );
};

const unsqueeze: Infer = (c) => {
  const { type, dims } = c.in(0);
  const asked = c.constant(1);
  const rank = dims.length + asked.length;
  const axes = new Set(asked.map((axis) => positiveAxis(axis, rank)));
  const rest = [...dims];
  return shape(
    type,
    Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : rest.shift()!)),
  );
};

const squeeze: Infer = (c) => {
  const { type, dims } = c.in(0);
  if (!c.has(1))
    return shape(
      type,
      dims.filter((dim) => dim !== 1),
    );
  const axes = c.constant(1).map((axis) => positiveAxis(axis, dims.length));
  return shape(type, reducedShape(dims, axes, false));
};

const flatten: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 1), dims.length);
  return shape(type, [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))]);
};

const concat: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis"), dims.length);
  let size = 0;
  for (let i = 0; i < c.inputCount; i++) size += c.in(i).dims[axis]!;
  return shape(type, resized(dims, axis, size));
};

const compress: Infer = (c) => {
  const { type, dims } = c.in(0);
  const kept = c.constant(1).filter((flag) => flag !== 0).length;
  if (!c.attributes.has("axis")) return shape(type, [kept]);
  return shape(type, resized(dims, c.attributes.int("axis"), kept));
};

const split: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 0), dims.length);
  const even = Math.ceil(dims[axis]! / c.outputCount);
  return Array.from({ length: c.outputCount }, (_, i) => {
    const size = c.has(1) ? c.constant(1)[i]! : Math.min(even, dims[axis]! - i * even);
    return { type, dims: resized(dims, axis, size) };
  });
};

const slice: Infer = (c) => {
  const { type, dims } = c.in(0);
  const starts = c.constant(1);
  const ends = c.constant(2);
  const axes = c.has(3) ? c.constant(3) : starts.map((_, i) => i);
  const steps = c.has(4) ? c.constant(4) : starts.map(() => 1);
  const result = [...dims];
  axes.forEach((asked, i) => {
    const axis = positiveAxis(asked, dims.length);
    result[axis] = slicedSize(dims[axis]!, starts[i]!, ends[i]!, steps[i]!);
  });
  return shape(type, result);
};

function slicedSize(size: number, start: number, end: number, step: number): number {
  const clamp = (at: number, low: number, high: number) => {
    const fromFront = at < 0 ? at + size : at;
    return Math.min(Math.max(fromFront, low), high);
  };
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  return Math.max(Math.ceil((clamp(end, low, high) - clamp(start, low, high)) / step), 0);
}

const pad: Infer = (c) => {
  const { type, dims } = c.in(0);
  const pads = c.constant(1);
  const axes = c.has(3)
    ? c.constant(3).map((axis) => positiveAxis(axis, dims.length))
    : dims.map((_, axis) => axis);
  const result = [...dims];
  axes.forEach((axis, i) => {
    result[axis] = dims[axis]! + pads[i]! + pads[i + axes.length]!;
  });
  return shape(type, result);
};

const gather: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axis = positiveAxis(c.attributes.int("axis", 0), dims.length);
  return shape(type, [...dims.slice(0, axis), ...c.in(1).dims, ...dims.slice(axis + 1)]);
};

const gatherND: Infer = (c) => {
  const { type, dims } = c.in(0);
  const indices = c.in(1).dims;
  const skipped = c.attributes.int("batch_dims", 0) + indices.at(-1)!;
  return shape(type, [...indices.slice(0, -1), ...dims.slice(skipped)]);
};

const depthToSpace: Infer = (c) => {
  const { type, dims } = c.in(0);
  const block = c.attributes.int("blocksize");
  return shape(type, [dims[0]!, dims[1]! / block ** 2, dims[2]! * block, dims[3]! * block]);
};

const spaceToDepth: Infer = (c) => {
  const { type, dims } = c.in(0);
  const block = c.attributes.int("blocksize");
  return shape(type, [dims[0]!, dims[1]! * block ** 2, dims[2]! / block, dims[3]! / block]);
};

const oneHot: Infer = (c) => {
  const indices = c.in(0).dims;
  const axis = positiveAxis(c.attributes.int("axis", -1), indices.length + 1);
  return shape(c.in(2).type, indices.toSpliced(axis, 0, c.constant(1)[0]!));
};

const shapeOf: Infer = (c) => {
  const rank = c.in(0).dims.length;
  const inside = (at: number) => Math.min(Math.max(positiveAxis(at, rank), 0), rank);
  const start = inside(c.attributes.int("start", 0));
  const end = inside(c.attributes.int("end", rank));
  return shape("int64", [Math.max(end - start, 0)]);
};

export const movement: InferTable = {
  Compress: compress,
  Concat: concat,
  DepthToSpace: depthToSpace,
  Expand: (c) => shape(c.in(0).type, broadcastShapes(c.in(0).dims, c.constant(1))),
  Flatten: flatten,
  Gather: gather,
  GatherElements: (c) => shape(c.in(0).type, c.in(1).dims),
  GatherND: gatherND,
  OneHot: oneHot,
  Pad: pad,
  Reshape: reshape,
  Shape: shapeOf,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Tile: (c) =>
    shape(
      c.in(0).type,
      c.in(0).dims.map((dim, axis) => dim * c.constant(1)[axis]!),
    ),
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
