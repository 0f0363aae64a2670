/** @file What is checked of the resampling family. */
import type { AttributeInputs } from "../../../src/graph/builder.ts";
import type { ForwardRows, GradientRow, GradientRows, InputSpec } from "../row.ts";

const scaled = (
  dims: readonly number[],
  scales: readonly number[],
  attributes: AttributeInputs,
): GradientRow => ({
  inputs: [dims, null, { dims: [scales.length], values: scales, constant: true }],
  attributes,
});

const sized = (
  dims: readonly number[],
  sizes: readonly number[],
  attributes: AttributeInputs,
): GradientRow => ({
  inputs: [dims, null, null, { dims: [sizes.length], type: "int64", values: sizes }],
  attributes,
});

const coordinates = [
  "half_pixel",
  "pytorch_half_pixel",
  "align_corners",
  "asymmetric",
  "half_pixel_symmetric",
] as const;

/** A crop that leaves the input below and stays inside it on the right. */
const crop = (
  dims: readonly number[],
  sizes: readonly number[],
  attributes: AttributeInputs,
): GradientRow => ({
  inputs: [
    dims,
    { dims: [8], values: [0, 0, 0.13, -0.17, 1, 1, 1.21, 0.77], constant: true },
    null,
    { dims: [sizes.length], type: "int64", values: sizes },
  ],
  attributes: { coordinate_transformation_mode: "tf_crop_and_resize", ...attributes },
});

const nearestModes = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"] as const;
const interpolating = ["linear", "cubic"] as const;

/** Numbers in -1.3..1.3 off the centres and edges of 3 to 5 pixels, where GridSample has kinks. */
const grid = (dims: readonly number[]): InputSpec => {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const values = Array.from({ length: count }, (_, i) => {
    const place = ((i * 7919) % 1000) / 1000;
    return -1.27 + 2.54 * place;
  });
  return { dims, values: values.map((value) => Math.round(value * 40) / 40 + 0.0093) };
};

const paddings = ["zeros", "border", "reflection"] as const;

/** Every padding with corners aligned and not. */
const gridRows = (
  modes: readonly string[],
  inputs: GradientRow["inputs"],
): readonly GradientRow[] =>
  modes.flatMap((mode) =>
    paddings.flatMap((padding_mode) =>
      [0, 1].map((align_corners) => ({
        inputs,
        attributes: { mode, padding_mode, align_corners },
      })),
    ),
  );

const size = (values: readonly number[]): InputSpec => ({
  dims: [values.length],
  type: "int64",
  values,
});

export const gradientRows: GradientRows = {
  AffineGrid: [
    { inputs: [[2, 2, 3], size([2, 3, 4, 5])] },
    { inputs: [[1, 2, 3], size([1, 3, 3, 2])], attributes: { align_corners: 1 } },
    { inputs: [[1, 2, 3], size([1, 1, 1, 4])], note: "one row" },
    { inputs: [[1, 3, 4], size([1, 2, 2, 3, 4])], note: "three axes" },
    {
      inputs: [[2, 3, 4], size([2, 1, 3, 2, 2])],
      attributes: { align_corners: 1 },
      note: "three axes",
    },
  ],
  GridSample: [
    ...gridRows(["linear", "nearest", "cubic"], [[2, 2, 4, 5], grid([2, 3, 3, 2])]),
    ...gridRows(["linear", "nearest"], [[1, 2, 3, 4, 5], grid([1, 2, 2, 3, 3])]),
    { inputs: [[1, 3, 4, 5], grid([1, 3, 3, 2])], note: "one picture" },
    { inputs: [{ dims: [2, 1, 4, 4], constant: true }, grid([2, 2, 2, 2])], note: "grid alone" },
    {
      inputs: [[2, 1, 4, 4], { ...grid([2, 2, 2, 2]), constant: true }],
      note: "picture alone",
    },
    ...gridRows(["linear"], [[1, 1, 1, 4], grid([1, 2, 3, 2])]),
  ],
  Resize: [
    ...coordinates.flatMap((coordinate_transformation_mode) => [
      ...interpolating.flatMap((mode) => [
        scaled([1, 2, 3, 4], [1, 1, 2, 2], { mode, coordinate_transformation_mode }),
        scaled([1, 1, 4, 5], [1, 1, 0.6, 1.7], { mode, coordinate_transformation_mode }),
        sized([1, 1, 5, 4], [1, 1, 3, 7], { mode, coordinate_transformation_mode }),
        sized([1, 1, 5, 4], [1, 1, 1, 1], { mode, coordinate_transformation_mode }),
      ]),
      ...nearestModes.flatMap((nearest_mode) => [
        scaled([1, 1, 4, 5], [1, 1, 0.7, 1.9], {
          mode: "nearest",
          nearest_mode,
          coordinate_transformation_mode,
        }),
        sized([1, 1, 4, 6], [1, 1, 8, 3], {
          mode: "nearest",
          nearest_mode,
          coordinate_transformation_mode,
        }),
      ]),
    ]),
    ...interpolating.flatMap((mode) => [
      sized([1, 1, 9, 8], [1, 1, 4, 3], { mode, antialias: 1 }),
      sized([1, 1, 9, 4], [1, 1, 4, 7], { mode, antialias: 1, exclude_outside: 1 }),
      scaled([1, 1, 9, 8], [1, 1, 0.4, 0.7], {
        mode,
        antialias: 1,
        coordinate_transformation_mode: "align_corners",
      }),
      sized([1, 2, 4, 4], [7, 3], { mode, axes: [2, 3] }),
      sized([1, 2, 4, 5], [3, 7], { mode, axes: [3, 2] }),
    ]),
    sized([1, 1, 6, 5], [1, 1, 4, 9], { mode: "cubic", exclude_outside: 1, cubic_coeff_a: -0.5 }),
    sized([1, 1, 9, 8], [1, 1, 4, 3], { mode: "cubic", antialias: 1, cubic_coeff_a: -0.5 }),
    ...["not_larger", "not_smaller"].flatMap((keep_aspect_ratio_policy) => [
      sized([1, 1, 4, 6], [7, 8], { mode: "linear", axes: [2, 3], keep_aspect_ratio_policy }),
      sized([1, 1, 5, 6], [3, 5], { mode: "nearest", axes: [2, 3], keep_aspect_ratio_policy }),
      sized([5, 6], [3, 5], { mode: "cubic", keep_aspect_ratio_policy }),
    ]),
    crop([1, 2, 5, 6], [1, 2, 4, 7], { mode: "linear", extrapolation_value: 3 }),
    crop([1, 2, 5, 6], [1, 2, 4, 7], { mode: "nearest", extrapolation_value: 3 }),
    crop([1, 1, 5, 6], [1, 1, 1, 4], { mode: "linear" }),
    sized([4], [7], { mode: "nearest" }),
    scaled([3, 4], [2, 0.5], { mode: "linear" }),
    scaled([2, 3, 4], [1, 2, 1.5], { mode: "linear" }),
    scaled([1, 1, 2, 3, 2], [1, 1, 2, 2, 1.5], { mode: "linear" }),
    scaled([2, 1, 2, 3, 2], [1, 2, 2, 1.5, 1], { mode: "nearest" }),
    scaled([1, 3, 4, 2], [1, 2, 2, 1], { mode: "linear" }),
  ],
};

export const forwardRows: ForwardRows = {};
