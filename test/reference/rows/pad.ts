/** @file What is checked of padding and of blocks of pixels. */
import type { GradientRow, Row } from "../row.ts";
import { ints } from "./integers.ts";

const inMode = (mode: string): readonly GradientRow[] => [
  { inputs: [[3, 4], ints(1, 2, 0, 1)], attributes: { mode } },
  { inputs: [[2, 3, 4], ints(2, 1), null, ints(-2)], attributes: { mode }, note: "one axis" },
  {
    inputs: [[2, 3, 4, 3], ints(1, 1, 2, 0), null, ints(3, 1)],
    attributes: { mode },
    note: "axes out of order",
  },
  { inputs: [[1, 2, 3, 3], ints(0, 0, 2, 2, 0, 0, 2, 2)], attributes: { mode }, note: "picture" },
  { inputs: [[2, 3], ints(0, 0, 0, 0)], attributes: { mode }, note: "nothing" },
];

export const gradientRows = {
  CenterCropPad: [
    { inputs: [[5, 4], ints(2, 7)] },
    { inputs: [[4, 5], ints(7, 2)] },
    { inputs: [[2, 3, 4], ints(6, 1)], attributes: { axes: [1, -1] } },
  ],
  Col2Im: [
    { inputs: [[1, 4, 4], ints(3, 3), ints(2, 2)] },
    {
      inputs: [[2, 18, 9], ints(5, 5), ints(3, 3)],
      attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
    },
    {
      inputs: [[1, 4, 4], ints(4, 5), ints(2, 2)],
      attributes: { dilations: [2, 1], strides: [1, 3] },
    },
    { inputs: [[1, 6, 4], ints(6), ints(3)], note: "a line" },
  ],
  DepthToSpace: [
    { inputs: [[2, 8, 2, 3]], attributes: { blocksize: 2 } },
    { inputs: [[1, 9, 1, 2]], attributes: { blocksize: 3 } },
    { inputs: [[1, 8, 2, 3]], attributes: { blocksize: 2, mode: "CRD" } },
  ],
  Pad: [
    ...["constant", "reflect", "edge", "wrap"].flatMap(inMode),
    { inputs: [[1, 7], ints(0, 3, 0, 2)], attributes: { mode: "reflect" }, note: "one side each" },
    { inputs: [[3, 4], ints(1, -1, -1, 2)], note: "negative pads crop" },
    { inputs: [[3, 4], ints(-1, 0, -1, -3)], note: "all crop" },
    { inputs: [[3, 4], ints(1, -1, -1, 2)], attributes: { mode: "reflect" }, note: "crop" },
    { inputs: [[3, 4], ints(1, -1, -1, 2)], attributes: { mode: "edge" }, note: "crop" },
    {
      inputs: [[2, 2], ints(1, 0, 1, 1), { dims: [], values: [0.7] }],
      note: "gradient of the value",
    },
    {
      inputs: [[2, 3], ints(1, -1, 0, 1), { dims: [], values: [-0.3] }],
      note: "value and crop",
    },
    {
      inputs: [[2, 3], ints(2, -1), { dims: [], values: [0.4], constant: true }, ints(1)],
      note: "constant value",
    },
  ],
  SpaceToDepth: [
    { inputs: [[1, 2, 4, 6]], attributes: { blocksize: 2 } },
    { inputs: [[2, 1, 3, 6]], attributes: { blocksize: 3 } },
  ],
} satisfies Record<string, readonly Row[]>;
