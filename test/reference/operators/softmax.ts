/** @file The softmax family and the classification losses of the float64 interpreter. */
import type { AttributeReader } from "../../../src/graph/attributes.ts";
import { at, axisOf, generate, ndarray, positions, type NdArray } from "../ndarray.ts";
import { required, type OperatorTable, type ReferenceOperator } from "../operator.ts";
import { logSumExp } from "./reductions.ts";

/** The elements of the line along `axis` through a position. */
function line(x: NdArray, position: readonly number[], axis: number): number[] {
  return Array.from({ length: x.dims[axis]! }, (_, k) => at(x, position.with(axis, k)));
}

/** Every element from itself and its line along the axis. */
function alongAxis(
  f: (value: number, values: readonly number[], index: number) => number,
): ReferenceOperator {
  return (inputs, attributes) => {
    const x = required(inputs, 0);
    const axis = axisOf(attributes.int("axis", -1), x.dims.length);
    return [
      generate(x.type, x.dims, (position) =>
        f(at(x, position), line(x, position, axis), position[axis]!),
      ),
    ];
  };
}

function logSoftmaxOverClasses(scores: NdArray): NdArray {
  return generate(
    scores.type,
    scores.dims,
    (position) => at(scores, position) - logSumExp(line(scores, position, 1)),
  );
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Negative log-likelihoods of log-probabilities [N, C, d1, ...] at labels [N, d1, ...], then reduced. */
function negativeLogLikelihood(
  logProbabilities: NdArray,
  labels: NdArray,
  classWeights: NdArray | undefined,
  attributes: AttributeReader,
): NdArray {
  const ignored = attributes.has("ignore_index") ? attributes.int("ignore_index") : undefined;
  const losses: number[] = [];
  const weights: number[] = [];
  for (const position of positions(labels.dims)) {
    const label = at(labels, position);
    const weight = label === ignored ? 0 : (classWeights?.data[label] ?? 1);
    const where = [position[0]!, label, ...position.slice(1)];
    losses.push(label === ignored ? 0 : -weight * at(logProbabilities, where));
    weights.push(weight);
  }
  const { type } = logProbabilities;
  switch (attributes.string("reduction", "mean")) {
    case "none":
      return ndarray(type, labels.dims, losses);
    case "sum":
      return ndarray(type, [], [sum(losses)]);
    default:
      return ndarray(type, [], [sum(losses) / sum(weights)]);
  }
}

export const softmax: OperatorTable = {
  Hardmax: alongAxis((_, values, index) => (values.indexOf(Math.max(...values)) === index ? 1 : 0)),
  LogSoftmax: alongAxis((value, values) => value - logSumExp(values)),
  NegativeLogLikelihoodLoss: (inputs, attributes) => [
    negativeLogLikelihood(required(inputs, 0), required(inputs, 1), inputs[2], attributes),
  ],
  Softmax: alongAxis((value, values) => Math.exp(value - logSumExp(values))),
  SoftmaxCrossEntropyLoss: (inputs, attributes) => {
    const logProbabilities = logSoftmaxOverClasses(required(inputs, 0));
    const labels = required(inputs, 1);
    return [
      negativeLogLikelihood(logProbabilities, labels, inputs[2], attributes),
      logProbabilities,
    ];
  },
};
