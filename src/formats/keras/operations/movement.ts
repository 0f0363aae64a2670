/** @file Operations that move numbers: other axes, joins, cuts, borders, other numbers of places. */
import { elementCount } from "../../../graph/tensor.ts";
import { shownJson } from "../../../wording/read-json.ts";
import { axisIn, heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { resize, type Interpolation } from "../../channels-last/resizing.ts";
import {
  concatenate,
  pad,
  reshape,
  sameHeld,
  slice,
  transpose,
} from "../../channels-last/shapes.ts";
import { unary } from "../../channels-last/elementwise.ts";
import { isObject } from "../layer-config.ts";
import type { OperationCall } from "./operation-call.ts";
import type { OperationRow } from "./operation-row.ts";

/** The axes behind the batch of a shape that is asked for, with -1 for one that is left open. */
const reshaped: OperationRow = (o) => {
  const x = o.x(0, "tensor", "x");
  const [n, ...target] = o.ints(1, "shape", "newshape") ?? [];
  const count = elementCount(x.dims.slice(1));
  const known = elementCount(target.filter((dim) => dim !== -1));
  const open = target.filter((dim) => dim === -1).length;
  // With the batch open, the others must be told.
  const isBatch = n === -1 ? open === 0 : n !== undefined && n > 0;
  const fits = open === 0 ? known === count : open === 1 && known > 0 && count % known === 0;
  if (isBatch && fits && target.every((dim) => dim === -1 || dim > 0)) {
    return reshape(o.b, x, target, o.name);
  }
  throw o.refused(`must keep the batch and ${count} numbers of an example`);
};

const turned: OperationRow = (o) => {
  const x = o.x(0, "a", "x");
  const rank = x.dims.length;
  const order = o.ints(1, "perm", "axes") ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const places = order.map((axis) => (axis < 0 ? axis + rank : axis));
  const isOrder = places.toSorted((a, b) => a - b).every((axis, i) => axis === i);
  if (!isOrder || places.length !== rank) throw o.refused(`must order ${rank} axes`);
  return transpose(o.b, x, places, o.name);
};

const joined: OperationRow = (o) => {
  const values = o.list(0, "values", "xs");
  const [first] = values;
  const rank = first!.dims.length;
  const [axis = 0] = o.ints(1, "axis") ?? [0];
  const fits = values.every((x) => x.dims.length === rank) && axis >= -rank && axis < rank;
  if (!fits) throw o.refused(`must join tensors of ${rank} axes`);
  return concatenate(o.b, values, axis, o.name);
};

const squeezed: OperationRow = (o) => {
  const x = o.x(0, "input", "x");
  const given = o.ints(1, "axis", "squeeze_dims");
  const ones = x.dims.flatMap((dim, axis) => (axis > 0 && dim === 1 ? [axis] : []));
  const axes = given ? o.axes(x, 1, "axis", "squeeze_dims") : ones;
  if (axes.some((axis) => x.dims[axis] !== 1 || axis === 0)) {
    throw o.refused(`must drop axes of 1 behind the batch, got [${axes.join(", ")}]`);
  }
  // ONNX Runtime takes no axes for all of 1, the batch of one example among them.
  if (axes.length === 0) return unary(o.b, "Identity", x, o.name);
  const kept = x.dims.filter((_, axis) => axis > 0 && !axes.includes(axis));
  // Channels alone lie alike in both orders, as do places alone.
  const where = axes.map((axis) => axisIn(x, axis)).sort((a, other) => a - other);
  const isPlain = x.held === "first" && (kept.length < 2 || axes.includes(x.dims.length - 1));
  const value = isPlain ? x.value : makersOrder(o.b, x);
  const inputs = [value, o.b.ints(isPlain ? where : axes)];
  return heldLast(o.b.op("Squeeze", inputs, {}, o.name));
};

const expanded: OperationRow = (o) => {
  const x = o.x(0, "input", "x");
  const [given = -1] = o.ints(1, "axis") ?? [-1];
  const axis = given < 0 ? given + x.dims.length + 1 : given;
  if (axis < 1 || axis > x.dims.length) throw o.refused("must add an axis behind the batch");
  const value = makersOrder(o.b, x);
  return heldLast(o.b.op("Unsqueeze", [value, o.b.ints([axis])], {}, o.name));
};

const bordered: OperationRow = (o) => {
  const x = o.x(0, "tensor", "x");
  const sides = o.ints(1, "paddings", "pad_width") ?? [];
  const mode = o.plain(2, "mode") ?? "CONSTANT";
  const fill = o.number(3, 0, "constant_values");
  const rank = x.dims.length;
  const isConstant = typeof mode === "string" && mode.toLowerCase() === "constant";
  const areSides = sides.every((side) => side >= 0 && side < 2 ** 20);
  if (!isConstant || sides.length !== 2 * rank || !areSides) {
    throw o.refused(`must have borders of ${rank} axes and one number in them`);
  }
  const borders = x.dims.map((_, axis) => [sides[2 * axis]!, sides[2 * axis + 1]!] as const);
  return pad(o.b, x, borders, o.name, fill);
};

/** A slice, an index or `...` of an axis. */
interface Cut {
  readonly start: number | undefined;
  readonly stop: number | undefined;
  readonly step: number;
  readonly isIndex: boolean;
}

function cutOf(o: OperationCall, value: unknown): Cut | "..." {
  if (value === "..." || (isObject(value) && value["class_name"] === "__ellipsis__")) return "...";
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return { start: value, stop: value === -1 ? undefined : value + 1, step: 1, isIndex: true };
  }
  const config = isObject(value) && isObject(value["config"]) ? value["config"] : value;
  if (isObject(config)) {
    const [start, stop, step] = [config["start"], config["stop"], config["step"]].map((each) =>
      each === null ? undefined : each,
    );
    const isPlace = (each: unknown) => each === undefined || Number.isSafeInteger(each);
    if ([start, stop, step].every(isPlace) && step !== 0) {
      return {
        start: start as number | undefined,
        stop: stop as number | undefined,
        step: Number(step ?? 1),
        isIndex: false,
      };
    }
  }
  throw o.refused(`must cut by numbers, got ${shownJson(value)}`);
}

/** Behind the end of every axis. */
const pastEnd = 2 ** 31 - 1;

const cutOut: OperationRow = (o) => {
  const x = o.x(0, "tensor", "x");
  const spec = o.plain(1, "slice_spec", "key");
  const given = (Array.isArray(spec) ? (spec as readonly unknown[]) : [spec]).map((each) =>
    cutOf(o, each),
  );
  const rank = x.dims.length;
  const dots = given.indexOf("...");
  const whole: Cut = { start: undefined, stop: undefined, step: 1, isIndex: false };
  const missing = Array<Cut>(Math.max(rank - given.filter((cut) => cut !== "...").length, 0)).fill(
    whole,
  );
  const all =
    dots < 0
      ? [...given, ...missing]
      : [...given.slice(0, dots), ...missing, ...given.slice(dots + 1)];
  const cuts = all.filter((cut): cut is Cut => cut !== "...");
  const [batch] = cuts;
  if (cuts.length !== rank || !batch || batch.isIndex || isCut(batch)) {
    throw o.refused(`must cut ${rank} axes and leave the batch`);
  }
  const listed = cuts.flatMap((cut, axis) =>
    isCut(cut) ? [{ axis, step: cut.step, ...endsOf(cut) }] : [],
  );
  const indices = cuts.flatMap((cut, axis) => (cut.isIndex ? [axis] : []));
  if (listed.length === 0) return unary(o.b, "Identity", x, o.name);
  if (indices.length === 0) return slice(o.b, x, listed, o.name);
  const part = o.last(slice(o.b, x, listed, o.b.freeName(`${o.name}/part`)));
  return heldLast(o.b.op("Squeeze", [part.value, o.b.ints(indices)], {}, o.name));
};

/** Backwards from the last to the first, where bounds are left out and the step is below 0. */
function endsOf({ start, stop, step }: Cut) {
  if (step > 0) return { start: start ?? 0, end: stop ?? pastEnd };
  return { start: start ?? pastEnd, end: stop ?? -pastEnd };
}

function isCut({ start, stop, step }: Cut): boolean {
  return (start !== undefined && start !== 0) || stop !== undefined || step !== 1;
}

const flipped: OperationRow = (o) => {
  const x = o.x(0, "x", "m");
  const axes = o.axes(x, 1, "axis");
  if (axes.includes(0)) throw o.refused("must leave the order of the examples");
  const cuts = axes.map((axis) => ({ axis, start: pastEnd, end: -pastEnd, step: -1 }));
  return slice(o.b, x, cuts, o.name);
};

/** Axes that are told by pairs of places, before and behind. */
const moved =
  (isSwapped: boolean): OperationRow =>
  (o) => {
    const x = o.x(0, "x");
    const rank = x.dims.length;
    const [froms, tos] = [
      o.ints(1, "source", "axis1") ?? [],
      o.ints(2, "destination", "axis2") ?? [],
    ];
    const [from, to] = [froms, tos].map(([axis = 0]) => (axis < 0 ? axis + rank : axis));
    const isPair = froms.length === 1 && tos.length === 1 && from! < rank && to! < rank;
    if (!isPair || from! < 0 || to! < 0) throw o.refused(`must move one axis of ${rank}`);
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    const order = isSwapped
      ? axes.map((axis) => (axis === from ? to! : axis === to ? from! : axis))
      : axes.filter((axis) => axis !== from).toSpliced(to!, 0, from!);
    return transpose(o.b, x, order, o.name);
  };

const resized: OperationRow = (o) => {
  const kind = o.plain(2, "method", "interpolation") ?? "bilinear";
  const known = (["nearest", "bilinear", "bicubic"] as const).find((each) => each === kind);
  if (!known) throw o.refused("must resize pictures by a method of Keras");
  if (o.flag(4, false, "antialias")) throw o.refused("must resize without antialias");
  return resizedBy(o, { kind: known });
};

/** As TensorFlow 1 had it, between corners where nothing else is said. */
const bilinear: OperationRow = (o) => {
  const fromCorners = !o.flag(4, false, "half_pixel_centers");
  return resizedBy(o, { kind: "bilinear", fromCorners });
};

function resizedBy(o: OperationCall, how: Interpolation): NhwcValue {
  const x = o.x(0, "images", "x");
  const size = o.ints(1, "size") ?? [];
  const isSize = size.length === 2 && size.every((side) => side > 0 && side < 2 ** 16);
  if (isSize && x.dims.length === 4) return resize(o.b, x, size, how, o.name);
  throw o.refused("must resize pictures to rows and columns");
}

/** Blocks of channels as places, or back, in TensorFlow's order of channels. */
const blocks =
  (operator: "DepthToSpace" | "SpaceToDepth"): OperationRow =>
  (o) => {
    const x = o.x(0, "input", "x");
    const block = o.number(1, undefined, "block_size");
    const isFirst = x.dims.length === 4 && x.held === "first";
    if (!isFirst || block < 1 || block > 64) throw o.refused("must have pictures and a block size");
    const attributes = { blocksize: block };
    return sameHeld(x, o.b.op(operator, [x.value], attributes, o.name));
  };

const stacked: OperationRow = (o) => {
  const values = o.list(0, "values", "x").map((x) => o.last(x));
  const rank = values[0]!.dims.length;
  const [given = 0] = o.ints(1, "axis") ?? [0];
  const axis = given < 0 ? given + rank + 1 : given;
  if (axis < 1 || axis > rank) throw o.refused("must stack along an axis behind the batch");
  const parts = values.map((x) => o.b.op("Unsqueeze", [x.value, o.b.ints([axis])]));
  return heldLast(o.b.op("Concat", parts, { axis }, o.name));
};

const divided: OperationRow = (o) => {
  const x = o.x(0, "value", "x");
  const parts = o.number(1, undefined, "num_or_size_splits", "indices_or_sections");
  const [given = 0] = o.ints(2, "axis") ?? [0];
  const held: NhwcValue = x.held === "flat" ? o.last(x) : x;
  const axis = given < 0 ? given + x.dims.length : given;
  const size = x.dims[axis] ?? 0;
  if (axis < 1 || !Number.isInteger(size / parts) || parts < 1 || size < 1) {
    throw o.refused("must part an axis behind the batch into equal parts");
  }
  return Array.from({ length: parts }, (_, i) => {
    const step = size / parts;
    const cut = { axis, start: i * step, end: (i + 1) * step };
    return slice(o.b, held, [cut], i === 0 ? o.name : o.b.freeName(`${o.name}:${i}`));
  });
};

export const movementRows: Readonly<Record<string, OperationRow>> = {
  concatenate: joined,
  depth_to_space: blocks("DepthToSpace"),
  expand_dims: expanded,
  flip: flipped,
  getitem: cutOut,
  moveaxis: moved(false),
  pad: bordered,
  reshape: reshaped,
  resize: resized,
  resize_bilinear: bilinear,
  space_to_depth: blocks("SpaceToDepth"),
  split: divided,
  squeeze: squeezed,
  stack: stacked,
  swapaxes: moved(true),
  transpose: turned,
};
