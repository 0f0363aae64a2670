/** @file What is checked of the elementwise family. */
import type { ForwardRows, GradientRows } from "../row.ts";

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  Add: [
    {
      inputs: [
        [2, 3],
        [2, 3],
      ],
    },
    { inputs: [[2, 3], [3]] },
    {
      inputs: [
        [1, 3, 1],
        [2, 1, 4],
      ],
    },
  ],
  Mul: [
    {
      inputs: [
        [2, 3],
        [2, 3],
      ],
    },
    {
      inputs: [
        [2, 1, 3],
        [4, 1],
      ],
    },
    { inputs: [[2, 3], []] },
  ],
};

/** Rows of operators that have no gradient, or that only the interpreter's version is about. */
export const forwardRows: ForwardRows = {
  Sub: [
    {
      inputs: [
        [2, 3],
        [2, 3],
      ],
    },
  ],
  Mod: [
    {
      inputs: [
        { dims: [6], type: "int32", values: [-4, 7, 5, 4, -7, 8] },
        { dims: [6], type: "int32", values: [2, -3, 8, -2, 3, 5] },
      ],
    },
  ],
};
