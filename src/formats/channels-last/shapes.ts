/** @file What moves numbers and leaves them as they are: reshapes, joins, borders, cuts, as TensorFlow has their axes. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { elementCount } from "../../graph/tensor.ts";
import {
  axisIn,
  channelsFirst,
  heldFirst,
  heldLast,
  makersOrder,
  toFirst,
  withAllAxes,
  type NhwcValue,
} from "./nhwc-value.ts";

/** All axes but the batch as one; what is held channels first stays so, and is told by `flattened`. */
export function flatten(b: GraphBuilder, x: NhwcValue, name: string): NhwcValue {
  const [n, ...inner] = x.dims;
  const features = elementCount(inner);
  const value = b.op("Reshape", [x.value, b.ints([0, features])], {}, name);
  const dims = [n!, features];
  if (x.held === "flat") return { ...x, value };
  const isTurned = x.held === "first" && inner.at(-1) !== 1 && inner.at(-1) !== features;
  return isTurned ? { value, dims, held: "flat", flattened: inner } : { value, dims, held: "last" };
}

/** Other axes behind the batch, of which one may be -1. The numbers lie in the maker's order. */
export function reshape(
  b: GraphBuilder,
  x: NhwcValue,
  target: readonly number[],
  name: string,
): NhwcValue {
  const [n, ...inner] = x.dims;
  const known = target.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const dims = [n!, ...target.map((dim) => (dim === -1 ? elementCount(inner) / known : dim))];
  if (String(dims) === String(x.dims))
    return { ...x, value: b.op("Identity", [x.value], {}, name) };
  const last = makersOrder(b, x);
  return heldLast(b.op("Reshape", [last, b.ints([0, ...target])], {}, name));
}

/** The maker's axes in another order, the batch among them. */
export function transpose(
  b: GraphBuilder,
  x: NhwcValue,
  order: readonly number[],
  name: string,
): NhwcValue {
  const rank = x.dims.length;
  const dims = order.map((axis) => x.dims[axis]!);
  const perm = order.map((axis) => axisIn(x, axis));
  const isHeld = (axes: readonly number[]) => axes.every((axis, i) => axis === i);
  // A maker who turns to channels first or back ends up with what the graph holds anyway.
  if (x.held === "first" && isHeld(perm)) return heldLast(b.op("Identity", [x.value], {}, name));
  if (x.held === "last" && rank > 2 && isHeld(toFirst(rank).map((axis) => order[axis]!))) {
    return heldFirst(b.op("Identity", [x.value], {}, name));
  }
  if (x.held !== "first") {
    const value = b.op("Transpose", [makersOrder(b, x)], { perm: order }, name);
    return heldLast(value);
  }
  // What the maker ends up with is held channels first if its batch stays where it is.
  if (order[0] !== 0 || rank < 3) return heldLast(b.op("Transpose", [x.value], { perm }, name));
  const held = toFirst(rank).map((axis) => perm[axis]!);
  const value = b.op("Transpose", [x.value], { perm: held }, name);
  return { value, dims, held: "first" };
}

/** Values joined along one of the maker's axes, which may count from the end. */
export function concatenate(
  b: GraphBuilder,
  values: readonly NhwcValue[],
  axis: number,
  name: string,
): NhwcValue {
  const [first] = values as readonly [NhwcValue, ...NhwcValue[]];
  const isFirst = first.dims.length > 2 && values.some(({ held }) => held === "first");
  const held: NhwcValue["held"] = isFirst ? "first" : "last";
  const parts = values.map((x) => (isFirst ? channelsFirst(b, x) : makersOrder(b, x)));
  const at = axisIn({ ...first, held }, axis);
  const value = b.op("Concat", parts, { axis: at }, name);
  return isFirst ? heldFirst(value) : heldLast(value);
}

/** Borders of [before, after] numbers, one entry an axis of the maker's, the batch first. */
export function pad(
  b: GraphBuilder,
  x: NhwcValue,
  borders: readonly (readonly [number, number])[],
  name: string,
  fill = 0,
): NhwcValue {
  const held = withAllAxes(b, x);
  const pads = padsOf(b, held, borders);
  // Without axes ONNX Runtime, wherever it runs a converted network, takes zeros before a pool for cells that are not there.
  const axes = b.ints([...borders.keys()]);
  const inputs = [held.value, pads, b.scalar(fill, held.value.type), axes];
  return sameHeld(held, b.op("Pad", inputs, { mode: "constant" }, name));
}

/** A part of a value: `starts` and `ends` (exclusive, or past the end) of some of the maker's axes, in steps. */
export function slice(
  b: GraphBuilder,
  x: NhwcValue,
  cuts: readonly {
    readonly axis: number;
    readonly start: number;
    readonly end: number;
    readonly step?: number;
  }[],
  name: string,
): NhwcValue {
  const held = withAllAxes(b, x);
  const numbers = (of: (cut: (typeof cuts)[number]) => number) => b.ints(cuts.map(of));
  const inputs = [
    held.value,
    numbers(({ start }) => start),
    numbers(({ end }) => end),
    numbers(({ axis }) => axisIn(held, axis)),
    numbers(({ step }) => step ?? 1),
  ];
  return sameHeld(held, b.op("Slice", inputs, {}, name));
}

/** Borders of the maker's axes as an input of the operator: those before in the order of the graph's axes, then those after. */
export function padsOf(
  b: GraphBuilder,
  { held }: NhwcValue,
  borders: readonly (readonly [number, number])[],
): Value {
  const ends = held === "first" ? toFirst(borders.length).map((axis) => borders[axis]!) : borders;
  return b.ints([...ends.map(([before]) => before), ...ends.map(([, after]) => after)]);
}

/** A value made of another, with axes in the same order. */
export function sameHeld(x: NhwcValue, value: NhwcValue["value"]): NhwcValue {
  return x.held === "first" ? heldFirst(value) : { ...x, value, dims: value.dims };
}
