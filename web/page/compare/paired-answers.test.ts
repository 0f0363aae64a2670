import { expect, test } from "vitest";
import type { ClassAnswer } from "../../protocol.ts";
import { pairedAnswers } from "./paired-answers.ts";

const answer = (number: number, label: string, probability: number): ClassAnswer => ({
  class: number,
  label,
  target: String(number),
  logit: probability,
  probability,
});

test("classes of one name are one, whatever their numbers; what one does not know is left out", () => {
  const first = [answer(0, "cat", 0.2), answer(1, "dog", 0.7), answer(2, "fox", 0.1)];
  const second = [answer(0, "Dog", 0.4), answer(1, "cat", 0.6)];
  const pairs = pairedAnswers(first, second, [
    ["cat", "dog", "fox"],
    ["Dog", "cat"],
  ])!;
  expect(pairs.map(({ label }) => label)).toEqual(["dog", "cat"]);
  expect(pairs[0]!.difference).toBeCloseTo(-0.3, 9);
  expect(pairs[1]!.difference).toBeCloseTo(0.4, 9);
});

test("without names numbers pair, but only of as many classes; strangers are not paired", () => {
  const first = [answer(0, "class 0", 0.2), answer(1, "class 1", 0.8)];
  const names = [undefined, undefined] as const;
  expect(pairedAnswers(first, first, names)).toHaveLength(2);
  expect(pairedAnswers(first, first.slice(1), names)).toBeUndefined();
  expect(
    pairedAnswers([answer(0, "cat", 1)], [answer(0, "car", 1)], [["cat"], ["car"]]),
  ).toBeUndefined();
});

test("a network beside itself differs nowhere, also where two of its classes have one name", () => {
  const names = ["crane", "fox", "crane", "Fox"];
  const answers = names.map((label, i) => answer(i, label, 0.1 * (i + 1)));
  const pairs = pairedAnswers(answers, answers, [names, [...names]])!;
  expect(pairs).toHaveLength(4);
  for (const { difference } of pairs) expect(difference).toBe(0);
});

test("a name that one of both has twice is left out", () => {
  const first = [answer(0, "crane", 0.3), answer(1, "fox", 0.1), answer(2, "crane", 0.6)];
  const second = [answer(0, "fox", 0.5), answer(1, "crane", 0.5)];
  const pairs = pairedAnswers(first, second, [
    ["crane", "fox", "crane"],
    ["fox", "crane"],
  ])!;
  expect(pairs.map(({ label }) => label)).toEqual(["fox"]);
});
