/** @file What joins, cuts, repeats and borders values. */
import { elementCount } from "../../../graph/tensor.ts";
import {
  axisIn,
  channelsFirst,
  heldFirst,
  heldLast,
  makersOrder,
  withAllAxes,
  type NhwcValue,
} from "../../channels-last/nhwc-value.ts";
import { concatenate, pad, padsOf, sameHeld, slice } from "../../channels-last/shapes.ts";
import { axisOf } from "../fold/numbers.ts";
import type { Operation } from "../operation.ts";
import { isConstant } from "../operand.ts";
import type { Row, Rows } from "./row.ts";
import { withAxis, withoutAxes } from "./shapes.ts";
import { stridedOf, type AxisCut } from "./strided.ts";

/** Past the end of every axis. */
const far = 2 ** 31 - 1;

function joined(o: Operation, count: number, axis: number, first: number): NhwcValue {
  const values = Array.from({ length: count }, (_, i) => o.x(first + i));
  const rank = values[0]!.dims.length;
  if (values.some(({ dims }) => dims.length !== rank)) {
    throw o.refused("must join values of as many axes");
  }
  return concatenate(o.b, values, axisOf(o, axis, rank), o.name);
}

const stacked: Row = (o) => {
  const axis = o.value("axis", 0);
  const parts = o.inputs.map((_, i) => withAxis(o, o.x(i), axis, o.b.freeName(`${o.name}/part`)));
  const rank = parts[0]?.dims.length ?? 0;
  return concatenate(o.b, parts, axisOf(o, axis, rank), o.name);
};

const unstacked: Row = (o) => {
  const x = withAllAxes(o.b, o.x(0));
  const axis = axisOf(o, o.value("axis", 0), x.dims.length);
  const count = x.dims[axis]!;
  requireFixed(o, x, axis);
  return Array.from({ length: count }, (_, i) => {
    const cuts = [{ axis, start: i, end: i + 1 }];
    const part = slice(o.b, x, cuts, o.b.freeName(`${o.name}/slice`));
    return withoutAxes(o, part, [axis], i === 0 ? o.name : o.b.freeName(`${o.name}:${i}`));
  });
};

/** Throws `bad-file` for an axis whose size the model leaves open. */
function requireFixed(o: Operation, x: NhwcValue, axis: number): void {
  if (o.probes.dimsOf(x).every((dims) => dims[axis] === x.dims[axis])) return;
  throw o.refused("must split an axis of a fixed size, got an open one");
}

function splitInto(o: Operation, input: NhwcValue, told: number, sizes?: readonly number[]) {
  const x = withAllAxes(o.b, input);
  const axis = axisOf(o, told, x.dims.length);
  requireFixed(o, x, axis);
  const size = x.dims[axis]!;
  const count = sizes?.length ?? o.value("num_split", 1);
  const known = (sizes ?? []).filter((part) => part !== -1);
  const rest = size - known.reduce((sum, part) => sum + part, 0);
  const parts =
    sizes?.map((part) => (part === -1 ? rest : part)) ??
    Array.from({ length: Math.min(count, size) }, () => size / count);
  if (parts.some((part) => !Number.isInteger(part) || part < 1)) {
    throw o.refused(`must split ${size} entries into whole parts, got ${count}`);
  }
  const inputs = [x.value, o.b.ints(parts)];
  const values = o.b.ops("Split", inputs, parts.length, { axis: axisIn(x, axis) }, o.name);
  return values.map((value) => sameHeld(x, value));
}

const stridedSlice: Row = (o) => {
  const x = withAllAxes(o.b, o.x(0));
  const lists = [o.numbers(1), o.numbers(2), o.numbers(3)] as const;
  const cut = stridedOf(o, x.dims, lists);
  const cuts = cut.axes.flatMap((axis, i) => (isWhole(axis) ? [] : [cutOf(axis, i)]));
  const { dropped, added } = cut;
  const last = added.length > 0 ? "added" : dropped.length > 0 ? "dropped" : "cut";
  const named = (step: typeof last) => (step === last ? o.name : o.b.freeName(`${o.name}/${step}`));
  let value = cuts.length > 0 || last === "cut" ? slice(o.b, x, cuts, named("cut")) : x;
  if (dropped.length > 0) value = withoutAxes(o, value, dropped, named("dropped"));
  for (const [i, place] of added.entries()) {
    const isLast = i === added.length - 1;
    value = withAxis(o, value, place, isLast ? o.name : o.b.freeName(`${o.name}/added`));
  }
  return value;
};

function isWhole({ begin, end, step }: AxisCut): boolean {
  return begin === undefined && end === undefined && step === 1;
}

function cutOf({ begin, end, step }: AxisCut, axis: number) {
  const start = begin ?? (step > 0 ? 0 : far);
  return { axis, start, end: end ?? (step > 0 ? far : -far), step };
}

const plainSlice: Row = (o) => {
  const x = o.x(0);
  const [begins, sizes] = [o.numbers(1), o.numbers(2)];
  if (begins.length !== x.dims.length || sizes.length !== x.dims.length) {
    throw o.refused(`must cut ${x.dims.length} axes, got ${begins.length}`);
  }
  const cuts = begins.flatMap((start, axis) => {
    const size = sizes[axis]!;
    if (start < 0 || size < -1) throw o.refused("must cut inside of what it reads");
    return start === 0 && size === -1
      ? []
      : [{ axis, start, end: size === -1 ? far : start + size }];
  });
  return slice(o.b, x, cuts, o.name);
};

/** The borders of input 1, [axes, 2]. */
function bordersOf(o: Operation, rank: number): readonly (readonly [number, number])[] {
  const numbers = o.numbers(1);
  const fits = numbers.every((pad) => Number.isInteger(pad) && pad >= 0 && pad < 2 ** 16);
  if (!fits || numbers.length !== 2 * rank) {
    throw o.refused(`must have borders for ${rank} axes, got [${numbers.join(", ")}]`);
  }
  return Array.from({ length: rank }, (_, axis) => [numbers[2 * axis]!, numbers[2 * axis + 1]!]);
}

const padded: Row = (o) => {
  const x = o.x(0);
  const fill = o.inputs.length > 2 ? o.number(2) : 0;
  return pad(o.b, x, bordersOf(o, x.dims.length), o.name, fill);
};

const mirrored: Row = (o) => {
  const x = withAllAxes(o.b, o.x(0));
  const borders = bordersOf(o, x.dims.length);
  const mode = o.text("mode", "REFLECT");
  // A mirror that repeats the edge is ONNX's edge where it is one number wide.
  const isNarrow = borders.flat().every((width) => width <= 1);
  if (mode !== "REFLECT" && !isNarrow) {
    throw o.refused(`must mirror without the edge, or by 1 at most, got ${mode}`);
  }
  const pads = padsOf(o.b, x, borders);
  const attributes = { mode: mode === "REFLECT" ? "reflect" : "edge" };
  return sameHeld(x, o.b.op("Pad", [x.value, pads], attributes, o.name));
};

const tiled: Row = (o) => {
  const x = o.x(0);
  const times = o.numbers(1);
  const fits = times.every((count) => Number.isInteger(count) && count > 0 && count < 2 ** 16);
  if (!fits || times.length !== x.dims.length) {
    throw o.refused(`must repeat ${x.dims.length} axes, got [${times.join(", ")}]`);
  }
  return heldLast(o.b.op("Tile", [makersOrder(o.b, x), o.b.ints(times)], {}, o.name));
};

const gathered: Row = (o) => {
  const x = withAllAxes(o.b, o.x(0));
  const axis = axisOf(o, o.inputs.length > 2 ? o.number(2) : 0, x.dims.length);
  if (o.value("batch_dims", 0) !== 0) throw o.refused("must choose alike in all examples");
  const indices = o.input(1);
  const isList = isConstant(indices) && indices.samples[0].dims.length === 1;
  const held = isList ? x : heldLast(makersOrder(o.b, x));
  const chosen = makersOrder(o.b, o.x(1));
  const value = o.b.op("Gather", [held.value, chosen], { axis: axisIn(held, axis) }, o.name);
  return sameHeld(held, value);
};

const reversed: Row = (o) => {
  const x = o.x(0);
  const axes = o.numbers(1).map((axis) => axisOf(o, axis, x.dims.length));
  const cuts = axes.map((axis) => ({ axis, start: far, end: -far, step: -1 }));
  return slice(o.b, x, cuts, o.name);
};

/** Blocks of channels as places, or places as channels. */
const blocks =
  (operator: "DepthToSpace" | "SpaceToDepth"): Row =>
  (o) => {
    const x = o.x(0);
    const size = o.value("block_size", 2);
    const isMap = x.dims.length === 4 && o.text("data_format", "NHWC") === "NHWC";
    if (!isMap || !Number.isInteger(size) || size < 1 || size > elementCount(x.dims)) {
      throw o.refused("must move blocks of a map of the data format NHWC");
    }
    return heldFirst(o.b.op(operator, [channelsFirst(o.b, x)], { blocksize: size }, o.name));
  };

export const partRows: Rows = {
  ConcatV2: (o) => joined(o, o.inputs.length - 1, o.number(o.inputs.length - 1), 0),
  Concat: (o) => joined(o, o.inputs.length - 1, o.number(0), 1),
  Pack: stacked,
  Unpack: unstacked,
  Split: (o) => splitInto(o, o.x(1), o.number(0)),
  SplitV: (o) => splitInto(o, o.x(0), o.number(2), o.numbers(1)),
  StridedSlice: stridedSlice,
  Slice: plainSlice,
  Pad: padded,
  PadV2: padded,
  MirrorPad: mirrored,
  Tile: tiled,
  Gather: gathered,
  GatherV2: gathered,
  ReverseV2: reversed,
  DepthToSpace: blocks("DepthToSpace"),
  SpaceToDepth: blocks("SpaceToDepth"),
};
