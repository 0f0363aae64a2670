/** @file What is checked of the pooling family. */
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";
import { distinct, nonzero } from "./inputs.ts";

const averagePool: readonly GradientRow[] = [
  { inputs: [[2, 3, 4, 6]], attributes: { kernel_shape: [2, 2], strides: [2, 2] }, note: "tiles" },
  { inputs: [[1, 2, 5, 7]], attributes: { kernel_shape: [2, 3], strides: [2, 3] }, note: "tiles" },
  {
    inputs: [[1, 2, 5, 5]],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 0, 0] },
    note: "tiles",
  },
  {
    inputs: [[1, 2, 5, 5]],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
    note: "tiles, the last ones partial",
  },
  {
    inputs: [[1, 2, 5, 5]],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1, count_include_pad: 1 },
  },
  { inputs: [[1, 2, 6, 5]], attributes: { kernel_shape: [3, 2] }, note: "overlapping" },
  { inputs: [[1, 2, 6, 5]], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
  {
    inputs: [[1, 2, 6, 5]],
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 },
  },
  {
    inputs: [[1, 2, 6, 5]],
    attributes: { kernel_shape: [3, 3], pads: [0, 2, 1, 1], strides: [2, 2] },
    note: "rows that are not read",
  },
  {
    inputs: [[1, 2, 6, 8]],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
  },
  {
    inputs: [[1, 2, 6, 8]],
    attributes: {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      ceil_mode: 1,
      count_include_pad: 1,
    },
  },
  { inputs: [[1, 2, 7, 7]], attributes: { kernel_shape: [2, 2], strides: [3, 3] }, note: "gaps" },
  { inputs: [[1, 2, 7, 6]], attributes: { kernel_shape: [2, 3], dilations: [3, 2] } },
  {
    inputs: [[1, 2, 7, 6]],
    attributes: { kernel_shape: [2, 2], dilations: [2, 3], strides: [2, 1], pads: [1, 1, 1, 1] },
  },
  { inputs: [[1, 2, 5, 6]], attributes: { kernel_shape: [3, 3], auto_pad: "SAME_UPPER" } },
  {
    inputs: [[1, 2, 5, 6]],
    attributes: { kernel_shape: [2, 3], auto_pad: "SAME_LOWER", strides: [2, 2] },
  },
  { inputs: [[1, 2, 5, 6]], attributes: { kernel_shape: [2, 2], auto_pad: "VALID" } },
  { inputs: [[2, 2, 9]], attributes: { kernel_shape: [3], strides: [2], pads: [1, 1] } },
  { inputs: [[1, 2, 3, 4, 4]], attributes: { kernel_shape: [2, 2, 2], strides: [1, 2, 2] } },
];

const maxPool: readonly GradientRow[] = [
  { inputs: [distinct(2, 2, 4, 6)], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  {
    inputs: [distinct(1, 2, 5, 7)],
    attributes: { kernel_shape: [2, 3], strides: [2, 3] },
    note: "rows that are not read",
  },
  {
    inputs: [distinct(1, 2, 5, 7)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 0, 0, 1] },
  },
  { inputs: [distinct(1, 2, 5, 6)], attributes: { kernel_shape: [3, 3] }, note: "overlapping" },
  { inputs: [distinct(1, 2, 5, 4)], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
  {
    inputs: [distinct(1, 2, 7, 8)],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  },
  {
    inputs: [distinct(1, 2, 6, 8)],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
    note: "partial windows",
  },
  {
    inputs: [distinct(1, 2, 6, 5)],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1], ceil_mode: 1 },
  },
  { inputs: [distinct(1, 2, 7, 7)], attributes: { kernel_shape: [2, 2], strides: [3, 3] } },
  { inputs: [distinct(1, 2, 6, 7)], attributes: { kernel_shape: [1, 1], strides: [2, 3] } },
  { inputs: [distinct(1, 2, 6, 4)], attributes: { kernel_shape: [1, 3] }, note: "one axis" },
  { inputs: [distinct(1, 2, 6, 4)], attributes: { kernel_shape: [3, 1], strides: [2, 1] } },
  { inputs: [distinct(1, 2, 3, 3)], attributes: { kernel_shape: [1, 1] }, note: "nothing pooled" },
  {
    inputs: [distinct(1, 2, 7, 6)],
    attributes: { kernel_shape: [3, 2], dilations: [2, 3], pads: [1, 1, 2, 0] },
  },
  {
    inputs: [distinct(1, 2, 8, 7)],
    attributes: { kernel_shape: [2, 3], dilations: [3, 2], strides: [2, 2] },
  },
  { inputs: [distinct(1, 2, 5, 6)], attributes: { kernel_shape: [2, 3], auto_pad: "SAME_UPPER" } },
  {
    inputs: [distinct(1, 2, 5, 6)],
    attributes: { kernel_shape: [3, 3], auto_pad: "SAME_LOWER", strides: [2, 2] },
  },
  { inputs: [distinct(1, 2, 5, 6)], attributes: { kernel_shape: [3, 3], auto_pad: "VALID" } },
  { inputs: [distinct(2, 2, 9)], attributes: { kernel_shape: [3], strides: [2], pads: [1, 1] } },
  { inputs: [distinct(1, 1, 4, 5, 4)], attributes: { kernel_shape: [2, 2, 2] }, note: "3-D" },
  {
    inputs: [distinct(1, 2, 4, 5, 4)],
    attributes: { kernel_shape: [2, 3, 2], strides: [2, 2, 2], pads: [0, 1, 1, 0, 1, 1] },
  },
  {
    inputs: [distinct(1, 2, 5, 6)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
    outputs: 2,
    note: "with indices",
  },
  {
    inputs: [distinct(1, 2, 5, 6)],
    attributes: { kernel_shape: [3, 2], storage_order: 1 },
    outputs: 2,
    note: "with indices",
  },
];

const lpPool: readonly GradientRow[] = [
  { inputs: [nonzero(2, 2, 4, 5)], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  { inputs: [nonzero(1, 2, 5, 5)], attributes: { kernel_shape: [3, 2], p: 1 } },
  {
    inputs: [nonzero(1, 2, 5, 5)],
    attributes: { kernel_shape: [3, 3], p: 3, pads: [1, 1, 1, 1], strides: [2, 2] },
  },
  { inputs: [nonzero(1, 2, 6, 5)], attributes: { kernel_shape: [2, 2], p: 4, dilations: [2, 1] } },
  {
    inputs: [nonzero(1, 2, 6, 6)],
    attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
  },
  { inputs: [nonzero(1, 2, 5, 6)], attributes: { kernel_shape: [2, 3], auto_pad: "SAME_UPPER" } },
  { inputs: [nonzero(2, 2, 7)], attributes: { kernel_shape: [3], strides: [2] } },
];

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  AveragePool: averagePool,
  GlobalAveragePool: [
    { inputs: [[2, 3, 4, 5]] },
    { inputs: [[1, 2, 6]] },
    { inputs: [[1, 2, 2, 3, 2]] },
  ],
  GlobalLpPool: [
    { inputs: [nonzero(2, 3, 3, 4)] },
    { inputs: [nonzero(1, 2, 5)], attributes: { p: 1 } },
    { inputs: [nonzero(1, 2, 2, 3, 2)], attributes: { p: 3 } },
  ],
  GlobalMaxPool: [{ inputs: [distinct(2, 3, 4, 5)] }, { inputs: [distinct(1, 2, 6)] }],
  LRN: [
    { inputs: [[2, 7, 3, 2]], attributes: { size: 3, alpha: 0.4, beta: 0.6, bias: 1.5 } },
    { inputs: [[1, 4, 3, 3]], attributes: { size: 5, alpha: 0.7 } },
    { inputs: [[1, 3, 4, 1]], attributes: { size: 1, alpha: 2, beta: 1.25, bias: 0.5 } },
  ],
  LpPool: lpPool,
  MaxPool: maxPool,
  MaxUnpool: [
    {
      inputs: [[1, 1, 2, 2], { dims: [1, 1, 2, 2], type: "int64", values: [5, 2, 8, 15] }],
      attributes: { kernel_shape: [2, 2], strides: [2, 2] },
    },
    {
      inputs: [
        [1, 2, 2, 2],
        {
          dims: [1, 2, 2, 2],
          type: "int64",
          values: [0, 3, 12, 24, 26, 28, 36, 49],
          constant: false,
        },
        { dims: [4], type: "int64", values: [1, 2, 5, 5] },
      ],
      attributes: { kernel_shape: [2, 2], strides: [2, 2] },
    },
  ],
};

/** Rows of operators that have no gradient, or that only the interpreter's version is about. */
export const forwardRows: ForwardRows = {};
