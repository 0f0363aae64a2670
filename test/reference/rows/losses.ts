/** @file What is checked of the classification losses. */
import type { AttributeInputs } from "../../../src/graph/builder.ts";
import type { ForwardRows, GradientRow, GradientRows, InputSpec } from "../row.ts";

const labels = (dims: readonly number[], ...values: number[]): InputSpec => ({
  dims,
  type: "int64",
  values,
});
const classWeights: InputSpec = { dims: [3], values: [0.5, 2, 1.2], constant: true };

/** Every reduction, with and without class weights, ignored labels and further axes. */
function everyWay(outputs: number): readonly GradientRow[] {
  const flat = labels([4], 2, 0, 1, 2);
  const deep = labels([2, 2, 2], 2, 0, 1, 2, 1, 1, 0, 2);
  const weighted = (attributes: AttributeInputs): GradientRow => ({
    inputs: [[4, 3], flat, classWeights],
    attributes,
    outputs,
  });
  return [
    { inputs: [[4, 3], flat], outputs },
    { inputs: [[4, 3], flat], attributes: { reduction: "sum" }, outputs },
    { inputs: [[4, 3], flat], attributes: { reduction: "none" }, outputs },
    weighted({}),
    weighted({ reduction: "sum", ignore_index: 0 }),
    weighted({ ignore_index: 2 }),
    {
      inputs: [[4, 3], labels([4], 2, -100, 1, -100)],
      attributes: { ignore_index: -100 },
      outputs,
      note: "ignored labels outside the classes",
    },
    { inputs: [[2, 3, 2, 2], deep], outputs },
    { inputs: [[2, 3, 2, 2], deep, classWeights], attributes: { reduction: "none" }, outputs },
    { inputs: [[2, 3, 2, 2], deep], attributes: { ignore_index: 1 }, outputs },
    { inputs: [[4, 3], { ...flat, type: "int32" }], outputs },
  ];
}

/** A gradient check a row. */
export const gradientRows: GradientRows = {
  NegativeLogLikelihoodLoss: everyWay(1),
  SoftmaxCrossEntropyLoss: [...everyWay(1), ...everyWay(2)],
};

/** Every row has a gradient. */
export const forwardRows: ForwardRows = {};
