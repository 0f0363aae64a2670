/** @file ClassTargets: which class of which picture is explained, as numbers that are fed. */
import { LimpidError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { Head } from "../network/head.ts";

/** A class index for all pictures or one for each, or the class that the network itself prefers. */
export type ClassTargets = readonly number[] | "top";

/** Stands for the preferred class in the numbers that are fed. */
const top = -1;

/**
 * The class of each picture, -1 for the preferred one. Both sides of a one-unit network are classes.
 * Throws `bad-option` for a class that the network does not have, or another number of classes.
 */
export function fedClasses(
  asked: ClassTargets,
  pictures: number,
  units: number,
): readonly number[] {
  if (asked === "top") return Array<number>(pictures).fill(top);
  if (asked.length !== 1 && asked.length !== pictures) {
    throw new LimpidError(
      "bad-option",
      `target: there must be one class, or one a picture (${pictures}), got ${asked.length}. give as many.`,
    );
  }
  const classes = Math.max(units, 2);
  for (const target of asked) {
    if (Number.isInteger(target) && target >= 0 && target < classes) continue;
    throw new LimpidError(
      "bad-option",
      `target: the class must be a whole number from 0 to ${classes - 1}, got ${target}. choose one of these.`,
    );
  }
  return Array.from({ length: pictures }, (_, i) => asked[asked.length === 1 ? 0 : i]!);
}

/** The class that a fed number stands for, given the picture's scores. */
export function classOf(fed: number, scores: readonly number[]): number {
  if (fed !== top) return fed;
  if (scores.length === 1) return scores[0]! >= 0 ? 1 : 0;
  return Math.max(scores.indexOf(Math.max(...scores)), 0);
}

/** The logit of a class; of one unit, minus its logit speaks for class 0. */
export function logitOf(logits: readonly number[], target: number): number {
  return logits.length === 1 ? logits[0]! * (target === 0 ? -1 : 1) : logits[target]!;
}

/** The probability of a class. Without an activation of the network's own: softmax, of one unit sigmoid. */
export function probabilityOf(
  logits: readonly number[],
  target: number,
  activation: Head["activation"],
): number {
  if (activation === "sigmoid" || logits.length === 1) {
    return 1 / (1 + Math.exp(-logitOf(logits, target)));
  }
  const largest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return Math.exp(logits[target]! - largest) / total;
}

/**
 * Weights [N, units] that pick the fed targets [N, 1] out of `scores` [N, units]: one-hot rows. For one
 * unit, -1 for class 0 and 1 for class 1; the preferred class is the one on whose side of 0 the logit
 * [N, 1] lies.
 */
export function classWeights(b: GraphBuilder, scores: Value, logits: Value, fed: Value): Value {
  const isTop = b.greater(b.scalar(0, "int64"), fed);
  const units = scores.dims[1]!;
  if (units === 1) {
    const [plus, minus] = [b.scalar(1), b.scalar(-1)];
    const preferred = b.where(b.op("GreaterOrEqual", [logits, b.scalar(0)]), plus, minus);
    const given = b.where(b.greater(fed, b.scalar(0, "int64")), plus, minus);
    return b.where(isTop, preferred, given);
  }
  const best = b.op("ArgMax", [scores], { axis: 1, keepdims: 1 });
  const classes = b.constant(
    Array.from({ length: units }, (_, unit) => unit),
    [1, units],
    "int64",
  );
  return b.cast(b.op("Equal", [b.where(isTop, best, fed), classes]), scores.type);
}
