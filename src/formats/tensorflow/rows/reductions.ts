/** @file Sums, means, extremes, and where they are. */
import { castCodes } from "../../../graph/infer.ts";
import { axisIn, heldLast, makersOrder, withAllAxes } from "../../channels-last/nhwc-value.ts";
import { reduce } from "../../channels-last/reductions.ts";
import { sameHeld } from "../../channels-last/shapes.ts";
import { elementTypes } from "../description.ts";
import { axisOf } from "../fold/numbers.ts";
import type { Row, Rows } from "./row.ts";

const over =
  (operator: string): Row =>
  (o) => {
    const x = o.x(0);
    const axes = o.numbers(1).map((axis) => axisOf(o, axis, x.dims.length));
    const keep = o.truth("keep_dims") || o.truth("keepdims");
    // Over no axis nothing changes, where ONNX goes over all of them.
    if (axes.length === 0) return { ...x, value: o.b.op("Identity", [x.value], {}, o.name) };
    return reduce(o.b, operator, x, axes, keep, o.name);
  };

/** The place of the largest or smallest number along an axis, the first one of several. */
const place =
  (operator: "ArgMax" | "ArgMin"): Row =>
  (o) => {
    const x = o.x(0);
    const axis = axisOf(o, o.inputs.length > 1 ? o.number(1) : 0, x.dims.length);
    const last = heldLast(makersOrder(o.b, x));
    const attributes = { axis: axisIn(last, axis), keepdims: 0 };
    const type = elementTypes[o.attribute("output_type", "type") ?? "INT64"] ?? "int64";
    if (type === "int64") return heldLast(o.b.op(operator, [last.value], attributes, o.name));
    const wide = o.b.op(operator, [last.value], attributes);
    return heldLast(o.b.op("Cast", [wide], { to: castCodes[type] }, o.name));
  };

/** The largest numbers of the last axis and their places. */
const largest: Row = (o) => {
  const last = makersOrder(o.b, o.x(0));
  const count = o.number(1);
  const size = last.dims.at(-1) ?? 0;
  if (!Number.isInteger(count) || count < 1 || count > size) {
    throw o.refused(`must keep 1 to ${size} numbers, got ${count}`);
  }
  const [values, places] = o.b.ops("TopK", [last, o.b.ints([count])], 2, { axis: -1 }, o.name);
  return [heldLast(values!), heldLast(o.b.cast(places!, "int32"))];
};

/** Sums up to each place of an axis. */
const summed: Row = (o) => {
  const x = withAllAxes(o.b, o.x(0));
  const axis = axisOf(o, o.number(1), x.dims.length);
  const attributes = {
    exclusive: Number(o.truth("exclusive")),
    reverse: Number(o.truth("reverse")),
  };
  const place = o.b.scalar(axisIn(x, axis), "int64");
  return sameHeld(x, o.b.op("CumSum", [x.value, place], attributes, o.name));
};

export const reductionRows: Rows = {
  Mean: over("ReduceMean"),
  Sum: over("ReduceSum"),
  Max: over("ReduceMax"),
  Min: over("ReduceMin"),
  Prod: over("ReduceProd"),
  EuclideanNorm: over("ReduceL2"),
  ArgMax: place("ArgMax"),
  ArgMin: place("ArgMin"),
  TopKV2: largest,
  Cumsum: summed,
};
