/** @file What is checked of the movement family. */
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";
import * as gatherScatter from "./gather-scatter.ts";
import { indices, ints } from "./integers.ts";
import * as pad from "./pad.ts";

const sliced = (
  dims: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  axes?: readonly number[],
  steps?: readonly number[],
): GradientRow => ({
  inputs: [
    dims,
    ints(...starts),
    ints(...ends),
    ...(axes ? [ints(...axes)] : steps ? [null] : []),
    ...(steps ? [ints(...steps)] : []),
  ],
  note: `from ${starts.join()} to ${ends.join()}${axes ? ` of ${axes.join()}` : ""}${steps ? ` by ${steps.join()}` : ""}`,
});

const concat = (axis: number, ...inputs: readonly (readonly number[])[]): GradientRow => ({
  inputs,
  attributes: { axis },
});

const far = 2 ** 31;

export const gradientRows: GradientRows = {
  ...gatherScatter.gradientRows,
  ...pad.gradientRows,
  Concat: [
    concat(0, [2, 3], [1, 3]),
    concat(-1, [2, 3], [2, 1], [2, 2]),
    concat(1, [2, 1, 2], [2, 1, 2], [2, 2, 2], [2, 1, 2], [2, 3, 2]),
    concat(0, [3]),
    {
      inputs: [[2, 2], { dims: [2, 1], constant: true }, [2, 3]],
      attributes: { axis: 1 },
      note: "one of them constant",
    },
    { ...concat(1, [2, 2], [2, 0], [2, 1]), note: "one of them empty" },
  ],
  Expand: [
    { inputs: [[3, 1], ints(2, 3, 4)], note: "new axis" },
    { inputs: [[2, 1, 3], ints(1, 4, 1)], note: "inner axis" },
    { inputs: [[2, 3], ints(1)], note: "smaller shape" },
    { inputs: [[2, 3], ints(2, 3)], note: "the same shape" },
    { inputs: [[], ints(2, 2)], note: "scalar" },
  ],
  Flatten: [
    { inputs: [[2, 3, 4]] },
    { inputs: [[2, 3, 4]], attributes: { axis: 0 } },
    { inputs: [[2, 3, 4]], attributes: { axis: 3 } },
    { inputs: [[2, 3, 4]], attributes: { axis: -1 } },
  ],
  Reshape: [
    { inputs: [[2, 6], ints(3, -1)] },
    { inputs: [[2, 6], ints(0, 2, 3)], note: "copied size" },
    { inputs: [[1, 1], ints()], note: "to a scalar" },
    { inputs: [[0, 3], ints(3, 0)], attributes: { allowzero: 1 }, note: "nothing" },
  ],
  ReverseSequence: [
    { inputs: [[4, 3, 2], ints(2, 4, 1)] },
    { inputs: [[3, 4], ints(2, 4, 1)], attributes: { batch_axis: 0, time_axis: 1 } },
  ],
  Slice: [
    sliced([4, 5], [1, 0], [3, 4]),
    sliced([4, 5], [-3], [far], [1]),
    sliced([4, 5], [-far], [-1], [-1]),
    sliced([4, 5], [0], [5], [1], [2]),
    sliced([4, 7], [1], [7], [1], [3]),
    sliced([2, 4, 6, 2], [1, 0], [far, far], [2, 1], [2, 2]),
    sliced([4, 5], [-1], [-far], [0], [-1]),
    sliced([7, 2], [5], [0], [0], [-2]),
    sliced([3, 6], [far], [1], [1], [-4]),
    sliced([2, 3, 4], [1, 0, 3], [2, 3, 0], [0, 1, 2], [1, 2, -1]),
    sliced([5, 4], [4, 1], [-far, 3], undefined, [-3, 1]),
    sliced([3, 3], [1], [2], [0], [-1]),
    sliced([3, 3], [0], [3], [1]),
    sliced([3, 3], [2], [2], [0]),
    {
      inputs: [
        [3, 4],
        { dims: [1], type: "int32", values: [1] },
        { dims: [1], type: "int32", values: [3] },
      ],
      note: "int32",
    },
  ],
  Split: [
    { inputs: [[4, 3]], attributes: { num_outputs: 2 }, outputs: 2 },
    { inputs: [[2, 5], ints(1, 3, 1)], attributes: { axis: 1 }, outputs: 3, note: "uneven" },
    { inputs: [[2, 3], ints(2, 0, 1)], attributes: { axis: 1 }, outputs: 3, note: "one empty" },
    {
      inputs: [[2, 5]],
      attributes: { axis: -1, num_outputs: 3 },
      outputs: 3,
      note: "last smaller",
    },
    {
      inputs: [[5, 2], ints(1, 2, 2)],
      outputs: 3,
      followedBy: (_, parts) => [parts[1]!],
      note: "one of three read",
    },
    {
      inputs: [[6, 2]],
      attributes: { num_outputs: 3 },
      outputs: 3,
      followedBy: (_, parts) => [parts[0]!, parts[2]!],
      note: "two of three read",
    },
    {
      inputs: [[6, 2]],
      attributes: { num_outputs: 3 },
      outputs: [true, false, true],
      withoutOnnxRuntime: "ONNX Runtime 1.30 crashes where a Split leaves an output out",
    },
    { inputs: [[3, 2]], attributes: { num_outputs: 1 }, outputs: 1, note: "whole" },
  ],
  Squeeze: [
    { inputs: [[1, 3, 1], ints(0)] },
    { inputs: [[1, 3, 1], ints(-1, 0)] },
    { inputs: [[1, 3, 1]], note: "all" },
    { inputs: [[2, 3]], note: "none" },
  ],
  Tile: [
    { inputs: [[2, 3], ints(2, 3)] },
    { inputs: [[2, 1, 3], ints(1, 4, 1)] },
    { inputs: [[2, 3], ints(1, 1)], note: "once" },
  ],
  Transpose: [
    { inputs: [[2, 3, 4]] },
    { inputs: [[2, 3, 4]], attributes: { perm: [1, 2, 0] } },
    { inputs: [[2, 3, 2, 2]], attributes: { perm: [0, 2, 3, 1] } },
    { inputs: [[1, 2, 3, 2, 2, 1]], attributes: { perm: [0, 5, 1, 3, 2, 4] } },
  ],
  Trilu: [
    { inputs: [[3, 4]] },
    { inputs: [[4, 2], indices([], [-1])] },
    { inputs: [[2, 3, 3], indices([], [1])], attributes: { upper: 0 } },
  ],
  Unsqueeze: [
    { inputs: [[2, 3], ints(0, 3)] },
    { inputs: [[2, 3], ints(-1)] },
    { inputs: [[], ints(0)], note: "scalar" },
  ],
};

export const forwardRows: ForwardRows = {
  ConstantOfShape: [
    { inputs: [ints(2, 3)] },
    {
      inputs: [ints(2)],
      attributes: { value: { type: "float32", dims: [1], data: Float32Array.of(1.5) } },
    },
  ],
  EyeLike: [
    { inputs: [[3, 4]], attributes: { k: 1 } },
    { inputs: [[4, 3]], attributes: { k: -2 } },
  ],
  NonZero: [{ inputs: [{ dims: [2, 3], values: [0, 1, 0, 2, 0, 3] }] }],
  OneHot: [
    { inputs: [indices([3], [0, 2, -1]), ints(4), { dims: [2], values: [0, 1] }] },
    {
      inputs: [indices([2, 2], [0, 1, 2, 1]), ints(3), { dims: [2], values: [-1, 5] }],
      attributes: { axis: 1 },
    },
  ],
  Range: [
    { inputs: [indices([], [1]), indices([], [7]), indices([], [2])] },
    { inputs: [indices([], [5]), indices([], [0]), indices([], [-2])], note: "down" },
    { inputs: [indices([], [5]), indices([], [0]), indices([], [1])], note: "nothing" },
  ],
  Shape: [
    { inputs: [[2, 3, 4]] },
    { inputs: [[2, 3, 4]], attributes: { start: 1, end: -1 } },
    { inputs: [[2, 3, 4]], attributes: { start: -2 } },
    { inputs: [[]], note: "scalar" },
  ],
  Size: [{ inputs: [[2, 3, 4]] }],
  Unique: [
    { inputs: [{ dims: [5], values: [2, 1, 2, 3, 1] }], outputs: 4 },
    {
      inputs: [{ dims: [5], values: [2, 1, 2, 3, 1] }],
      attributes: { sorted: 0 },
      outputs: 4,
    },
  ],
};
