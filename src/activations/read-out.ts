/** @file How much of the class a layer still tells: the nearest mean of a class, on what is pooled over places. */
import { LimpidError } from "../errors.ts";
import { randomStream } from "../random.ts";
import { shareInterval } from "../statistics.ts";

/** What the nearest class mean finds. */
export interface ReadOut {
  /** Share of pictures whose class is found by the means of others, 0..1. */
  readonly accuracy: number;
  /** Its 95 % interval (Wilson 1927). */
  readonly interval: readonly [number, number];
  /** What guessing finds: one of as many classes. */
  readonly chance: number;
  readonly pictures: number;
  readonly classes: number;
  readonly folds: number;
}

/** Pictures of known classes, and what a layer made of them. */
export interface LabelledFeatures {
  /** [pictures, channels]: the mean of each channel over places. */
  readonly features: Float32Array;
  /** The class of each picture, a whole number from 0 on. */
  readonly labels: readonly number[];
}

export interface ReadOutOptions {
  /** Parts that take turns in being judged; 5 by default. */
  readonly folds?: number;
  /** What the parts are drawn from; 0 by default. */
  readonly seed?: number;
}

/**
 * Accuracy of the nearest class mean (Rocchio 1971; the read-out of Mensink et al. 2013 without a learned metric) by
 * cross-validation: each picture is judged by means over the other folds, with every channel divided by its
 * standard deviation within the classes there. Folds hold each class as evenly as they can; classes with a single picture are left out.
 * Of equally near means the first class is taken. Throws `bad-option` where fewer than two classes are left.
 */
export function nearestMeanReadOut(data: LabelledFeatures, options: ReadOutOptions = {}): ReadOut {
  const { folds = 5, seed = 0 } = options;
  const members = membersOf(data.labels);
  if (members.length < 2) {
    throw new LimpidError(
      "bad-option",
      `read-out: at least two classes must have two pictures each, got ${members.length}. add pictures.`,
    );
  }
  const foldOf = drawFolds(members, data.labels.length, folds, seed);
  let found = 0;
  for (let fold = 0; fold < folds; fold++) found += judgeFold(data, members, foldOf, fold);
  const pictures = members.reduce((sum, list) => sum + list.length, 0);
  return {
    accuracy: found / pictures,
    interval: shareInterval(found / pictures, pictures),
    chance: 1 / members.length,
    pictures,
    classes: members.length,
    folds,
  };
}

/** The pictures of each class with more than one. */
function membersOf(labels: readonly number[]): readonly (readonly number[])[] {
  const byClass: number[][] = [];
  for (const [picture, label] of labels.entries()) (byClass[label] ??= []).push(picture);
  return byClass.filter((members) => members.length > 1);
}

/** The fold of each picture, -1 for those left out: those of a class are shuffled and dealt out. */
function drawFolds(
  members: readonly (readonly number[])[],
  pictures: number,
  folds: number,
  seed: number,
): Int32Array {
  const foldOf = new Int32Array(pictures).fill(-1);
  for (const [number, list] of members.entries()) {
    const random = randomStream(seed, "folds", number);
    const drawn = list
      .map((picture) => ({ picture, key: random.uniform() }))
      .toSorted((a, b) => a.key - b.key);
    for (const [i, { picture }] of drawn.entries()) foldOf[picture] = i % folds;
  }
  return foldOf;
}

/** How many pictures of a fold are nearest to the mean of their own class. */
function judgeFold(
  { features, labels }: LabelledFeatures,
  members: readonly (readonly number[])[],
  foldOf: Int32Array,
  fold: number,
): number {
  const channels = features.length / labels.length;
  const training = members.map((list) => list.filter((picture) => foldOf[picture] !== fold));
  const weights = channelWeights(features, channels, training);
  const means = training.map((list) => meanOf(features, channels, list));
  let found = 0;
  for (const [number, list] of members.entries()) {
    for (const picture of list) {
      if (foldOf[picture] !== fold) continue;
      const row = features.subarray(picture * channels, (picture + 1) * channels);
      if (nearest(row, means, weights) === number) found += 1;
    }
  }
  return found;
}

function meanOf(
  features: Float32Array,
  channels: number,
  pictures: readonly number[],
): Float64Array {
  const mean = new Float64Array(channels);
  for (const picture of pictures) {
    for (let c = 0; c < channels; c++) mean[c]! += features[picture * channels + c]!;
  }
  return mean.map((sum) => sum / pictures.length);
}

/** Channels that vary within no class count as if a thousandth of their variance were within. */
const leastWithin = 1e-3;

/** One over each channel's variance within classes; 0 for a channel that does not vary at all. */
function channelWeights(
  features: Float32Array,
  channels: number,
  classes: readonly (readonly number[])[],
): Float64Array {
  const pictures = classes.flat();
  const all = squaresAround(features, channels, pictures);
  const within = new Float64Array(channels);
  for (const members of classes) {
    const squares = squaresAround(features, channels, members);
    for (let c = 0; c < channels; c++) within[c]! += squares[c]!;
  }
  return within.map((sum, c) => {
    const squares = Math.max(sum, leastWithin * all[c]!);
    return squares > 0 ? pictures.length / squares : 0;
  });
}

/** Sums of squared differences from the mean, a channel each. */
function squaresAround(
  features: Float32Array,
  channels: number,
  pictures: readonly number[],
): Float64Array {
  const mean = meanOf(features, channels, pictures);
  const squares = new Float64Array(channels);
  for (const picture of pictures) {
    for (let c = 0; c < channels; c++) {
      squares[c]! += (features[picture * channels + c]! - mean[c]!) ** 2;
    }
  }
  return squares;
}

function nearest(row: Float32Array, means: readonly Float64Array[], weights: Float64Array): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [number, mean] of means.entries()) {
    let distance = 0;
    for (let c = 0; c < row.length; c++) distance += weights[c]! * (row[c]! - mean[c]!) ** 2;
    if (distance < least) [best, least] = [number, distance];
  }
  return best;
}
