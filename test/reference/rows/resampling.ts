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

/** Places in -1.3..1.3 that keep away from pixel centres and edges of 4 and 5 pixels. */
const grid = (dims: readonly number[]): InputSpec => {
  const count = dims.reduce((product, dim) => product * dim, 1);
  const values = Array.from({ length: count }, (_, i) => {
    const place = ((i * 7919) % 1000) / 1000;
    return -1.27 + 2.54 * place;
  });
  return { dims, values: values.map((value) => Math.round(value * 40) / 40 + 0.0093) };
};

const gridRow = (attributes: AttributeInputs): GradientRow => ({
  inputs: [[2, 2, 4, 5], grid([2, 3, 3, 2])],
  attributes,
});

const paddings = ["zeros", "border", "reflection"] as const;

export const gradientRows: GradientRows = {
  GridSample: [
    ...["linear", "nearest", "cubic"].flatMap((mode) =>
      paddings.flatMap((padding_mode) =>
        [0, 1].map((align_corners) => gridRow({ mode, padding_mode, align_corners })),
      ),
    ),
    { inputs: [[1, 3, 4, 5], grid([1, 3, 3, 2])], note: "one picture" },
  ],
  Resize: [
    ...coordinates.flatMap((coordinate_transformation_mode) => [
      scaled([1, 2, 3, 4], [1, 1, 2, 2], { mode: "linear", coordinate_transformation_mode }),
      sized([1, 1, 5, 4], [1, 1, 3, 7], { mode: "linear", coordinate_transformation_mode }),
      sized([1, 1, 5, 6], [1, 1, 8, 3], { mode: "cubic", coordinate_transformation_mode }),
      scaled([1, 1, 4, 5], [1, 1, 0.6, 1.7], { mode: "nearest", coordinate_transformation_mode }),
    ]),
    ...["floor", "ceil", "round_prefer_ceil"].map((nearest_mode) =>
      scaled([1, 2, 4, 5], [1, 1, 2, 0.5], { mode: "nearest", nearest_mode }),
    ),
    scaled([1, 2, 3, 3], [1, 1, 2, 3], {
      mode: "nearest",
      nearest_mode: "floor",
      coordinate_transformation_mode: "asymmetric",
    }),
    sized([1, 1, 6, 5], [1, 1, 4, 9], { mode: "cubic", exclude_outside: 1, cubic_coeff_a: -0.5 }),
    sized([1, 1, 9, 8], [1, 1, 4, 3], { mode: "linear", antialias: 1 }),
    sized([1, 1, 9, 8], [1, 1, 4, 3], { mode: "cubic", antialias: 1 }),
    sized([1, 2, 4, 4], [7, 3], { mode: "linear", axes: [2, 3] }),
  ],
};

export const forwardRows: ForwardRows = {};
