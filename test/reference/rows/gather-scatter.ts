/** @file What is checked of reading and writing at indices. */
import type { GradientRow, InputSpec, Row } from "../row.ts";
import { indices } from "./integers.ts";

const flags = (...values: readonly number[]): InputSpec => ({
  dims: [values.length],
  type: "bool",
  values,
});

const compress: readonly GradientRow[] = [
  { inputs: [[3, 2], flags(0, 1, 1)], attributes: { axis: 0 } },
  { inputs: [[2, 4, 2], flags(1, 0, 0, 1)], attributes: { axis: -2 } },
  { inputs: [[4, 2], flags(1, 0)], attributes: { axis: 0 }, note: "flags for the first ones only" },
  { inputs: [[2, 2], flags(1, 0, 1)], note: "flattened" },
];

const gather: readonly GradientRow[] = [
  { inputs: [[4, 3], indices([], [2])], note: "one index" },
  { inputs: [[3, 2, 4], indices([], [-1])], attributes: { axis: 2 }, note: "one from behind" },
  { inputs: [[4, 3], indices([2], [1, 2])], note: "a run" },
  { inputs: [[4, 3], indices([4], [0, 1, 2, 3])], note: "everything" },
  { inputs: [[4, 3], indices([3], [3, 0, -3])], note: "each once" },
  { inputs: [[2, 3], indices([3], [1, 2, 0])], attributes: { axis: 1 }, note: "a permutation" },
  {
    inputs: [[2, 4, 3], indices([2, 2], [3, 1, 1, 0])],
    attributes: { axis: 1 },
    note: "repeated",
  },
  {
    inputs: [[2, 3], indices([6], [0, 0, 1, 1, 2, 2])],
    attributes: { axis: 1 },
    note: "all twice in a row",
  },
  {
    inputs: [[3, 2], indices([6], [0, 1, 2, 2, 1, 0])],
    note: "all twice",
  },
  { inputs: [[2, 5], indices([3], [4, 4, 4])], attributes: { axis: 1 }, note: "one, thrice" },
  { inputs: [[3, 2], indices([2, 0], [])], note: "nothing" },
  { inputs: [[2, 3], indices([3], [0, 0, -1], false)], attributes: { axis: -1 }, note: "fed" },
  { inputs: [[4, 3], indices([], [1], false)], note: "one, fed" },
  {
    inputs: [[3, 2, 2], indices([2, 2], [2, 0, 2, 1], false)],
    attributes: { axis: 0 },
    note: "fed, two axes",
  },
  { inputs: [[4, 2], { dims: [3], type: "int32", values: [1, 1, 3] }], note: "int32" },
];

const gatherElements: readonly GradientRow[] = [
  { inputs: [[3, 3], indices([2, 3], [0, 2, 0, 2, 2, -1])], note: "repeated" },
  { inputs: [[2, 3], indices([2, 2], [0, 0, 2, 1])], attributes: { axis: 1 } },
  { inputs: [[2, 3, 2], indices([1, 2, 2], [2, 0, 2, 1])], attributes: { axis: -2 } },
  { inputs: [[5], indices([3], [4, 4, 1], false)], note: "fed" },
];

const gatherND: readonly GradientRow[] = [
  { inputs: [[3, 4], indices([2, 2], [0, 1, 2, -1])] },
  { inputs: [[3, 4], indices([3, 1], [1, 1, -1])], note: "slices, repeated" },
  { inputs: [[2, 3, 4], indices([2, 2, 1], [1, 0, 2, 2])], attributes: { batch_dims: 1 } },
  {
    inputs: [[2, 2, 3, 2], indices([2, 2, 1], [1, -1, 2, 0])],
    attributes: { batch_dims: 2 },
    note: "two batch axes",
  },
  { inputs: [[2, 3, 4], indices([2, 1, 2], [1, 0, 0, 2])], note: "middle slices" },
  { inputs: [[3, 4], indices([3, 2], [0, 1, 0, 1, -1, -4], false)], note: "fed, repeated" },
  {
    inputs: [[2, 3, 2], indices([2, 2, 1], [1, -2, 0, 2], false)],
    attributes: { batch_dims: 1 },
    note: "fed, in batches",
  },
];

const reductions = ["add", "mul", "max", "min"] as const;

const scatterElements: readonly GradientRow[] = [
  { inputs: [[3, 3], indices([2, 3], [0, 1, 2, 2, 0, 1]), [2, 3]], note: "written" },
  { inputs: [[2, 4], indices([2, 2], [1, -1, 0, 2]), [2, 2]], attributes: { axis: 1 } },
  { inputs: [[3, 2, 2], indices([2, 1, 2], [1, 0, 1, 0]), [2, 1, 2]], attributes: { axis: -2 } },
  ...reductions.flatMap((reduction): GradientRow[] => [
    {
      inputs: [[2, 4], indices([2, 3], [1, 1, 3, 0, 0, 0]), [2, 3]],
      attributes: { axis: 1, reduction },
      note: "repeated",
    },
    {
      inputs: [[4, 2], indices([2, 2], [-1, 2, 0, 1], false), [2, 2]],
      attributes: { reduction },
      note: "fed",
    },
  ]),
];

const scatterND: readonly GradientRow[] = [
  { inputs: [[4, 3], indices([2, 1], [1, -1]), [2, 3]] },
  { inputs: [[3, 3], indices([2, 2], [0, 1, 2, -1]), [2]], note: "elements" },
  { inputs: [[2, 3, 2], indices([1, 2, 1], [1, 0]), [1, 2, 3, 2]], note: "index axes" },
  ...reductions.flatMap((reduction): GradientRow[] => [
    {
      inputs: [[4, 2], indices([3, 1], [1, 1, 0]), [3, 2]],
      attributes: { reduction },
      note: "repeated",
    },
    {
      inputs: [[2, 3, 2], indices([2, 2], [1, -1, 0, 1], false), [2, 2]],
      attributes: { reduction },
      note: "fed",
    },
  ]),
];

/** Products with factors of zero, which central differences can judge: they are no kinks. */
const zeroFactors: GradientRow = {
  inputs: [
    { dims: [4], values: [0, 2, -1, 3] },
    indices([5], [0, 1, 1, 2, 2]),
    { dims: [5], values: [2, 0, 3, 0, 0] },
  ],
  attributes: { reduction: "mul" },
  note: "factors of zero",
};

export const gradientRows = {
  Compress: compress,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: [...scatterElements, zeroFactors],
  ScatterND: scatterND,
} satisfies Record<string, readonly Row[]>;
