/** @file What is checked of the softmax family. */
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";

const rows: readonly GradientRow[] = [
  { inputs: [[2, 5]] },
  { inputs: [[2, 3, 4]], attributes: { axis: 1 } },
  { inputs: [[2, 3, 4]], attributes: { axis: -3 } },
  { inputs: [[5]], attributes: { axis: 0 } },
  { inputs: [[2, 3, 2, 2]], attributes: { axis: 1 }, note: "over channels" },
];

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  LogSoftmax: rows,
  Softmax: rows,
};

/** Rows of operators that have no gradient, and values where a careless formula overflows. */
export const forwardRows: ForwardRows = {
  Hardmax: [...rows, { inputs: [{ dims: [4], values: [1, 3, 3, 0] }], note: "ties" }],
  LogSoftmax: [{ inputs: [{ dims: [1, 3], values: [1000, 0, -1000] }] }],
  Softmax: [{ inputs: [{ dims: [1, 3], values: [1000, 0, -1000] }] }],
};
