/** @file The read-out against a plain version, and on features whose answer is known. */
import { expect, test } from "vitest";
import { randomStream } from "../random.ts";
import { nearestMeanReadOut, type LabelledFeatures } from "./read-out.ts";

/** Pictures of classes that lie `apart` standard deviations from each other along the first channel. */
function drawn(counts: readonly number[], channels: number, apart: number): LabelledFeatures {
  const random = randomStream("read-out", apart);
  const labels = counts.flatMap((count, label) => Array<number>(count).fill(label));
  const features = new Float32Array(labels.length * channels);
  for (const [i, label] of labels.entries()) {
    for (let c = 0; c < channels; c++) {
      features[i * channels + c] = random.normal() + (c === 0 ? apart * label : 0);
    }
  }
  return { features, labels };
}

test("finds separate classes, guesses where there is nothing to tell", () => {
  const clear = nearestMeanReadOut(drawn([40, 40, 40], 4, 30));
  expect(clear).toMatchObject({ accuracy: 1, pictures: 120, classes: 3, folds: 5 });
  expect(clear.chance).toBeCloseTo(1 / 3, 12);
  const blind = nearestMeanReadOut(drawn([200, 200], 4, 0));
  expect(blind.interval[0]).toBeLessThan(0.5);
  expect(blind.accuracy).toBeLessThan(0.58);
});

test("is honest: noise in more channels than pictures tells nothing, though training means fit it", () => {
  const { accuracy } = nearestMeanReadOut(drawn([30, 30], 500, 0));
  expect(accuracy).toBeGreaterThan(0.3);
  expect(accuracy).toBeLessThan(0.7);
});

test("leaving one out agrees with the definition written down plainly", () => {
  const data = drawn([7, 7], 3, 1);
  const { features, labels } = data;
  const row = (i: number) => [...features.subarray(3 * i, 3 * i + 3)];
  // Seven folds hold one picture of each class; find each pair by what would have to be judged together.
  const plain = (held: readonly number[]): number => {
    const others = [...labels.keys()].filter((i) => !held.includes(i));
    const meanOver = (list: readonly number[]) =>
      [0, 1, 2].map((c) => list.reduce((sum, i) => sum + row(i)[c]!, 0) / list.length);
    const classes = [0, 1].map((label) => others.filter((i) => labels[i] === label));
    const means = classes.map(meanOver);
    const spread = [0, 1, 2].map((c) => {
      const squares = classes.flatMap((list, label) =>
        list.map((i) => (row(i)[c]! - means[label]![c]!) ** 2),
      );
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / others.length);
    });
    return held.filter((i) => {
      const [a, b] = means.map((mean) =>
        Math.hypot(...mean.map((value, c) => (row(i)[c]! - value) / spread[c]!)),
      );
      return (a! <= b! ? 0 : 1) === labels[i];
    }).length;
  };
  const folds = [0, 1].map((label) => {
    const random = randomStream(4, "folds", label);
    const members = [...labels.keys()].filter((i) => labels[i] === label);
    const keys = new Map(members.map((i) => [i, random.uniform()]));
    return members.toSorted((a, b) => keys.get(a)! - keys.get(b)!);
  });
  const right = Array.from({ length: 7 }, (_, i) => plain(folds.map((list) => list[i]!)));
  const expected = right.reduce((sum, count) => sum + count, 0) / 14;
  expect(nearestMeanReadOut(data, { folds: 7, seed: 4 }).accuracy).toBe(expected);
  expect(expected).toBeGreaterThan(0);
  expect(expected).toBeLessThan(1);
});

test("does not care for the units of a channel, nor for one that never varies", () => {
  const data = drawn([20, 25], 3, 2);
  const scaled = data.features.map((value, i) => value * [1, 1024, 1 / 64][i % 3]!);
  expect(nearestMeanReadOut({ ...data, features: scaled })).toEqual(nearestMeanReadOut(data));
  const flat = data.features.map((value, i) => (i % 3 === 1 ? 7 : value));
  expect(nearestMeanReadOut({ ...data, features: flat }).accuracy).toBeGreaterThan(0.7);
});

test("takes a channel that is one number a class for what it is", () => {
  const { features, labels } = drawn([10, 10], 2, 0);
  const telling = features.map((value, i) => (i % 2 === 0 ? labels[Math.floor(i / 2)]! : value));
  expect(nearestMeanReadOut({ features: telling, labels }).accuracy).toBe(1);
});

test("leaves out classes of one picture, and refuses what is left with fewer than two", () => {
  const data = drawn([10, 1, 10], 2, 9);
  expect(nearestMeanReadOut(data)).toMatchObject({ pictures: 20, classes: 2, chance: 0.5 });
  expect(() => nearestMeanReadOut(drawn([5, 1], 2, 1))).toThrow(/two classes .* got 1/);
});
