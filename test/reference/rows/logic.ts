/** @file What is checked of comparisons, logic and bits. */
import type { ForwardRows, GradientRows, InputSpec, Row } from "../row.ts";

const integers = (dims: readonly number[], low: number, high: number): InputSpec => ({
  dims,
  type: "int32",
  low,
  high,
});

const comparisons: readonly Row[] = [
  {
    inputs: [
      [2, 3],
      [2, 3],
    ],
  },
  { inputs: [integers([4, 5], 0, 3), integers([5], 0, 3)], note: "with equal ones" },
  {
    inputs: [
      { dims: [3], values: [1, 2, 3] },
      { dims: [2, 1], values: [2, 3] },
    ],
  },
];

const truths: readonly Row[] = [
  {
    inputs: [
      { dims: [4, 5], type: "bool" },
      { dims: [4, 5], type: "bool" },
    ],
  },
  {
    inputs: [
      { dims: [2, 3], type: "bool" },
      { dims: [3], type: "bool" },
    ],
    note: "spread",
  },
];

const bits: readonly Row[] = [
  { inputs: [integers([4, 5], -100, 100), integers([5], -100, 100)] },
  {
    inputs: [
      { dims: [6], type: "uint8", low: 0, high: 255 },
      { dims: [6], type: "uint8", low: 0, high: 255 },
    ],
  },
];

const shifts = [
  { dims: [6], type: "uint8", low: 0, high: 255 },
  { dims: [6], type: "uint8", low: 0, high: 7 },
] satisfies readonly InputSpec[];

const specials: InputSpec = {
  dims: [5],
  values: [Number.NaN, Infinity, -Infinity, 0, 3],
};

/** Truths have no gradient. */
export const gradientRows: GradientRows = {};

/** The interpreter against ONNX Runtime. */
export const forwardRows: ForwardRows = {
  And: truths,
  BitShift: [
    { inputs: shifts, attributes: { direction: "LEFT" } },
    { inputs: shifts, attributes: { direction: "RIGHT" } },
  ],
  BitwiseAnd: bits,
  BitwiseNot: [{ inputs: [integers([6], -100, 100)] }],
  BitwiseOr: bits,
  BitwiseXor: bits,
  Equal: [...comparisons, { inputs: truths[0]!.inputs, note: "truths" }],
  Greater: comparisons,
  GreaterOrEqual: comparisons,
  IsInf: [
    { inputs: [specials] },
    { inputs: [specials], attributes: { detect_negative: 0 } },
    { inputs: [specials], attributes: { detect_positive: 0 } },
  ],
  IsNaN: [{ inputs: [specials] }],
  Less: comparisons,
  LessOrEqual: comparisons,
  Not: [{ inputs: [{ dims: [5], type: "bool" }] }],
  Or: truths,
  Xor: truths,
};
