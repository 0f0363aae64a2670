/** @file What is checked of the selection of boxes. */
import type { ForwardRows, GradientRows, InputSpec } from "../row.ts";

const one = (type: "int64" | "float32", value: number): InputSpec => ({
  dims: [1],
  type,
  values: [value],
});
const boxes: InputSpec = {
  dims: [1, 6, 4],
  values: [
    [0, 0, 1, 1],
    [0, 0.1, 1, 1.1],
    [0, -0.1, 1, 0.9],
    [0, 10, 1, 11],
    [1, 11.1, 0, 10.1],
    [0, 100, 1, 101],
  ].flat(),
};
const centered: InputSpec = {
  dims: [1, 4, 4],
  values: [
    [0.5, 0.5, 1, 1],
    [0.6, 0.5, 1, 1],
    [10.5, 0.5, 1, 1],
    [10.6, 0.5, 1.2, 1],
  ].flat(),
};
const scores: InputSpec = { dims: [1, 2, 6], spaced: true, low: 0, high: 1 };

/** Boxes have no gradient. */
export const gradientRows: GradientRows = {};

/** The interpreter against ONNX Runtime. */
export const forwardRows: ForwardRows = {
  NonMaxSuppression: [
    { inputs: [boxes, scores, one("int64", 3), one("float32", 0.5), one("float32", 0)] },
    { inputs: [boxes, scores, one("int64", 3), one("float32", 0.5), one("float32", 0.45)] },
    { inputs: [boxes, scores, one("int64", 1), one("float32", 0.5)], note: "one a class" },
    { inputs: [boxes, scores], note: "none asked for" },
    {
      inputs: [centered, { ...scores, dims: [1, 1, 4] }, one("int64", 4), one("float32", 0.5)],
      attributes: { center_point_box: 1 },
    },
  ],
};
