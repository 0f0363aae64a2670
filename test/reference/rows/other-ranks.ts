/** @file What is checked of operators on signals [N, C, T] and volumes [N, C, D, H, W]: the same calls along one axis and three. */
import type { GradientRow, GradientRows, InputSpec } from "../row.ts";
import { distinct, fixed, nonzero } from "./inputs.ts";
import { ints } from "./integers.ts";

/** Numbers for each side: T of signals; D, H and W of volumes. */
type EachSide = (axis: number) => number;

/** The same calls along one axis and along three. */
function both(rows: (sides: number) => readonly GradientRow[]): readonly GradientRow[] {
  return [1, 3].flatMap((sides) =>
    rows(sides).map((row) => ({
      ...row,
      note: `${sides === 1 ? "signal" : "volume"}${row.note ? `, ${row.note}` : ""}`,
    })),
  );
}

function each(sides: number, value: number | EachSide): number[] {
  return Array.from({ length: sides }, (_, i) => (typeof value === "number" ? value : value(i)));
}

/** Short sides of volumes, so that a difference of each number takes no long. */
const size = (sides: number): number[] => (sides === 1 ? [9] : [3, 3, 4]);

const uneven = (sides: number) => [
  ...each(sides, (i) => i % 2),
  ...each(sides, (i) => (i + 1) % 2),
];

const conv = both((sides) => [
  {
    inputs: [[1, 2, ...size(sides)], [2, 2, ...each(sides, 2)], [2]],
    attributes: { pads: each(2 * sides, 1) },
  },
  {
    inputs: [
      [1, 4, ...size(sides)],
      [4, 2, ...each(sides, 2)],
    ],
    attributes: { group: 2, strides: each(sides, 2) },
    note: "groups",
  },
  {
    inputs: [
      [1, 3, ...size(sides)],
      [6, 1, ...each(sides, 2)],
    ],
    attributes: { group: 3, pads: uneven(sides) },
    note: "depthwise with multiplier",
  },
  {
    inputs: [[1, 2, ...size(sides)], fixed(2, 2, ...each(sides, 2))],
    attributes: { dilations: each(sides, 2) },
    note: "dilated, constant kernel",
  },
  {
    inputs: [[1, 2, ...size(sides)], fixed(2, 2, ...each(sides, 2))],
    attributes: { auto_pad: "SAME_UPPER", strides: each(sides, 2) },
    note: "same size",
  },
  {
    inputs: [[1, 9, ...each(sides, 3)], fixed(2, 9, ...each(sides, 2))],
    attributes: { pads: each(2 * sides, 1) },
    note: "more channels in than out",
  },
  {
    inputs: [
      [1, 3, ...size(sides)],
      [2, 3, ...each(sides, 1)],
    ],
    note: "one place",
  },
]);

const convTranspose = both((sides) => [
  {
    inputs: [[1, 2, ...each(sides, 3)], [2, 3, ...each(sides, 2)], [3]],
    attributes: { strides: each(sides, 2) },
  },
  {
    inputs: [
      [1, 4, ...each(sides, 3)],
      [4, 1, ...each(sides, 2)],
    ],
    attributes: { group: 2, pads: each(2 * sides, 1) },
    note: "groups",
  },
  {
    inputs: [[1, 2, ...each(sides, 3)], fixed(2, 2, ...each(sides, 3))],
    attributes: {
      strides: each(sides, 2),
      output_padding: each(sides, 1),
      pads: each(2 * sides, 1),
    },
    note: "padding of the output",
  },
]);

const windows = (input: (...dims: number[]) => InputSpec) =>
  both((sides) => [
    {
      inputs: [input(2, 2, ...size(sides))],
      attributes: { kernel_shape: each(sides, 2), strides: each(sides, 2) },
    },
    {
      inputs: [input(1, 2, ...size(sides))],
      attributes: { kernel_shape: each(sides, 3), pads: each(2 * sides, 1) },
      note: "overlapping",
    },
    {
      inputs: [input(1, 2, ...size(sides))],
      attributes: {
        kernel_shape: each(sides, 2),
        strides: each(sides, 2),
        pads: uneven(sides),
        ceil_mode: 1,
      },
      note: "uneven",
    },
    {
      inputs: [input(1, 2, ...size(sides))],
      attributes: { kernel_shape: each(sides, 2), auto_pad: "SAME_LOWER" },
      note: "same size",
    },
  ]);

const parameters = (channels: number): readonly InputSpec[] => [
  { dims: [channels] },
  { dims: [channels] },
  { dims: [channels] },
  { dims: [channels], low: 0.5, high: 2 },
];

const scales = (sides: number, scale: number): InputSpec => {
  return { dims: [2 + sides], values: [1, 1, ...each(sides, scale)], constant: true };
};

const resize = both((sides) =>
  ["half_pixel", "align_corners", "asymmetric"].flatMap((coordinate_transformation_mode) =>
    [
      ["nearest", 2],
      ["linear", 2],
      ["linear", 0.6],
    ].map(([mode, scale]) => ({
      inputs: [[1, 2, ...each(sides, (i) => 4 - i)], null, scales(sides, scale as number)],
      attributes: { mode: mode as string, coordinate_transformation_mode, nearest_mode: "floor" },
    })),
  ),
);

const pads = (sides: number) =>
  ints(0, 0, ...each(sides, 1), 0, 0, ...each(sides, (i) => (i === 0 ? 2 : 0)));

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  AveragePool: [
    ...windows((...dims) => ({ dims })),
    ...both((sides) => [
      {
        inputs: [[1, 2, ...size(sides)]],
        attributes: {
          kernel_shape: each(sides, 3),
          pads: each(2 * sides, 1),
          count_include_pad: 1,
        },
        note: "pads count",
      },
    ]),
  ],
  BatchNormalization: both((sides) => [{ inputs: [[2, 2, ...each(sides, 2)], ...parameters(2)] }]),
  Conv: conv,
  ConvTranspose: convTranspose,
  GlobalAveragePool: both((sides) => [{ inputs: [[2, 3, ...size(sides)]] }]),
  GlobalLpPool: both((sides) => [
    { inputs: [nonzero(1, 2, ...size(sides))], attributes: { p: 2 } },
  ]),
  GlobalMaxPool: both((sides) => [{ inputs: [distinct(2, 2, ...size(sides))] }]),
  GroupNormalization: both((sides) => [
    { inputs: [[1, 4, ...each(sides, 3)], [4], [4]], attributes: { num_groups: 2 } },
  ]),
  InstanceNormalization: both((sides) => [{ inputs: [[2, 3, ...each(sides, 3)], [3], [3]] }]),
  LRN: both((sides) => [
    {
      inputs: [[1, 5, ...each(sides, 2)]],
      attributes: { size: 3, alpha: 0.4, beta: 0.6 },
      withoutOnnxRuntime: "it takes pictures alone",
    },
  ]),
  LogSoftmax: both((sides) =>
    [1, -1].map((axis) => ({ inputs: [[2, 3, ...each(sides, 2)]], attributes: { axis } })),
  ),
  LpPool: windows(nonzero),
  MaxPool: windows(distinct),
  MeanVarianceNormalization: both((sides) => [
    { inputs: [[2, 2, ...each(sides, 3)]], attributes: { axes: each(sides, (i) => i + 2) } },
  ]),
  PRelu: both((sides) => [{ inputs: [nonzero(1, 3, ...size(sides)), [3, ...each(sides, 1)]] }]),
  Pad: both((sides) =>
    ["constant", "reflect", "edge"].map((mode) => ({
      inputs: [[1, 2, ...each(sides, 3)], pads(sides)],
      attributes: { mode },
    })),
  ),
  Resize: resize,
  Softmax: both((sides) =>
    [1, -1].map((axis) => ({ inputs: [[2, 3, ...each(sides, 2)]], attributes: { axis } })),
  ),
};
