/** @file Shapes of operators on [N, C, ...spatial] values: convolutions, pools, resampling. */
import type { ValueShape } from "../graph.ts";
import { poolWindowsOf, transposedWindowsOf, windowsOf } from "../windows.ts";
import { positiveAxis, shape, type Infer, type InferTable } from "./rule.ts";
import { largest, smallest } from "../../statistics.ts";

const conv: Infer = (c) => {
  const x = c.in(0).dims;
  const w = c.in(1).dims;
  const { output } = windowsOf(c.attributes, x.slice(2), w.slice(2));
  return shape(c.in(0).type, [x[0]!, w[0]!, ...output]);
};

const convTranspose: Infer = (c) => {
  const x = c.in(0).dims;
  const w = c.in(1).dims;
  const { output } = transposedWindowsOf(c.attributes, x.slice(2), w.slice(2));
  return shape(c.in(0).type, [x[0]!, w[1]! * c.attributes.int("group", 1), ...output]);
};

const pool: Infer = (c) => {
  const { type, dims } = c.in(0);
  const { output } = poolWindowsOf(c.attributes, dims.slice(2));
  const pooled = [dims[0]!, dims[1]!, ...output];
  const indices: ValueShape = { type: "int64", dims: pooled };
  return c.outputCount > 1 ? [{ type, dims: pooled }, indices] : shape(type, pooled);
};

const globalPool: Infer = (c) => {
  const { type, dims } = c.in(0);
  return shape(type, [dims[0]!, dims[1]!, ...dims.slice(2).map(() => 1)]);
};

const resize: Infer = (c) => {
  const { type, dims } = c.in(0);
  const axes = c.attributes
    .ints(
      "axes",
      dims.map((_, axis) => axis),
    )
    .map((axis) => positiveAxis(axis, dims.length));
  const policy = c.attributes.string("keep_aspect_ratio_policy", "stretch");
  const sizes = c.has(3) ? c.constant(3) : undefined;
  const factors = sizes?.map((size, i) => size / dims[axes[i]!]!);
  const result = [...dims];
  axes.forEach((axis, i) => {
    if (!sizes || !factors) {
      // ONNX Runtime's product is a float32
      result[axis] = Math.floor(Math.fround(dims[axis]! * c.constant(2)[i]!));
    } else if (policy === "stretch") result[axis] = sizes[i]!;
    else {
      const factor = policy === "not_larger" ? smallest(factors) : largest(factors);
      result[axis] = Math.round(dims[axis]! * factor);
    }
  });
  return shape(type, result);
};

const gridSample: Infer = (c) => {
  const { type, dims } = c.in(0);
  return shape(type, [...dims.slice(0, 2), ...c.in(1).dims.slice(1, -1)]);
};

const maxUnpool: Infer = (c) => {
  const { type, dims } = c.in(0);
  if (c.has(2)) return shape(type, c.constant(2));
  const kernel = c.attributes.ints("kernel_shape");
  const { output } = transposedWindowsOf(c.attributes, dims.slice(2), kernel);
  return shape(type, [...dims.slice(0, 2), ...output]);
};

export const spatial: InferTable = {
  AveragePool: pool,
  Conv: conv,
  ConvTranspose: convTranspose,
  GlobalAveragePool: globalPool,
  GlobalLpPool: globalPool,
  GlobalMaxPool: globalPool,
  GridSample: gridSample,
  LpPool: pool,
  MaxPool: pool,
  MaxUnpool: maxUnpool,
  Resize: resize,
};
