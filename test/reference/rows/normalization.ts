/** @file What is checked of the normalization family. */
import type { ForwardRows, GradientRows, InputSpec } from "../row.ts";

const variance = (size: number): InputSpec => ({ dims: [size], low: 0.5, high: 2 });
const constant = (size: number, low = -1, high = 1): InputSpec => ({
  dims: [size],
  low,
  high,
  constant: true,
});

export const gradientRows: GradientRows = {
  BatchNormalization: [
    { inputs: [[2, 3, 2, 2], [3], [3], [3], variance(3)] },
    {
      inputs: [[2, 3], [3], [3], [3], variance(3)],
      attributes: { epsilon: 0.1 },
      note: "no space",
    },
    {
      inputs: [[2, 2, 3], constant(2), constant(2), constant(2), constant(2, 0.5, 2)],
      note: "constant parameters",
    },
    {
      inputs: [[3, 2, 2, 2], [2], [2], [2], variance(2)],
      attributes: { training_mode: 1, momentum: 0.7 },
      outputs: 3,
      note: "training",
    },
  ],
  GroupNormalization: [
    { inputs: [[2, 4, 2, 3], [4], [4]], attributes: { num_groups: 2 } },
    { inputs: [[1, 3, 4], [3], [3]], attributes: { num_groups: 3, epsilon: 0.01 } },
    { inputs: [[2, 4, 2], [4], [4]], attributes: { num_groups: 1 } },
  ],
  InstanceNormalization: [
    { inputs: [[2, 3, 2, 3], [3], [3]] },
    { inputs: [[2, 2, 5], [2], [2]], attributes: { epsilon: 0.1 }, note: "one axis" },
  ],
  LayerNormalization: [
    { inputs: [[2, 3, 4], [4], [4]] },
    { inputs: [[2, 3, 4], [4]], note: "no bias" },
    {
      inputs: [
        [2, 3, 4],
        [3, 4],
        [3, 4],
      ],
      attributes: { axis: 1 },
    },
    { inputs: [[2, 5], [5], [5]], attributes: { epsilon: 0.1 }, outputs: 3, note: "statistics" },
  ],
  LpNormalization: [
    { inputs: [[2, 4]] },
    { inputs: [[2, 3, 2]], attributes: { axis: 1 } },
    { inputs: [{ dims: [2, 4], away: [0] }], attributes: { p: 1 } },
    { inputs: [[3, 4]], attributes: { axis: 0, p: 2 } },
  ],
  MeanVarianceNormalization: [
    { inputs: [[2, 3, 2, 2]] },
    { inputs: [[2, 3, 2, 2]], attributes: { axes: [2, 3] } },
  ],
};

export const forwardRows: ForwardRows = {};
