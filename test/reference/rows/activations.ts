/** @file What is checked of the activation functions. */
import type { AttributeInputs } from "../../../src/graph/builder.ts";
import type { ForwardRows, GradientRow, GradientRows } from "../row.ts";

/** A row on -4 .. 4, away from the kinks. */
function row(away: readonly number[] = [], attributes: AttributeInputs = {}): GradientRow {
  return { inputs: [{ dims: [2, 3, 4], low: -4, high: 4, away }], attributes };
}

const signed = { dims: [2, 3, 4], away: [0] };

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  Celu: [row(), row([0], { alpha: 0.6 })],
  Elu: [row(), row([0], { alpha: 0.6 })],
  Gelu: [row(), row([], { approximate: "tanh" })],
  HardSigmoid: [row([-2.5, 2.5]), row([-3, 3], { alpha: 1 / 6, beta: 0.5 })],
  HardSwish: [row([-3, 3])],
  LeakyRelu: [row([0]), row([0], { alpha: 0.3 }), row([0], { alpha: -0.5 })],
  Mish: [row()],
  PRelu: [
    { inputs: [signed, [2, 3, 4]] },
    { inputs: [signed, [3, 1]], note: "one slope a channel" },
    { inputs: [signed, [1]], note: "one slope" },
  ],
  Relu: [row([0])],
  Selu: [row([0]), row([0], { alpha: 1.2, gamma: 0.8 })],
  Shrink: [row([-0.5, 0.5]), row([-1, 1], { lambd: 1, bias: 0.4 })],
  Sigmoid: [row()],
  Softplus: [row()],
  Softsign: [row()],
  ThresholdedRelu: [row([1]), row([0.3], { alpha: 0.3 })],
};

const extremes = { inputs: [{ dims: [4], values: [-90, -20, 20, 90] }] };

/** Values where a careless formula overflows. */
export const forwardRows: ForwardRows = {
  Gelu: [extremes],
  Mish: [extremes],
  Sigmoid: [extremes],
  Softplus: [extremes],
};
