/** @file What is checked of the normalization family. */
import type { ForwardRows, GradientRows, InputSpec } from "../row.ts";

const variance = (size: number): InputSpec => ({ dims: [size], low: 0.5, high: 2 });
const constant = (size: number, low = -1, high = 1): InputSpec => ({
  dims: [size],
  low,
  high,
  constant: true,
});

/** The parameters of a BatchNormalization, all but the picture. */
const parameters = (size: number): readonly InputSpec[] => [
  { dims: [size] },
  { dims: [size] },
  { dims: [size] },
  variance(size),
];
const constants = (size: number): readonly InputSpec[] =>
  parameters(size).map((input) => ({ ...input, constant: true }));

const training = { training_mode: 1, momentum: 0.7 };

export const gradientRows: GradientRows = {
  BatchNormalization: [
    { inputs: [[2, 3, 2, 2], ...parameters(3)] },
    { inputs: [[2, 3], ...parameters(3)], attributes: { epsilon: 0.1 }, note: "no space" },
    { inputs: [[2, 2, 2, 1, 3], ...parameters(2)], note: "three axes" },
    { inputs: [[1, 1, 3], ...parameters(1)], note: "one channel" },
    { inputs: [[2, 2, 3], ...constants(2)], note: "constant parameters" },
    {
      inputs: [[2, 2, 3], ...constants(2)],
      attributes: { epsilon: 0.5 },
      note: "constant parameters",
    },
    { inputs: [{ dims: [2, 2, 3], constant: true }, ...parameters(2)], note: "parameters alone" },
    {
      inputs: [[2, 2, 3], ...parameters(2).slice(0, 3), { ...variance(2), constant: true }],
      note: "constant variance alone",
    },
    {
      inputs: [[3, 2, 2, 2], ...parameters(2)],
      attributes: training,
      outputs: 3,
      note: "training",
    },
    { inputs: [[4, 3], ...parameters(3)], attributes: training, outputs: 3, note: "training" },
    {
      inputs: [[2, 2, 3], ...parameters(2).slice(0, 2), ...constants(2).slice(2)],
      attributes: { training_mode: 1, epsilon: 0.1 },
      outputs: [true, false, false],
      note: "training, running statistics left out",
      withoutOnnxRuntime: "it writes the running statistics whether they are there or not",
    },
  ],
  GroupNormalization: [
    { inputs: [[2, 4, 2, 3], [4], [4]], attributes: { num_groups: 2 } },
    { inputs: [[1, 3, 4], [3], [3]], attributes: { num_groups: 3, epsilon: 0.01 } },
    { inputs: [[2, 4, 2], [4], [4]], attributes: { num_groups: 1 } },
    { inputs: [[1, 4, 1, 2, 2], [4], [4]], attributes: { num_groups: 2 }, note: "three axes" },
    { inputs: [[2, 6], [6], [6]], attributes: { num_groups: 2 }, note: "no space" },
    {
      inputs: [[1, 4, 3], constant(4), constant(4)],
      attributes: { num_groups: 2 },
      note: "constant parameters",
    },
  ],
  InstanceNormalization: [
    { inputs: [[2, 3, 2, 3], [3], [3]] },
    { inputs: [[2, 2, 5], [2], [2]], attributes: { epsilon: 0.1 }, note: "one axis" },
    { inputs: [[1, 2, 2, 2, 2], [2], [2]], note: "three axes" },
    { inputs: [[1, 2, 3, 2], constant(2), constant(2)], note: "constant parameters" },
  ],
  LayerNormalization: [
    { inputs: [[2, 3, 4], [4], [4]] },
    { inputs: [[2, 3, 4], [4], [4]].map((dims) => ({ dims, type: "float64" })) },
    { inputs: [[2, 3, 4], [4]], note: "no bias" },
    { inputs: [[2, 3, 4], [4], null], note: "bias left out" },
    {
      inputs: [
        [2, 3, 4],
        [3, 4],
        [3, 4],
      ],
      attributes: { axis: 1 },
    },
    {
      inputs: [
        [2, 1, 3, 2],
        [3, 2],
        [3, 2],
      ],
      attributes: { axis: -2 },
    },
    {
      inputs: [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      attributes: { axis: 0 },
      outputs: 3,
    },
    { inputs: [[2, 5], [5], [5]], attributes: { epsilon: 0.1 }, outputs: 3, note: "statistics" },
    { inputs: [[2, 5], [5], [5]], outputs: 2, note: "mean" },
    { inputs: [[2, 5], [5], [5]], outputs: [true, false, true], note: "deviation" },
    { inputs: [[2, 5], [5], [5]], attributes: { stash_type: 1 } },
    { inputs: [[3, 4], constant(4), constant(4)], note: "constant parameters" },
    { inputs: [{ dims: [3, 4], constant: true }, [4], [4]], note: "parameters alone" },
  ],
  LpNormalization: [
    { inputs: [[2, 4]] },
    { inputs: [[2, 3, 2]], attributes: { axis: 1 } },
    { inputs: [{ dims: [2, 4], away: [0] }], attributes: { p: 1 } },
    { inputs: [{ dims: [2, 3, 2], away: [0] }], attributes: { p: 1, axis: -2 } },
    { inputs: [[3, 4]], attributes: { axis: 0, p: 2 } },
  ],
  MeanVarianceNormalization: [
    { inputs: [[2, 3, 2, 2]] },
    { inputs: [[2, 3, 2, 2]], attributes: { axes: [2, 3] } },
    { inputs: [[2, 2, 3]], attributes: { axes: [0, -1] } },
  ],
};

export const forwardRows: ForwardRows = {};
