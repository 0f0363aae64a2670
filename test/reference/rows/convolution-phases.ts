/** @file What is checked of input gradients of strided convolutions that go by phases. */
import type { GradientRow } from "../row.ts";
import { fixed } from "./inputs.ts";

/** Strides and constant weights of so many channels that the rule goes by phases; their weights have no gradient here. */
export const phases: readonly GradientRow[] = [
  {
    inputs: [[1, 16, 4, 6], fixed(2, 16, 3, 3)],
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1] },
    note: "phases",
  },
  {
    inputs: [[2, 16, 3, 4], fixed(2, 16, 3, 2)],
    attributes: { strides: [1, 3], pads: [0, 1, 1, 0] },
    note: "phases",
  },
  {
    inputs: [[1, 16, 5, 4], fixed(2, 16, 1, 2)],
    attributes: { strides: [4, 1], pads: [1, 1, 1, 0] },
    note: "phases that nothing reads",
  },
  {
    inputs: [[1, 32, 3, 3], fixed(32, 16, 3, 3)],
    attributes: { strides: [2, 1], pads: [1, 1, 0, 1], group: 2 },
    note: "phases",
  },
  {
    inputs: [[1, 3, 10, 9], fixed(2, 3, 7, 7)],
    attributes: { strides: [2, 2], pads: [3, 3, 3, 3] },
    note: "phases of a picture",
  },
  {
    inputs: [[1, 2, 11, 9], fixed(2, 2, 5, 5)],
    attributes: { strides: [1, 4], pads: [2, 0, 1, 1] },
    note: "phases of a picture",
  },
  {
    inputs: [[1, 2, 13, 7], fixed(3, 2, 13, 2)],
    attributes: { strides: [1, 3], pads: [1, 0, 1, 1] },
    note: "phases of a picture",
  },
  {
    inputs: [[1, 2, 10, 5], fixed(2, 2, 5, 5)],
    attributes: { strides: [5, 5] },
    note: "too many phases",
  },
];
