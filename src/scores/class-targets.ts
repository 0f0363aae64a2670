/** @file ClassTargets: which class of which picture is explained, as numbers that are fed. */
import { LimpidError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { ClassGroups } from "../network/class-groups.ts";
import type { Head } from "../network/head.ts";
import type { HeadKind } from "../network/head-kind.ts";
import { option, say } from "../wording/face.ts";

/** A class index for all pictures or one for each, or the class that the network itself prefers. */
export type ClassTargets = readonly number[] | "top";

/** Stands for the preferred class in the numbers that are fed. */
const top = -1;

/** How many classes numbers of an output stand for: of one answer of yes or no both sides. */
export function classCount(kind: HeadKind, units: number): number {
  return kind === "yes-no" ? 2 : units;
}

/** What one of an output's numbers is called. */
export function nounOf(kind: HeadKind): "class" | "number" | "channel" {
  if (kind === "values" || kind === "embedding") return "number";
  return kind === "value-map" ? "channel" : "class";
}

/**
 * The class of each picture, -1 for the preferred one. Both sides of an answer of yes or no are classes; of a value
 * there is only number 0. Throws `bad-option` for a class that the network does not have, or another number of classes.
 */
export function fedClasses(
  asked: ClassTargets,
  pictures: number,
  units: number,
  kind: HeadKind,
): readonly number[] {
  if (asked === "top") return Array<number>(pictures).fill(top);
  if (asked.length !== 1 && asked.length !== pictures) {
    throw new LimpidError(
      "bad-option",
      `target: there must be one class, or one a picture (${pictures}), got ${asked.length}. give as many.`,
    );
  }
  for (const target of asked) requireClass(target, units, kind);
  return Array.from({ length: pictures }, (_, i) => asked[asked.length === 1 ? 0 : i]!);
}

/** Throws `bad-option` for a class that an output of a kind does not have. */
export function requireClass(target: number, units: number, kind: HeadKind): void {
  const classes = classCount(kind, units);
  if (Number.isInteger(target) && target >= 0 && target < classes) return;
  throw new LimpidError(
    "bad-option",
    kind === "value"
      ? say`target: the network gives one value and has no classes, got class ${target}. leave it out, or read both sides as classes with ${option("kind", "yes-no")}.`
      : `target: the ${nounOf(kind)} must be a whole number from 0 to ${classes - 1}, got ${target}. choose one of these.`,
  );
}

/** The classes that the preferred one is among, where not all compete; undefined for all. */
export function preferredAmong({ groups }: Pick<Head, "groups">): readonly number[] | undefined {
  return groups?.finest === undefined ? undefined : groups.groups[groups.finest]!.units;
}

/** Which of how many groups of an output a class is of, counted from 1. */
export interface GroupPlace {
  readonly number: number;
  readonly of: number;
}

/** Where a class belongs that competes with some of the others only; undefined where all compete, or none. */
export function groupOf({ groups }: Pick<Head, "groups">, target: number): GroupPlace | undefined {
  if (groups?.finest === undefined) return undefined;
  const at = groups.groups.findIndex(({ units }) => units.includes(target));
  return { number: at + 1, of: groups.groups.length };
}

/** The class that a fed number stands for, given the picture's scores; the preferred one is `among` some or all. */
export function classOf(
  fed: number,
  scores: readonly number[],
  kind: HeadKind,
  among?: readonly number[],
): number {
  if (fed !== top) return fed;
  if (kind === "yes-no") return scores[0]! >= 0 ? 1 : 0;
  if (among) return among.reduce((best, i) => (scores[i]! > scores[best]! ? i : best));
  return scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0);
}

/** The logit of a class; of an answer of yes or no, minus its logit speaks for class 0. */
export function logitOf(logits: readonly number[], target: number, kind: HeadKind): number {
  return kind === "yes-no" ? logits[0]! * (target === 0 ? -1 : 1) : logits[target]!;
}

/**
 * The probability of a class, by the network's own activation; softmax where it ends in its logits. Null where the numbers
 * are no probabilities: of those that may be, as of a mean of several softmaxes, where they are not negative and sum to 1
 * (or to 100).
 */
export function probabilityOf(
  logits: readonly number[],
  target: number,
  {
    kind,
    probabilities,
    groups,
  }: Pick<Head, "kind" | "probabilities"> & Partial<Pick<Head, "groups">>,
): number | null {
  switch (probabilities) {
    case "none":
      return null;
    case "sigmoid":
      return sigmoid(logitOf(logits, target, kind));
    case "groups":
      return probabilityInGroup(logits, target, groups!);
    case "own":
      return ownProbability(logits, target);
    case "softmax":
      return softmaxOf(logits, logits[target]!);
  }
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The share of one of several logits. */
function softmaxOf(logits: readonly number[], own: number): number {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return Math.exp(own - largest) / total;
}

function probabilityInGroup(
  logits: readonly number[],
  target: number,
  { groups }: ClassGroups,
): number {
  const { activation, units } = groups.find((group) => group.units.includes(target))!;
  const own = logits[target]!;
  if (activation === "sigmoid") return sigmoid(own);
  return softmaxOf(
    units.map((unit) => logits[unit]!),
    own,
  );
}

/** How far the sum of probabilities may be from 1, as rounding leaves it. */
const sumTolerance = 1e-3;

function ownProbability(numbers: readonly number[], target: number): number | null {
  const total = numbers.reduce((sum, number) => sum + number, 0);
  const isSum = [1, 100].some((whole) => Math.abs(total / whole - 1) < sumTolerance);
  const areShares = numbers.every((number) => number >= -sumTolerance * total);
  return isSum && areShares ? Math.min(Math.max(numbers[target]! / total, 0), 1) : null;
}

/**
 * Weights [N, units] that pick the fed targets [N, 1] out of `scores` [N, units]: one-hot rows. For an answer of
 * yes or no, -1 for class 0 and 1 for class 1; the preferred class is the one on whose side of 0 the logit
 * [N, 1] lies. The preferred class is `among` some or all.
 */
export function classWeights(
  b: GraphBuilder,
  { scores, logits, fed }: { readonly scores: Value; readonly logits: Value; readonly fed: Value },
  kind: HeadKind,
  among?: readonly number[],
): Value {
  const isTop = b.greater(b.scalar(0, "int64"), fed);
  const units = scores.dims[1]!;
  if (kind === "yes-no") {
    const [plus, minus] = [b.scalar(1), b.scalar(-1)];
    const preferred = b.where(b.op("GreaterOrEqual", [logits, b.scalar(0)]), plus, minus);
    const given = b.where(b.greater(fed, b.scalar(0, "int64")), plus, minus);
    return b.where(isTop, preferred, given);
  }
  const best = bestClass(b, scores, among);
  const classes = b.constant(
    Array.from({ length: units }, (_, unit) => unit),
    [1, units],
    "int64",
  );
  return b.cast(b.op("Equal", [b.where(isTop, best, fed), classes]), scores.type);
}

/** The number of the largest score of each picture, [N, 1]. */
function bestClass(b: GraphBuilder, scores: Value, among: readonly number[] | undefined): Value {
  const largest = { axis: 1, keepdims: 1 };
  if (!among) return b.op("ArgMax", [scores], largest);
  const units = b.ints(among);
  const at = b.op("ArgMax", [b.op("Gather", [scores, units], { axis: 1 })], largest);
  return b.op("Gather", [units, at], { axis: 0 });
}
