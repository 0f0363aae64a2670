/** @file What came of an attribution: its maps and failures, and what each map explains, in words and numbers. */
import type { Heatmap } from "../../attribution/heatmap.ts";
import { targetText } from "../../scores/target-text.ts";
import { wordsOf, type FaceWords } from "../../wording/face.ts";
import { formatNumber, formatProbability } from "../../wording/numbers.ts";
import type { Answer, MethodRun } from "./method-runs.ts";
import type { Explanation } from "./explain.ts";
import type { Failure } from "./schema.ts";

export type ClassNames = readonly string[] | undefined;

/** A map with what is known about it. */
export interface Finding {
  /** The file it is of, and the row of its tensor. */
  readonly input: string;
  readonly row: number;
  readonly run: MethodRun;
  readonly answer: Answer;
  readonly map: Heatmap;
  /** Where its numbers are, from the folder of all results. */
  readonly file?: string;
}

/** All maps of a file: row by row, in the order of the methods. */
export function findingsOf(answers: readonly Answer[], input: string): readonly Finding[] {
  return answers.flatMap((answer) =>
    answer.results.flatMap((result) => {
      if ("failure" in result) return [];
      return result.maps.map((map, row) => ({ input, row, run: result.run, answer, map }));
    }),
  );
}

/** All runs of a file that failed. */
export function failuresOf(
  { answers, names }: Pick<Explanation, "answers" | "names">,
  input: string,
  words: FaceWords,
): readonly Failure[] {
  return answers.flatMap((answer) =>
    answer.results.flatMap((result) => {
      if (!("failure" in result)) return [];
      const { name, layer } = result.run;
      const on = layer === undefined ? {} : { layer };
      const explains = explainedText(answer, names);
      return [{ input, method: name, ...on, explains, message: wordsOf(result.failure, words) }];
    }),
  );
}

/** Whether a class is explained, and not several of them or a unit. */
export function isOfClass({ question }: Answer): boolean {
  return question.targets.every(({ kind }) => kind === "class");
}

/** What a question is about, whatever came of it. */
export function explainedText({ question }: Answer, names: ClassNames): string {
  return question.targets.map((target) => targetText(target, names)).join(" ");
}

/** What a map explains: a class's name, or the target. */
export function headingOf(answer: Answer, map: Heatmap | undefined, names: ClassNames): string {
  if (!map || !isOfClass(answer)) return explainedText(answer, names);
  return names?.[map.target] ?? `class ${map.target}`;
}

/** Its numbers: class, probability and logit, or the score of the target. */
export function numbersOf(answer: Answer, map: Heatmap, names: ClassNames): string {
  if (!isOfClass(answer)) return `${map.scoreName} ${formatNumber(map.logit)}`;
  return [
    ...(names?.[map.target] === undefined ? [] : [`class ${map.target}`]),
    `probability ${formatProbability(map.probability)}`,
    `logit ${formatNumber(map.logit)}`,
  ].join("  ·  ");
}
