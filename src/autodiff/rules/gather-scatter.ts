/** @file Gradient rules of reading and writing at indices. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { elementCount } from "../../graph/tensor.ts";
import { LimpidError } from "../../errors.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";

function zerosLike(b: GraphBuilder, value: Value): Value {
  return b.fill(value.dims, 0, value.type);
}

/** Indices counted from the front, as a constant. */
function frontIndices(n: NodeView, i: number, size: number): readonly number[] | undefined {
  return n.constant(i)?.map((index) => (index < 0 ? index + size : index));
}

/**
 * y = x at whole slices along an axis; dx adds each slice of dy where it came from. A rising run of
 * indices is a pad; indices that occur once are read back by Gather with zeros for the rest.
 */
const gather: GradientRule = (n, b) => {
  const x = n.in(0);
  const axis = positiveAxis(n.int("axis", 0), x.dims.length);
  const size = x.dims[axis]!;
  const count = elementCount(n.in(1).dims);
  const dy = b.reshape(n.grad(0), x.dims.with(axis, count));
  const indices = frontIndices(n, 1, size);
  if (indices && indices.every((index, i) => index === indices[0]! + i)) {
    const pads = Array<number>(2 * x.dims.length).fill(0);
    pads[axis] = indices[0] ?? 0;
    pads[axis + x.dims.length] = size - count - (indices[0] ?? 0);
    return [b.op("Pad", [dy, b.ints(pads)])];
  }
  if (indices && new Set(indices).size === indices.length) {
    const pads = Array<number>(2 * x.dims.length).fill(0);
    pads[axis + x.dims.length] = 1;
    const withZero = b.op("Pad", [dy, b.ints(pads)]);
    const sources = Array.from({ length: size }, (_, at) => {
      const found = indices.indexOf(at);
      return found < 0 ? count : found;
    });
    return [b.op("Gather", [withZero, b.ints(sources)], { axis })];
  }
  return [scatterSlices(n, b, dy, axis)];
};

/** Adds slices of dy at index rows, for indices that repeat or are computed. */
function scatterSlices(n: NodeView, b: GraphBuilder, dy: Value, axis: number): Value {
  const x = n.in(0);
  const order = [axis, ...x.dims.map((_, i) => i).filter((i) => i !== axis)];
  const inFront = b.transpose(dy, order);
  const zeros = b.fill(
    order.map((i) => x.dims[i]!),
    0,
    x.type,
  );
  const rows = b.reshape(n.in(1), [elementCount(n.in(1).dims), 1]);
  const sum = b.op("ScatterND", [zeros, rows, inFront], { reduction: "add" });
  return b.transpose(
    sum,
    order.map((_, i) => order.indexOf(i)),
  );
}

/** y[i] = x[index[i]] along an axis; dx adds dy at the indices. */
const gatherElements: GradientRule = (n, b) => [
  b.op("ScatterElements", [zerosLike(b, n.in(0)), n.in(1), n.grad(0)], {
    axis: n.int("axis", 0),
    reduction: "add",
  }),
];

/** y = x at index tuples; dx adds dy at the tuples. Batch axes become part of the tuples. */
const gatherND: GradientRule = (n, b) => {
  const batchDims = n.int("batch_dims", 0);
  const indices = batchDims === 0 ? n.in(1) : withBatchIndices(n, b, batchDims);
  return [b.op("ScatterND", [zerosLike(b, n.in(0)), indices, n.grad(0)], { reduction: "add" })];
};

function withBatchIndices(n: NodeView, b: GraphBuilder, batchDims: number): Value {
  const { dims } = n.in(1);
  const places = dims.slice(0, -1);
  const columns = Array.from({ length: batchDims }, (_, axis) => {
    const counting = b.constant(
      Array.from({ length: dims[axis]! }, (_, i) => i),
      places.map((_, i) => (i === axis ? dims[axis]! : 1)),
      "int64",
    );
    const spread = b.op("Expand", [counting, b.ints(places)]);
    return b.reshape(spread, [...places, 1]);
  });
  return b.concat([...columns, n.in(1)], places.length);
}

function refuse(n: NodeView, reduction: string): LimpidError {
  return new LimpidError(
    "unsupported-operator",
    `differentiate: ${n.node.operator} "${n.node.name}" must write or add, got reduction "${reduction}". export the model without it.`,
  );
}

/** Written elements lose x's gradient and give it to the updates; added ones give it to both. */
const scatterElements: GradientRule = (n, b) => {
  const axis = n.int("axis", 0);
  const reduction = n.string("reduction", "none");
  if (reduction !== "none" && reduction !== "add") throw refuse(n, reduction);
  const dy = n.grad(0);
  const zeros = () => zerosLike(b, n.in(2));
  const dx = () =>
    reduction === "add" ? dy : b.op("ScatterElements", [dy, n.in(1), zeros()], { axis });
  return [
    n.needs(0) ? dx() : null,
    null,
    n.needs(2) ? b.op("GatherElements", [dy, n.in(1)], { axis }) : null,
  ];
};

const scatterND: GradientRule = (n, b) => {
  const reduction = n.string("reduction", "none");
  if (reduction !== "none" && reduction !== "add") throw refuse(n, reduction);
  const dy = n.grad(0);
  const dx = () =>
    reduction === "add" ? dy : b.op("ScatterND", [dy, n.in(1), zerosLike(b, n.in(2))]);
  return [n.needs(0) ? dx() : null, null, n.needs(2) ? b.op("GatherND", [dy, n.in(1)]) : null];
};

/** Kept slices get their gradient back, dropped ones zero. */
const compress: GradientRule = (n, b) => {
  const x = n.in(0);
  const flags = n.requireConstant(1, "condition");
  const kept = flags.flatMap((flag, i) => (flag === 0 ? [] : [i]));
  const flat = !n.has("axis");
  const dims = flat ? [elementCount(x.dims)] : x.dims;
  const axis = flat ? 0 : positiveAxis(n.int("axis"), x.dims.length);
  const pads = Array<number>(2 * dims.length).fill(0);
  pads[axis + dims.length] = 1;
  const withZero = b.op("Pad", [n.grad(0), b.ints(pads)]);
  const sources = Array.from({ length: dims[axis]! }, (_, at) => {
    const found = kept.indexOf(at);
    return found < 0 ? kept.length : found;
  });
  return [b.reshape(b.op("Gather", [withZero, b.ints(sources)], { axis }), x.dims)];
};

export const gatherScatter = {
  Compress: compress,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
} satisfies RuleTable;
