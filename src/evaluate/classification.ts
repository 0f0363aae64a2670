/** @file What predictions and labels say of a classifier: accuracy with its interval, confusion, the most wrong examples. */
import { LimpidError } from "../errors.ts";
import { shareInterval } from "../statistics.ts";

/** What a network made of one example. */
export interface Prediction {
  /** Number of the example within the data set. */
  readonly index: number;
  /** The true class, 0 .. classes - 1. */
  readonly label: number;
  /** The class that the network finds. */
  readonly predicted: number;
}

/** Predictions summed up. */
export interface Classification {
  readonly examples: number;
  /** Examples whose class is found. */
  readonly right: number;
  /** Share of the examples whose class is found, in 0..1. */
  readonly accuracy: number;
  /** 95 % interval of the accuracy (Wilson 1927). */
  readonly interval: readonly [number, number];
  /** Numbers of examples: a row for each true class, a column for each found one. */
  readonly confusion: readonly (readonly number[])[];
}

/** A class that was taken for another, and how often. */
export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  readonly examples: number;
}

/** Sums up what a network made of some examples. Throws `bad-option` if there is none. */
export function classificationOf(
  predictions: readonly Prediction[],
  classes: number,
): Classification {
  const examples = predictions.length;
  if (examples === 0) throw nothingToEvaluate();
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (const { label, predicted } of predictions) confusion[label]![predicted]! += 1;
  const right = predictions.filter(isRight).length;
  const accuracy = right / examples;
  return { examples, right, accuracy, interval: shareInterval(accuracy, examples), confusion };
}

export function nothingToEvaluate(): LimpidError {
  return new LimpidError(
    "bad-option",
    "evaluate: there must be examples that can be read, got none. check the data set's files.",
  );
}

/** The examples whose class was not found, the worst by `badness` first. */
export function mostWrong<T extends Prediction>(
  predictions: readonly T[],
  badness: (prediction: T) => number,
): readonly T[] {
  return predictions
    .filter((prediction) => !isRight(prediction))
    .toSorted((a, b) => badness(b) - badness(a));
}

/** Classes that were taken for others, the most frequent first. */
export function confusionsOf({
  confusion,
}: Pick<Classification, "confusion">): readonly Confusion[] {
  return confusion
    .flatMap((row, label) => row.map((examples, predicted) => ({ label, predicted, examples })))
    .filter(({ label, predicted, examples }) => label !== predicted && examples > 0)
    .toSorted((a, b) => b.examples - a.examples);
}

function isRight({ label, predicted }: Prediction): boolean {
  return label === predicted;
}
