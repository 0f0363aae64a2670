/** @file Names of the files that hold the numbers of maps. */
import type { Heatmap } from "../../attribution/heatmap.ts";
import { fileNames, uniqueFileNames } from "../../wording/file-names.ts";
import { explainedText, type ClassNames } from "./findings.ts";
import type { Answer, MethodRun } from "./method-runs.ts";

/** With a digest, a number and the ending a name stays below 200. */
const mostBytes = 180;

/** What is written of a file. */
interface Answered {
  readonly answers: readonly Answer[];
  readonly names: ClassNames;
}

/** Maps of one run, and how the file of their numbers is called but for its ending. */
export function numberFiles({
  answers,
  names,
}: Answered): readonly (readonly [readonly Heatmap[], string])[] {
  const layers = fileNames(
    answers.flatMap(({ results }) => results.map(({ run }) => run.layer ?? "")),
  );
  const targets = targetFiles(answers, names);
  const found = answers.flatMap((answer, i) =>
    answer.results.flatMap((result) => {
      if (!("maps" in result)) return [];
      const { run, maps, part } = result;
      const parts = [
        run.name,
        ...(isLayered(answer, run) ? [layers.get(run.layer!)!] : []),
        ...(part === undefined ? [] : [part]),
        ...(answers.length > 1 ? [targets[i]!] : []),
      ];
      return [{ maps, name: parts.join("--") }];
    }),
  );
  const stems = uniqueFileNames(
    found.map(({ name }) => name),
    { mostBytes },
  );
  return found.map(({ maps }, i) => [maps, stems[i]!]);
}

/** "water-ouzel"; classes of one label are told apart by their numbers. */
function targetFiles(answers: readonly Answer[], names: ClassNames): readonly string[] {
  const texts = answers.map((answer) => explainedText(answer, names));
  const isOnly = (text: string) => texts.indexOf(text) === texts.lastIndexOf(text);
  return uniqueFileNames(
    texts.map((text, i) =>
      isOnly(text) ? text : `${text} ${explainedText(answers[i]!, undefined)}`,
    ),
  );
}

/** Whether the method was asked for on several layers. */
function isLayered(answer: Answer, run: MethodRun): boolean {
  return answer.results.some((other) => other.run !== run && other.run.name === run.name);
}
