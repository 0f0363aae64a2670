/** @file Sums, means and extremes over axes. */
import { reduce } from "../../channels-last/reductions.ts";
import type { Row, Rows } from "./row.ts";

const over =
  (operator: string): Row =>
  (o) => {
    const x = o.x(0);
    const rank = x.dims.length;
    const axes = o.numbers(1);
    if (axes.some((axis) => !Number.isInteger(axis) || axis < -rank || axis >= rank)) {
      throw o.refused(`must go over axes of ${rank}, got [${axes.join(", ")}]`);
    }
    const keep = o.truth("keep_dims") || o.truth("keepdims");
    return reduce(o.b, operator, x, axes, keep, o.name);
  };

export const reductionRows: Rows = {
  Mean: over("ReduceMean"),
  Sum: over("ReduceSum"),
  Max: over("ReduceMax"),
  Min: over("ReduceMin"),
  Prod: over("ReduceProd"),
};
