/** @file What is checked of the convolution family. */
import { phases } from "./convolution-phases.ts";
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";
import { fixed } from "./inputs.ts";

/** Each row with the weights as a constant too, since rules choose another formulation then. */
function alsoConstant(rows: readonly GradientRow[]): GradientRow[] {
  return rows.flatMap((row) => {
    const [x, w, ...bias] = row.inputs;
    if (!Array.isArray(x) || !Array.isArray(w)) return [row];
    const inputs = [x, fixed(...(w as readonly number[])), ...bias];
    return [
      row,
      { ...row, inputs, note: [row.note, "constant weights"].filter(Boolean).join(", ") },
    ];
  });
}

const conv: readonly GradientRow[] = [
  { inputs: [[2, 3, 5, 6], [4, 3, 3, 2], [4]], note: "bias" },
  {
    inputs: [
      [1, 2, 6, 5],
      [3, 2, 3, 3],
    ],
    attributes: { pads: [1, 1, 1, 1] },
  },
  {
    inputs: [
      [1, 2, 6, 5],
      [3, 2, 3, 3],
    ],
    attributes: { pads: [0, 2, 1, 0] },
  },
  {
    inputs: [
      [1, 9, 4, 4],
      [2, 9, 3, 3],
    ],
    attributes: { pads: [1, 1, 1, 1] },
    note: "flipped",
  },
  {
    inputs: [
      [1, 9, 5, 4],
      [2, 9, 2, 3],
    ],
    attributes: { pads: [1, 0, 0, 2] },
    note: "flipped",
  },
  {
    inputs: [
      [1, 9, 5, 5],
      [2, 9, 2, 2],
    ],
    attributes: { dilations: [2, 1], pads: [1, 0, 2, 1] },
  },
  {
    inputs: [
      [1, 9, 4, 4],
      [2, 9, 2, 2],
    ],
    attributes: { pads: [2, 3, 0, 2] },
    note: "more padding than kernel",
  },
  {
    inputs: [
      [2, 9, 4, 4],
      [3, 9, 1, 1],
    ],
    note: "1 x 1",
  },
  {
    inputs: [
      [1, 9, 3, 3],
      [2, 9, 1, 1],
    ],
    attributes: { pads: [1, 0, 0, 1] },
    note: "1 x 1",
  },
  {
    inputs: [
      [1, 3, 5, 6],
      [2, 3, 1, 1],
    ],
    attributes: { strides: [2, 3] },
    note: "1 x 1",
  },
  {
    inputs: [
      [1, 2, 6, 6],
      [3, 2, 3, 3],
    ],
    attributes: { strides: [2, 2] },
    note: "the last row and column are not read",
  },
  {
    inputs: [
      [1, 2, 8, 9],
      [2, 2, 3, 3],
    ],
    attributes: { strides: [3, 4], pads: [1, 0, 1, 1] },
    note: "up to two rows are not read",
  },
  {
    inputs: [
      [1, 2, 7, 7],
      [2, 2, 2, 2],
    ],
    attributes: { strides: [3, 3] },
    note: "gaps",
  },
  {
    inputs: [
      [1, 2, 7, 8],
      [2, 2, 3, 2],
    ],
    attributes: { strides: [2, 1], dilations: [2, 3], pads: [2, 1, 1, 3] },
  },
  {
    inputs: [
      [1, 2, 8, 8],
      [3, 2, 4, 4],
    ],
    attributes: { strides: [4, 4] },
    note: "patches",
  },
  {
    inputs: [
      [1, 2, 5, 6],
      [2, 2, 3, 2],
    ],
    attributes: { auto_pad: "SAME_UPPER" },
  },
  {
    inputs: [
      [1, 2, 5, 6],
      [2, 2, 2, 4],
    ],
    attributes: { auto_pad: "SAME_LOWER" },
  },
  {
    inputs: [
      [1, 2, 5, 6],
      [2, 2, 3, 3],
    ],
    attributes: { auto_pad: "SAME_UPPER", strides: [2, 2] },
  },
  {
    inputs: [
      [1, 2, 5, 6],
      [2, 2, 3, 3],
    ],
    attributes: { auto_pad: "SAME_LOWER", strides: [2, 3] },
  },
  {
    inputs: [
      [1, 2, 6, 6],
      [2, 2, 3, 3],
    ],
    attributes: { auto_pad: "VALID", strides: [2, 2], kernel_shape: [3, 3] },
  },
  { inputs: [[1, 4, 5, 5], [6, 2, 3, 3], [6]], attributes: { group: 2, pads: [1, 1, 1, 1] } },
  {
    inputs: [
      [2, 4, 5, 5],
      [6, 2, 3, 3],
    ],
    attributes: { group: 2, strides: [2, 2] },
  },
  {
    inputs: [
      [1, 4, 4, 4],
      [4, 1, 3, 3],
    ],
    attributes: { group: 4 },
    note: "depthwise",
  },
  {
    inputs: [[2, 4, 5, 6], [4, 1, 3, 3], [4]],
    attributes: { group: 4, pads: [1, 1, 1, 1], strides: [2, 2] },
    note: "depthwise",
  },
  {
    inputs: [
      [2, 2, 3, 40],
      [2, 1, 2, 3],
    ],
    attributes: { group: 2, pads: [1, 0, 0, 1] },
    note: "depthwise, many columns",
  },
  {
    inputs: [
      [1, 3, 6, 6],
      [6, 1, 3, 3],
    ],
    attributes: { group: 3, pads: [1, 1, 1, 1] },
    note: "depthwise with multiplier",
  },
  {
    inputs: [
      [1, 3, 6, 7],
      [6, 1, 2, 3],
    ],
    attributes: { group: 3, strides: [2, 3], dilations: [2, 1], pads: [1, 0, 0, 2] },
    note: "depthwise with multiplier",
  },
  {
    inputs: [
      [1, 2, 70],
      [4, 1, 3],
    ],
    attributes: { group: 2, strides: [2], dilations: [2], pads: [3, 0] },
    note: "depthwise with multiplier, many columns",
  },
  {
    inputs: [
      [1, 2, 6, 6],
      [2, 1, 1, 1],
    ],
    attributes: { group: 2, strides: [3, 3], pads: [2, 1, 0, 1] },
    note: "padding that is cropped again",
  },
  { inputs: [[2, 3, 9], [4, 3, 3], [4]], attributes: { pads: [2, 1] }, note: "1-D" },
  {
    inputs: [
      [1, 9, 7],
      [2, 9, 3],
    ],
    attributes: { dilations: [2], pads: [1, 1] },
    note: "1-D",
  },
  {
    inputs: [
      [1, 2, 10],
      [3, 2, 4],
    ],
    attributes: { strides: [3] },
    note: "1-D",
  },
  {
    inputs: [
      [1, 4, 9],
      [4, 1, 3],
    ],
    attributes: { group: 4, strides: [2], pads: [1, 1] },
  },
  { inputs: [[1, 2, 3, 4, 3], [2, 2, 2, 3, 2], [2]], attributes: { pads: [1, 0, 1, 0, 1, 0] } },
  {
    inputs: [
      [1, 1, 5, 4, 6],
      [2, 1, 2, 2, 3],
    ],
    attributes: { strides: [2, 1, 3], dilations: [1, 2, 1] },
    note: "3-D",
  },
  {
    inputs: [
      [2, 2, 3, 3, 3],
      [4, 1, 2, 2, 2],
    ],
    attributes: { group: 2, strides: [2, 1, 1] },
  },
  {
    inputs: [fixed(2, 32, 4, 3), [2, 32, 2, 2]],
    attributes: { pads: [1, 1, 1, 1], strides: [2, 1] },
    note: "weights of many channels, small pictures",
  },
  {
    inputs: [fixed(1, 32, 4, 4), [2, 32, 2, 2], [2]],
    attributes: { pads: [1, 1, 0, 0] },
    note: "weights of many channels, one picture",
  },
  { inputs: [fixed(2, 1, 22, 21), [2, 1, 2, 2]], note: "weights, big pictures" },
  { inputs: [fixed(2, 33, 22, 21), [1, 33, 1, 1]], note: "weights, 1 x 1, big pictures" },
];

const convTranspose: readonly GradientRow[] = [
  { inputs: [[2, 3, 4, 3], [3, 2, 3, 2], [2]], note: "bias" },
  {
    inputs: [
      [1, 2, 4, 4],
      [2, 3, 3, 3],
    ],
    attributes: { strides: [2, 2] },
  },
  {
    inputs: [
      [1, 2, 4, 4],
      [2, 3, 3, 3],
    ],
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
  },
  {
    inputs: [
      [1, 2, 3, 4],
      [2, 2, 3, 3],
    ],
    attributes: { strides: [3, 2], pads: [0, 1, 2, 0], output_padding: [2, 0] },
  },
  {
    inputs: [
      [1, 2, 3, 4],
      [2, 2, 2, 3],
    ],
    attributes: { strides: [2, 3], dilations: [3, 2], output_padding: [1, 2], pads: [1, 2, 0, 3] },
  },
  {
    inputs: [
      [1, 2, 3, 4],
      [2, 2, 2, 3],
    ],
    attributes: { dilations: [3, 2], output_padding: [2, 1], pads: [1, 2, 0, 3] },
    withoutOnnxRuntime: "it takes output_padding below the stride only",
  },
  {
    inputs: [
      [1, 2, 3, 3],
      [2, 2, 2, 2],
    ],
    attributes: { strides: [3, 3] },
    note: "gaps",
  },
  {
    inputs: [
      [1, 2, 3, 3],
      [2, 1, 3, 3],
    ],
    attributes: { strides: [2, 2], output_shape: [6, 7] },
  },
  {
    inputs: [
      [1, 2, 3, 3],
      [2, 1, 3, 3],
    ],
    attributes: { strides: [2, 2], output_shape: [6, 5], auto_pad: "SAME_UPPER" },
  },
  {
    inputs: [
      [1, 2, 3, 4],
      [2, 2, 3, 3],
    ],
    attributes: { strides: [2, 2], auto_pad: "SAME_UPPER" },
  },
  {
    inputs: [
      [1, 2, 3, 4],
      [2, 2, 4, 3],
    ],
    attributes: { strides: [2, 2], auto_pad: "SAME_LOWER" },
  },
  {
    inputs: [
      [1, 2, 3, 4],
      [2, 2, 3, 3],
    ],
    attributes: { auto_pad: "VALID", strides: [2, 1] },
  },
  { inputs: [[1, 4, 3, 3], [4, 2, 3, 3], [4]], attributes: { group: 2, strides: [2, 2] } },
  {
    inputs: [
      [2, 3, 3, 4],
      [3, 1, 3, 3],
    ],
    attributes: { group: 3, strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
    note: "depthwise",
  },
  { inputs: [[1, 2, 5], [2, 3, 4], [3]], attributes: { strides: [2], pads: [1, 2] }, note: "1-D" },
  {
    inputs: [
      [1, 2, 2, 3, 2],
      [2, 1, 2, 2, 3],
    ],
    attributes: { strides: [2, 1, 2], pads: [0, 1, 0, 1, 0, 1] },
    note: "3-D",
  },
];

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  Conv: [...alsoConstant(conv), ...phases],
  ConvTranspose: convTranspose,
};

/** Rows of operators that have no gradient, or that only the interpreter's version is about. */
export const forwardRows: ForwardRows = {};
