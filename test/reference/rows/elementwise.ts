/** @file What is checked of the elementwise family. */
import type { ForwardRows, GradientRow, GradientRows, InputSpec, Row } from "../row.ts";

/** A row of a one-input function on [low, high], away from its kinks. */
function on(low: number, high: number, away: readonly number[] = []): GradientRow {
  return { inputs: [{ dims: [2, 3, 4], low, high, away }] };
}

const broadcasts: readonly GradientRow[] = [
  {
    inputs: [
      [2, 3, 4],
      [2, 3, 4],
    ],
  },
  { inputs: [[2, 3, 4], [4]], note: "last axis" },
  {
    inputs: [
      [3, 1],
      [2, 1, 4],
    ],
    note: "both sides spread",
  },
  { inputs: [[2, 3], []], note: "scalar on the right" },
  { inputs: [[], [2, 3]], note: "scalar on the left" },
  {
    inputs: [
      [1, 1, 3],
      [2, 3],
    ],
    note: "axes of size 1 in front",
  },
];

/** Operands that keep away from zero. */
const positive = (dims: readonly number[]): InputSpec => ({ dims, low: 0.3, high: 2 });

/** Operands whose elements are all different, also between the operands. */
const interleaved = (dims: readonly number[], shift: number): InputSpec => ({
  dims,
  spaced: true,
  low: -2 + shift,
  high: 2 + shift,
});

const extremes: readonly GradientRow[] = [
  { inputs: [interleaved([2, 3], 0), interleaved([2, 3], 0.1)] },
  { inputs: [interleaved([2, 3], 0), interleaved([3], 0.1)], note: "spread" },
  { inputs: [interleaved([2, 3], 0), interleaved([], 0.1)], note: "scalar" },
  { inputs: [interleaved([4], 0)], note: "one operand" },
  {
    inputs: [interleaved([2, 1, 3], 0), interleaved([2, 3], 0.1), interleaved([3], 0.2)],
    note: "three operands",
  },
];

const variadic: readonly GradientRow[] = [
  { inputs: [[2, 3]] },
  {
    inputs: [
      [2, 3],
      [2, 3],
    ],
  },
  { inputs: [[2, 3], [3], [4, 1, 1]], note: "spread" },
];

const float64 = 11;
const int32 = 6;
const bool = 9;

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  Abs: [on(-2, 2, [0])],
  Acos: [on(-0.9, 0.9)],
  Acosh: [on(1.2, 4)],
  Add: broadcasts,
  Asin: [on(-0.9, 0.9)],
  Asinh: [on(-3, 3)],
  Atan: [on(-3, 3)],
  Atanh: [on(-0.9, 0.9)],
  Cast: [
    { inputs: [[2, 3]], attributes: { to: 1 } },
    { inputs: [[2, 3]], attributes: { to: float64 } },
    { inputs: [{ dims: [2, 3], type: "float64" }], attributes: { to: 1 } },
  ],
  CastLike: [{ inputs: [[2, 3], { dims: [1], type: "float64", constant: true }] }],
  Clip: [
    { inputs: [{ dims: [3, 4], away: [-0.5, 1] }, scalarConstant(-0.5), scalarConstant(1)] },
    { inputs: [{ dims: [3, 4], away: [-0.5] }, scalarConstant(-0.5)], note: "no upper bound" },
    { inputs: [{ dims: [3, 4], away: [1] }, null, scalarConstant(1)], note: "no lower bound" },
    { inputs: [[3, 4]], note: "no bounds" },
    {
      inputs: [
        { dims: [3, 4], away: [-0.5, 1] },
        { dims: [], values: [-0.5] },
        { dims: [], values: [1] },
      ],
      note: "gradients of the bounds",
    },
  ],
  Cos: [on(-3, 3)],
  Cosh: [on(-2, 2)],
  Div: [
    { inputs: [[2, 3, 4], positive([2, 3, 4])] },
    { inputs: [[2, 3, 4], positive([4])], note: "last axis" },
    { inputs: [[3, 1], positive([2, 1, 4])], note: "both sides spread" },
    { inputs: [[], positive([2, 3])], note: "scalar numerator" },
    { inputs: [[2, 3], { dims: [], low: -2, high: -0.5 }], note: "negative scalar" },
  ],
  Dropout: [
    { inputs: [[2, 3]], note: "inference" },
    { inputs: [[2, 3], scalarConstant(0.7)], outputs: 2, note: "inference with a mask" },
    {
      inputs: [[4, 5], scalarConstant(0.4), { dims: [], type: "bool", values: [1] }],
      outputs: 2,
      note: "training",
      withoutOnnxRuntime: "draws its own mask",
    },
    {
      inputs: [[4, 5], scalarConstant(0), { dims: [], type: "bool", values: [1] }],
      outputs: 2,
      note: "training that drops nothing",
    },
  ],
  Erf: [on(-2, 2)],
  Exp: [on(-2, 2)],
  Identity: [on(-2, 2)],
  Log: [on(0.2, 3)],
  Max: extremes,
  Mean: variadic,
  Min: extremes,
  Mod: [
    {
      inputs: [
        { dims: [2, 4], values: [4.3, -3.1, 2.6, -1.2, 5.5, 0.4, -7.3, 3.9] },
        { dims: [4], values: [1.5, 1.4, -0.9, -0.7] },
      ],
      attributes: { fmod: 1 },
    },
  ],
  Mul: broadcasts,
  Neg: [on(-2, 2)],
  Pow: [
    { inputs: [positive([2, 3]), [2, 3]] },
    { inputs: [positive([2, 3]), [3]], note: "spread exponent" },
    { inputs: [positive([3]), [2, 3]], note: "spread base" },
    { inputs: [[2, 3], scalarConstant(2)], note: "square" },
    { inputs: [[2, 3], scalarConstant(3)], note: "cube of both signs" },
    { inputs: [positive([2, 3]), scalarConstant(0.5)], note: "root" },
    { inputs: [positive([2, 3]), scalarConstant(-1.7)] },
    { inputs: [[2, 3], scalarConstant(1)] },
    { inputs: [[2, 3], scalarConstant(0)] },
    { inputs: [[2, 3], { dims: [], type: "int64", values: [2] }], note: "whole exponent" },
    {
      inputs: [
        { dims: [3], values: [0, -1.5, 2] },
        { dims: [3], values: [0, 2, 3], constant: true },
      ],
      note: "constant exponents, base zero",
    },
    {
      inputs: [[2, 3], { dims: [3], type: "int64", values: [0, 1, 3], constant: false }],
      note: "whole exponents that are fed",
    },
  ],
  Reciprocal: [on(0.3, 2), on(-2, -0.3)],
  Sin: [on(-3, 3)],
  Sinh: [on(-2, 2)],
  Sqrt: [on(0.2, 3)],
  Sub: broadcasts,
  Sum: variadic,
  Tan: [on(-1.2, 1.2)],
  Tanh: [on(-2, 2)],
  Where: [
    { inputs: [{ dims: [2, 3], type: "bool" }, [2, 3], [2, 3]] },
    { inputs: [{ dims: [2, 1], type: "bool" }, [3], []], note: "all spread" },
    { inputs: [{ dims: [2, 3], type: "bool", constant: false }, [2, 3], [1, 3]], note: "fed" },
  ],
};

function scalarConstant(value: number): InputSpec {
  return { dims: [], values: [value], constant: true };
}

const integers = (dims: readonly number[], low: number, high: number): InputSpec => ({
  dims,
  type: "int32",
  low,
  high,
});

const halves: Row = { inputs: [{ dims: [8], values: [-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 1.2] }] };

/** Rows of operators that have no gradient, and of other types than floats. */
export const forwardRows: ForwardRows = {
  Abs: [{ inputs: [integers([6], -5, 5)] }],
  Add: [{ inputs: [integers([6], -5, 5), integers([6], -5, 5)] }],
  Cast: [
    {
      inputs: [{ dims: [6], values: [-2.7, -0.5, 0, 0.5, 1.9, 100.2] }],
      attributes: { to: int32 },
    },
    { inputs: [{ dims: [4], values: [-2.7, 0, 0.3, 1] }], attributes: { to: bool } },
    { inputs: [{ dims: [4], type: "bool" }], attributes: { to: 1 } },
    { inputs: [integers([6], -5, 300)], attributes: { to: 7 } },
    { inputs: [{ dims: [4], type: "int32", values: [-1, 200, 256, 300] }], attributes: { to: 2 } },
  ],
  Ceil: [halves],
  Clip: [
    {
      inputs: [{ dims: [3], values: [-1, 0, 4] }, scalarConstant(3), scalarConstant(1)],
      note: "bounds that cross",
    },
    { inputs: [integers([6], -5, 5), { dims: [], type: "int32", values: [-2] }] },
  ],
  Div: [
    {
      inputs: [
        { dims: [4], type: "int32", values: [7, -7, 7, -7] },
        { dims: [4], type: "int32", values: [2, 2, -2, -2] },
      ],
      note: "whole numbers",
    },
  ],
  Floor: [halves],
  Max: [{ inputs: [integers([6], -5, 5), integers([6], -5, 5)] }],
  Mod: [0, 1].map((fmod) => ({
    inputs: [
      { dims: [6], type: "int32", values: [-4, 7, 5, 4, -7, 8] },
      { dims: [6], type: "int32", values: [2, -3, 8, -2, 3, 5] },
    ],
    attributes: { fmod },
  })),
  Pow: [{ inputs: [integers([6], -3, 3), integers([6], 0, 4)], note: "whole numbers" }],
  Round: [halves],
  Sign: [{ inputs: [{ dims: [4], values: [-2, 0, 0.1, 5] }] }],
  Where: [
    { inputs: [{ dims: [2, 3], type: "bool" }, integers([2, 3], 0, 9), integers([1], 0, 9)] },
  ],
};
