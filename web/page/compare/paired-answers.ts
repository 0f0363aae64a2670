/** @file The answers of two networks to one picture, class by class, by their names. */
import type { ClassAnswer } from "../../protocol.ts";

import { nameIndex } from "../../../src/wording/name-index.ts";

type Classes = readonly string[] | undefined;

/** A class of both, with what the second says less what the first says. */
export interface PairedAnswer {
  readonly label: string;
  readonly first: ClassAnswer;
  readonly second: ClassAnswer;
  /** Of probabilities; of scores where there are none. */
  readonly difference: number;
}

/**
 * The classes that both networks know, those of the largest numbers first: by their names, where both have some, else by
 * their number, where both have as many. Undefined where nothing says which are the same.
 */
export function pairedAnswers(
  first: readonly ClassAnswer[],
  second: readonly ClassAnswer[],
  names: readonly [Classes, Classes],
): readonly PairedAnswer[] | undefined {
  const areNamed = names[0] !== undefined && names[1] !== undefined;
  if (!areNamed && first.length !== second.length) return undefined;
  const byName = nameIndex(second.map(({ label }) => label));
  const byClass = new Map(second.map((answer) => [answer.class, answer]));
  const pairs = first.flatMap((answer): readonly PairedAnswer[] => {
    const other = areNamed
      ? sameOf(
          byName(answer.label).map((i) => second[i]!),
          answer.class,
          (each) => each.class,
        )
      : byClass.get(answer.class);
    if (!other) return [];
    const label = names[0] ? answer.label : other.label;
    return [
      { label, first: answer, second: other, difference: numberOf(other) - numberOf(answer) },
    ];
  });
  if (pairs.length === 0) return undefined;
  const most = ({ first: a, second: b }: PairedAnswer) => Math.max(numberOf(a), numberOf(b));
  return pairs.toSorted((a, b) => most(b) - most(a));
}

/** The only one; of several of one name that of the same number, if there is one. */
function sameOf<T>(
  found: readonly T[],
  number: number | null,
  numberIn: (each: T) => number | null,
): T | undefined {
  return found.length > 1 ? found.find((each) => numberIn(each) === number) : found[0];
}

const numberOf = ({ probability, logit }: ClassAnswer) => probability ?? logit;

/**
 * What the second network is asked so that it explains what the first does: the class that the first prefers, of the same
 * name or, without names, the same number. Other targets are asked as they are written.
 */
export function targetOfSecond(
  target: string,
  answers: readonly ClassAnswer[],
  first: Classes,
  second: Classes,
): string {
  const meant = target === "top" ? (answers[0]?.target ?? "top") : target;
  if (!/^\d+$/.test(meant) || !first || !second) return meant;
  const label = first[Number(meant)];
  const found = label === undefined ? [] : nameIndex(second)(label);
  return String(sameOf(found, Number(meant), (number) => number) ?? "top");
}
