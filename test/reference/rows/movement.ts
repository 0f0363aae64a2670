/** @file What is checked of the movement family. */
import type { ForwardRows, GradientRow, GradientRows, InputSpec } from "../row.ts";

const ints = (...values: readonly number[]): InputSpec => ({
  dims: [values.length],
  type: "int64",
  values,
});

const indices = (
  dims: readonly number[],
  values: readonly number[],
  constant = true,
): InputSpec => ({
  dims,
  type: "int64",
  values,
  constant,
});

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
    ...(axes ? [ints(...axes)] : []),
    ...(steps ? [ints(...steps)] : []),
  ],
});

const far = 2 ** 31;

const padded = (mode: string): readonly GradientRow[] => [
  { inputs: [[3, 4], ints(1, 2, 0, 1)], attributes: { mode } },
  { inputs: [[2, 3, 4], ints(2, 1), null, ints(2)], attributes: { mode }, note: "one axis" },
  {
    inputs: [[2, 3, 4, 3], ints(1, 1, 2, 0), null, ints(1, 3)],
    attributes: { mode },
    note: "axes",
  },
];

export const gradientRows: GradientRows = {
  Compress: [
    { inputs: [[3, 2], { dims: [3], type: "bool", values: [0, 1, 1] }], attributes: { axis: 0 } },
    { inputs: [[2, 2], { dims: [3], type: "bool", values: [1, 0, 1] }], note: "flattened" },
  ],
  Concat: [
    {
      inputs: [
        [2, 3],
        [1, 3],
      ],
      attributes: { axis: 0 },
    },
    {
      inputs: [
        [2, 3],
        [2, 1],
        [2, 2],
      ],
      attributes: { axis: -1 },
    },
  ],
  DepthToSpace: [
    { inputs: [[2, 8, 2, 3]], attributes: { blocksize: 2 } },
    { inputs: [[1, 8, 2, 3]], attributes: { blocksize: 2, mode: "CRD" } },
  ],
  Expand: [
    { inputs: [[3, 1], ints(2, 3, 4)] },
    { inputs: [[2, 3], ints(1)], note: "smaller shape" },
    { inputs: [[], ints(2, 2)], note: "scalar" },
  ],
  Flatten: [
    { inputs: [[2, 3, 4]] },
    { inputs: [[2, 3, 4]], attributes: { axis: 0 } },
    { inputs: [[2, 3, 4]], attributes: { axis: -1 } },
  ],
  Gather: [
    { inputs: [[4, 3], indices([], [2])], note: "one index" },
    { inputs: [[4, 3], indices([2], [1, 2])], note: "a run" },
    { inputs: [[4, 3], indices([3], [3, 0, -3])], note: "each once" },
    {
      inputs: [[2, 4, 3], indices([2, 2], [3, 1, 1, 0])],
      attributes: { axis: 1 },
      note: "repeated",
    },
    { inputs: [[2, 3], indices([3], [0, 0, 2], false)], attributes: { axis: -1 }, note: "fed" },
  ],
  GatherElements: [
    { inputs: [[3, 3], indices([2, 3], [0, 2, 0, 2, 2, -1])], note: "repeated" },
    { inputs: [[2, 3], indices([2, 2], [0, 0, 2, 1])], attributes: { axis: 1 } },
  ],
  GatherND: [
    { inputs: [[3, 4], indices([2, 2], [0, 1, 2, 3])] },
    { inputs: [[3, 4], indices([3, 1], [1, 1, -1])], note: "slices, repeated" },
    { inputs: [[2, 3, 4], indices([2, 2, 1], [1, 0, 2, 2])], attributes: { batch_dims: 1 } },
  ],
  Pad: [
    ...padded("constant"),
    ...padded("reflect"),
    ...padded("edge"),
    ...padded("wrap"),
    { inputs: [[3, 4], ints(1, -1, -1, 2)], note: "negative pads crop" },
    {
      inputs: [[2, 2], ints(1, 0, 1, 1), { dims: [], values: [0.7] }],
      note: "gradient of the value",
    },
  ],
  Reshape: [
    { inputs: [[2, 6], ints(3, -1)] },
    { inputs: [[2, 6], ints(0, 2, 3)], note: "copied size" },
  ],
  ReverseSequence: [
    { inputs: [[4, 3, 2], ints(2, 4, 1)] },
    { inputs: [[3, 4], ints(2, 4, 1)], attributes: { batch_axis: 0, time_axis: 1 } },
  ],
  ScatterElements: [
    { inputs: [[3, 3], indices([2, 3], [0, 1, 2, 2, 0, 1]), [2, 3]], note: "written" },
    { inputs: [[2, 4], indices([2, 2], [1, -1, 0, 2]), [2, 2]], attributes: { axis: 1 } },
    {
      inputs: [[2, 4], indices([2, 3], [1, 1, 3, 0, 0, 0]), [2, 3]],
      attributes: { axis: 1, reduction: "add" },
      note: "added, repeated",
    },
  ],
  ScatterND: [
    { inputs: [[4, 3], indices([2, 1], [1, 3]), [2, 3]] },
    { inputs: [[3, 3], indices([2, 2], [0, 1, 2, 2]), [2]], note: "elements" },
    { inputs: [[4, 2], indices([3, 1], [1, 1, 0]), [3, 2]], attributes: { reduction: "add" } },
  ],
  Slice: [
    sliced([4, 5], [1, 0], [3, 4]),
    sliced([4, 5], [-3], [far], [1]),
    sliced([4, 5], [0], [5], [1], [2]),
    sliced([4, 7], [1], [7], [1], [3]),
    sliced([4, 5], [-1], [-far], [0], [-1]),
    sliced([7, 2], [5], [0], [0], [-2]),
    sliced([2, 3, 4], [1, 0, 3], [2, 3, 0], [0, 1, 2], [1, 2, -1]),
    sliced([3, 3], [2], [2], [0]),
  ],
  SpaceToDepth: [{ inputs: [[1, 2, 4, 6]], attributes: { blocksize: 2 } }],
  Split: [
    { inputs: [[4, 3]], attributes: { num_outputs: 2 }, outputs: 2 },
    { inputs: [[2, 5], ints(1, 3, 1)], attributes: { axis: 1 }, outputs: 3, note: "uneven" },
    {
      inputs: [[2, 5]],
      attributes: { axis: -1, num_outputs: 3 },
      outputs: 3,
      note: "last smaller",
    },
  ],
  Squeeze: [{ inputs: [[1, 3, 1], ints(0)] }, { inputs: [[1, 3, 1]], note: "all" }],
  Tile: [{ inputs: [[2, 3], ints(2, 3)] }, { inputs: [[2, 1, 3], ints(1, 4, 1)] }],
  Transpose: [
    { inputs: [[2, 3, 4]] },
    { inputs: [[2, 3, 4]], attributes: { perm: [1, 2, 0] } },
    { inputs: [[2, 3, 2, 2]], attributes: { perm: [0, 2, 3, 1] } },
  ],
  Trilu: [
    { inputs: [[3, 4]] },
    { inputs: [[2, 3, 3], indices([], [1])], attributes: { upper: 0 } },
  ],
  Unsqueeze: [{ inputs: [[2, 3], ints(0, 3)] }, { inputs: [[2, 3], ints(-1)] }],
};

export const forwardRows: ForwardRows = {
  ConstantOfShape: [
    { inputs: [ints(2, 3)] },
    {
      inputs: [ints(2)],
      attributes: { value: { type: "float32", dims: [1], data: Float32Array.of(1.5) } },
    },
  ],
  EyeLike: [{ inputs: [[3, 4]], attributes: { k: 1 } }],
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
  ],
  ScatterElements: [
    {
      inputs: [[2, 3], indices([2, 1], [1, 1]), [2, 1]],
      attributes: { axis: 1, reduction: "mul" },
    },
    {
      inputs: [[2, 3], indices([2, 1], [1, 0]), [2, 1]],
      attributes: { axis: 1, reduction: "max" },
    },
  ],
  Shape: [{ inputs: [[2, 3, 4]] }, { inputs: [[2, 3, 4]], attributes: { start: 1, end: -1 } }],
  Size: [{ inputs: [[2, 3, 4]] }],
  Unique: [{ inputs: [{ dims: [5], values: [2, 1, 2, 3, 1] }], outputs: 4 }],
};
