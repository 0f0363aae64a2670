/** @file The answers of two networks to one picture, class by class, where they are the same. */
import type { ClassAnswer } from "../../protocol.ts";
import { sameClasses } from "./same-classes.ts";

type Names = readonly string[] | undefined;

/** A class of both, with what the second says less what the first says. */
export interface PairedAnswer {
  readonly label: string;
  readonly first: ClassAnswer;
  readonly second: ClassAnswer;
  /** Of probabilities; of scores where there are none. */
  readonly difference: number;
}

/** The classes that both networks know, those of the largest numbers first. Undefined where nothing says which are the same. */
export function pairedAnswers(
  first: readonly ClassAnswer[],
  second: readonly ClassAnswer[],
  names: readonly [Names, Names],
): readonly PairedAnswer[] | undefined {
  const same = sameClasses(
    { names: names[0], count: first.length },
    { names: names[1], count: second.length },
  );
  if (!same) return undefined;
  const known = new Map(second.map((answer) => [answer.class, answer]));
  const pairs = first.flatMap((answer): readonly PairedAnswer[] => {
    const partner = same(answer.class);
    const other = partner === undefined ? undefined : known.get(partner);
    if (!other) return [];
    const label = names[0] ? answer.label : other.label;
    return [
      { label, first: answer, second: other, difference: numberOf(other) - numberOf(answer) },
    ];
  });
  const most = ({ first: a, second: b }: PairedAnswer) => Math.max(numberOf(a), numberOf(b));
  return pairs.toSorted((a, b) => most(b) - most(a));
}

const numberOf = ({ probability, logit }: ClassAnswer) => probability ?? logit;
