/** @file What gives numbers other axes: sizes, reshapes, turns. */
import { elementCount, tensorOf, type Tensor } from "../../../graph/tensor.ts";
import { heldFirst, heldLast, makersOrder, axisIn } from "../../channels-last/nhwc-value.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import { flatten, transpose } from "../../channels-last/shapes.ts";
import { axisOf } from "../fold/numbers.ts";
import { isConstant, sampled } from "../operand.ts";
import type { Operation } from "../operation.ts";
import { targetOf } from "./reshape-target.ts";
import type { Row, Rows } from "./row.ts";

/** What the sizes of input 0 say, as numbers that are known at reading. */
const ofSizes =
  (told: (dims: readonly number[]) => readonly number[], isScalar = false): Row =>
  (o) => {
    const operand = o.input(0);
    const x = isConstant(operand) ? operand : o.x(0);
    const type = o.attribute("out_type", "type") === "INT64" ? "int64" : "int32";
    const sizes = isConstant(x) ? x.samples.map(({ dims }) => dims) : o.probes.dimsOf(x);
    const samples = sizes.map((dims) => {
      const numbers = told(dims);
      return tensorOf(type, isScalar ? [] : [numbers.length], numbers);
    });
    return sampled(samples as [Tensor, ...Tensor[]]);
  };

const reshape: Row = (o) => {
  const x = o.x(0);
  const sizes = o.probes.dimsOf(x);
  const target = targetOf(o, sizes, o.numbersAt(1, sizes.length));
  const [n, ...inner] = x.dims;
  const features = elementCount(inner);
  const isFlat = target.length === 2 && inner.length > 0 && isFlattened(target, n!, features);
  // Rows stay together, so that their numbers may lie in another order until somebody asks.
  if (isFlat && !o.isOutput && x.held !== "flat") return flatten(o.b, x, o.name);
  return heldLast(o.b.op("Reshape", [makersOrder(o.b, x), o.b.ints(target)], {}, o.name));
};

function isFlattened([rows, columns]: readonly number[], n: number, features: number): boolean {
  if (columns === -1) return rows === 0 || rows === n;
  return columns === features && (rows === -1 || rows === 0 || rows === n);
}

const broadcastTo: Row = (o) => {
  const x = o.x(0);
  const sizes = o.probes.dimsOf(x);
  const asked = o.numbersAt(1, sizes.length);
  const missing = asked[0]!.length - x.dims.length;
  // A size of 1 leaves an axis as it is, whatever it is at a run.
  const target = asked[0]!.map((dim, axis) => {
    if (asked.every((dims) => dims[axis] === dim)) return dim;
    return asked.every((dims, size) => dims[axis] === sizes[size]![axis - missing]) ? 1 : undefined;
  });
  if (target.some((dim) => dim === undefined || dim < 1)) {
    throw o.refused("must not depend on sizes that the model leaves open");
  }
  const shape = o.b.ints(target as number[]);
  return heldLast(o.b.op("Expand", [makersOrder(o.b, x), shape], {}, o.name));
};

const squeeze: Row = (o) => {
  const x = o.x(0);
  const told = o.values("squeeze_dims") ?? o.values("axis") ?? [];
  const listed = told.map((axis) => axisOf(o, axis, x.dims.length));
  const ones = [...x.dims.keys()].filter((axis) => o.probes.dimsOf(x).every((d) => d[axis] === 1));
  return withoutAxes(o, x, listed.length > 0 ? listed : ones, o.name);
};

/** The value without axes of size 1. */
export function withoutAxes(
  o: Operation,
  x: NhwcValue,
  axes: readonly number[],
  name: string,
): NhwcValue {
  if (axes.some((axis) => x.dims[axis] !== 1)) {
    throw o.refused(`must drop axes of size 1, got [${x.dims.join(", ")}]`);
  }
  const isInside = axes.every((axis) => axis > 0 && axis < x.dims.length - 1);
  const held = x.held === "first" && isInside ? x : heldLast(makersOrder(o.b, x));
  const places = axes.map((axis) => axisIn(held, axis)).sort((a, b) => a - b);
  const value = o.b.op("Squeeze", [held.value, o.b.ints(places)], {}, name);
  return held.held === "first" && value.dims.length > 2 ? heldFirst(value) : heldLast(value);
}

const expandDims: Row = (o) => withAxis(o, o.x(0), o.number(1), o.name);

/** The value with a new axis of size 1. */
export function withAxis(o: Operation, x: NhwcValue, told: number, name: string): NhwcValue {
  const rank = x.dims.length;
  const axis = axisOf(o, told, rank + 1);
  const isInside = x.held === "first" && axis > 0 && axis < rank;
  if (!isInside) {
    return heldLast(o.b.op("Unsqueeze", [makersOrder(o.b, x), o.b.ints([axis])], {}, name));
  }
  return heldFirst(o.b.op("Unsqueeze", [x.value, o.b.ints([axis + 1])], {}, name));
}

const turn: Row = (o) => {
  const x = o.x(0);
  const order = o.numbers(1).map((axis) => axisOf(o, axis, x.dims.length));
  if (new Set(order).size !== x.dims.length || order.length !== x.dims.length) {
    throw o.refused(`must name each axis once, got [${order.join(", ")}]`);
  }
  return transpose(o.b, x, order, o.name);
};

export const shapeRows: Rows = {
  Shape: ofSizes((dims) => dims),
  Size: ofSizes((dims) => [elementCount(dims)], true),
  Rank: ofSizes((dims) => [dims.length], true),
  Reshape: reshape,
  BroadcastTo: broadcastTo,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Transpose: turn,
};
