/** @file What is checked of reductions, cumulative sums and orderings. */
import type { AttributeInputs } from "../../../src/graph/builder.ts";
import type { ForwardRows, GradientRow, GradientRows, InputSpec, RowInput } from "../row.ts";

const axes = (...values: number[]): InputSpec => ({
  dims: [values.length],
  type: "int64",
  values,
});

/** Every way to choose axes, over an input of shape [2, 3, 4]. */
function everyWay(x: Omit<InputSpec, "dims"> = {}): readonly GradientRow[] {
  const row = (inputs: readonly RowInput[], attributes: AttributeInputs = {}): GradientRow => ({
    inputs: [{ dims: [2, 3, 4], ...x }, ...inputs],
    attributes,
  });
  return [
    { ...row([]), note: "all axes" },
    row([], { keepdims: 0 }),
    row([axes(1)]),
    row([axes(-1)], { keepdims: 0 }),
    { ...row([axes(0, 2)]), note: "axes apart" },
    { ...row([axes(2, 0)], { keepdims: 0 }), note: "axes out of order" },
    row([axes(1, 2)], { keepdims: 0 }),
    { ...row([axes()]), note: "no axes given" },
    { ...row([axes()], { noop_with_empty_axes: 1 }), note: "nothing to do" },
    { inputs: [{ dims: [5], ...x }, axes(0)], attributes: { keepdims: 0 }, note: "a list" },
  ];
}

const spaced = { spaced: true };
const positive = { low: 0.2, high: 2 };

const cumulative = (exclusive: number, reverse: number): GradientRow => ({
  inputs: [[2, 3, 4], { dims: [], type: "int64", values: [1] }],
  attributes: { exclusive, reverse },
});

const one = (k: number): InputSpec => ({ dims: [1], type: "int64", values: [k] });

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  CumProd: [
    cumulative(0, 0),
    cumulative(1, 0),
    cumulative(0, 1),
    cumulative(1, 1),
    { inputs: [[2, 7, 2], { dims: [], type: "int64", values: [1] }], attributes: { reverse: 1 } },
    { inputs: [[1, 3], { dims: [], type: "int32", values: [0] }], note: "of one" },
    {
      inputs: [
        { dims: [4, 4], values: [2, 0, -1.5, 3, 0, 3, 0, 1, 0, 2, 3, -1, 1, 2, 3, 0] },
        { dims: [], type: "int64", values: [-1] },
      ],
      note: "zeros first, last, one, two",
    },
  ],
  CumSum: [
    cumulative(0, 0),
    cumulative(1, 0),
    cumulative(0, 1),
    cumulative(1, 1),
    { inputs: [[2, 3], { dims: [], type: "int32", values: [-1] }] },
  ],
  ReduceL1: everyWay({ away: [0] }),
  ReduceL2: everyWay({ away: [0] }),
  ReduceLogSum: everyWay(positive),
  ReduceLogSumExp: everyWay(),
  ReduceMax: everyWay(spaced),
  ReduceMean: everyWay(),
  ReduceMin: everyWay(spaced),
  ReduceProd: [
    ...everyWay(),
    {
      inputs: [{ dims: [3, 3], values: [2, 0, -1.5, 0, 3, 0, 1, 2, 3] }, axes(1)],
      note: "one zero, two zeros, none",
    },
  ],
  ReduceSum: everyWay(),
  ReduceSumSquare: everyWay(),
  TopK: [
    { inputs: [{ dims: [2, 5], ...spaced }, one(2)], outputs: 2 },
    {
      inputs: [{ dims: [4, 3], ...spaced }, one(2)],
      attributes: { axis: 0, largest: 0 },
      outputs: 2,
    },
    { inputs: [{ dims: [2, 5, 2], ...spaced }, one(3)], attributes: { axis: 1 }, outputs: 2 },
  ],
};

const tied: InputSpec = { dims: [2, 4], values: [1, 3, 3, 0, 2, 2, 2, 2] };
const argumentRows = [
  { inputs: [[2, 3, 4]], attributes: { axis: 1 } },
  { inputs: [[2, 3, 4]], attributes: { axis: -1, keepdims: 0 } },
  { inputs: [[2, 3]] },
  { inputs: [tied], attributes: { axis: 1 }, note: "ties" },
  { inputs: [tied], attributes: { axis: 1, select_last_index: 1 }, note: "ties" },
];

/** Rows of operators that have no gradient, and of whole numbers. */
export const forwardRows: ForwardRows = {
  ArgMax: argumentRows,
  ArgMin: argumentRows,
  CumSum: [
    {
      inputs: [
        { dims: [5], type: "int32" },
        { dims: [], type: "int64", values: [0] },
      ],
    },
  ],
  ReduceMax: [{ inputs: [{ dims: [2, 3], type: "int32", low: -9, high: 9 }, axes(1)] }],
  ReduceSum: [{ inputs: [{ dims: [2, 3], type: "int32", low: -9, high: 9 }, axes(1)] }],
  TopK: [{ inputs: [tied, one(3)], outputs: 2, note: "ties" }],
};
