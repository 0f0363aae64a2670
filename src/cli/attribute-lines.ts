/** @file What `limpid attribute` prints of a map: its scores, its range, what a picture of it would show, and its warnings. */
import type { ExplainedFile } from "../app/attribute/attribute.ts";
import {
  classText,
  explainedText,
  hasLogit,
  isOfClass,
  labelOf,
  logitName,
  type ClassNames,
  type Finding,
} from "../app/attribute/findings.ts";
import type { Answer } from "../app/attribute/method-runs.ts";
import { describeMap } from "../attribution/diagnosis/describe-map.ts";
import { extremes, type Heatmap } from "../attribution/heatmap.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import { formatProbability } from "../wording/numbers.ts";

/** The lines of a file, under its path where there are several. */
export function linesOf({ path, findings, names, files, runs }: ExplainedFile): string {
  const heading = files > 1 ? `${path}:\n` : "";
  return `${heading}${findings.map((finding) => lineOf(finding, names, runs === 1)).join("")}`;
}

/** A map in a line, and its warnings in one each; the layer is said unless there is only one run. */
function lineOf({ run, answer, map }: Finding, names: ClassNames, isOnly: boolean): string {
  const { min, max } = extremes(map.data);
  const where = isOnly ? run.name : `${run.name} on ${map.layer}`;
  const warnings = map.warnings
    .map(({ message }) => `  warning: ${wordsOf(message, commandWords)}\n`)
    .join("");
  const range = `from ${min.toPrecision(4)} to ${max.toPrecision(4)} ${map.unit}`;
  return `${scoreLine(answer, map, names)}; ${where} ${range}; ${describeMap(map).text}\n${warnings}`;
}

function scoreLine(answer: Answer, map: Heatmap, names: ClassNames): string {
  const told = (name: string, value: number) => `${name} ${value.toFixed(3)}`;
  if (!isOfClass(answer))
    return `${explainedText(answer, names)}: ${told(map.scoreName, map.score)}`;
  const label = labelOf(answer, map, names);
  const numbers = [
    ...(map.probability === null ? [] : [`probability ${formatProbability(map.probability)}`]),
    hasLogit(answer) ? told(logitName(answer), map.logit) : told(map.scoreName, map.score),
  ];
  return `${classText(answer, map)}${label === undefined ? "" : ` (${label})`}: ${numbers.join(", ")}`;
}
