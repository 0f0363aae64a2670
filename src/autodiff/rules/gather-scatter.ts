/** @file Gradient rules of reading and writing at indices. */
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { addAlong, indexValue, indicesAlong } from "./accumulation.ts";
import { flatPlaces, flattened } from "./index-tuples.ts";
import { scatterGradient, type Scatter } from "./scatter.ts";

/** y = x's slices at indices along an axis; dx adds each slice of dy where it came from. */
const gather: GradientRule = (n, b) => {
  const { dims } = n.in(0);
  const axis = positiveAxis(n.int("axis", 0), dims.length);
  const count = elementCount(n.in(1).dims);
  const dy = b.reshape(n.grad(0), dims.with(axis, count));
  const places = n.constant(1)?.map((index) => (index < 0 ? index + dims[axis]! : index));
  return [addAlong(b, dy, axis, places ?? b.reshape(n.in(1), [count]), dims[axis]!)];
};

/** y[i] = x[index[i]] along an axis; dx adds dy at the indices. */
const gatherElements: GradientRule = (n, b) => {
  const zeros = b.fill(n.in(0).dims, 0, n.grad(0).type);
  const attributes = { axis: n.int("axis", 0), reduction: "add" };
  return [b.op("ScatterElements", [zeros, n.in(1), n.grad(0)], attributes)];
};

/** y = x at index tuples; dx adds dy at the tuples. */
const gatherND: GradientRule = (n, b) => {
  const { dims } = n.in(0);
  const batchDims = n.int("batch_dims", 0);
  const places = flatPlaces(b, n.in(1), dims, batchDims);
  const [size, rest] = flattened(dims, batchDims + n.in(1).dims.at(-1)!);
  const dy = b.reshape(n.grad(0), [elementCount(n.in(1).dims.slice(0, -1)), rest]);
  return [b.reshape(addAlong(b, dy, 0, places, size), dims)];
};

const scatterElements: GradientRule = (n, b) => {
  const gradients = scatterGradient(n, b, {
    x: n.in(0),
    y: () => n.out(0),
    dy: n.grad(0),
    indices: n.in(1),
    updates: n.in(2),
    axis: n.int("axis", 0),
    reduction: reductionOf(n),
  });
  return [gradients.x, null, gradients.updates];
};

/** Writing at tuples is writing elements at flattened places; what is plainly written or added stays as it is. */
const scatterND: GradientRule = (n, b) => {
  const reduction = reductionOf(n);
  const [dy, indices] = [n.grad(0), n.in(1)];
  if (reduction === "none" || reduction === "add") {
    const nil = () => b.fill(n.in(2).dims, 0, dy.type);
    const dx = () => (reduction === "add" ? dy : b.op("ScatterND", [dy, indices, nil()]));
    return [n.needs(0) ? dx() : null, null, n.needs(2) ? b.op("GatherND", [dy, indices]) : null];
  }
  const gradients = scatterGradient(n, b, asElements(n, b, reduction));
  const shaped = (gradient: Value | null, i: number) =>
    gradient && b.reshape(gradient, n.in(i).dims);
  return [shaped(gradients.x, 0), null, shaped(gradients.updates, 2)];
};

function asElements(n: NodeView, b: GraphBuilder, reduction: Scatter["reduction"]): Scatter {
  const places = indexValue(b, flatPlaces(b, n.in(1), n.in(0).dims));
  const shape = flattened(n.in(0).dims, n.in(1).dims.at(-1)!);
  const written = [places.dims[0]!, shape[1]];
  return {
    x: b.reshape(n.in(0), shape),
    y: () => b.reshape(n.out(0), shape),
    dy: b.reshape(n.grad(0), shape),
    indices: indicesAlong(b, places, written, 0),
    updates: b.reshape(n.in(2), written),
    axis: 0,
    reduction,
  };
}

const knownReductions = ["none", "add", "mul", "max", "min"] as const;

function reductionOf(n: NodeView): Scatter["reduction"] {
  const asked = n.string("reduction", "none");
  const known = knownReductions.find((reduction) => reduction === asked);
  if (known) return known;
  throw new LimpidError(
    "bad-file",
    `differentiate: ${n.node.operator} "${n.node.name}" must have reduction ${knownReductions.join(", ")}, got "${asked}". export the model again.`,
  );
}

/** Kept slices get their gradient back, dropped ones zero. */
const compress: GradientRule = (n, b) => {
  const { dims } = n.in(0);
  const places = n
    .requireConstant(1, "condition")
    .flatMap((flag, place) => (flag === 0 ? [] : [place]));
  if (!n.has("axis")) {
    return [b.reshape(addAlong(b, n.grad(0), 0, places, elementCount(dims)), dims)];
  }
  const axis = positiveAxis(n.int("axis"), dims.length);
  return [addAlong(b, n.grad(0), axis, places, dims[axis]!)];
};

export const gatherScatter = {
  // y = the slices of x that are kept; dx = dy there, else 0
  Compress: compress,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  // y = x with updates written or combined in at the indices; dx = dy, dupdates = dy there, by the
  // reduction: without one dx = 0 where overwritten
  ScatterElements: scatterElements,
  // as ScatterElements, at index tuples
  ScatterND: scatterND,
} satisfies RuleTable;
