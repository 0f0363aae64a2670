/** @file A file's maps in words, a line each: their scores, their range, what a picture would show, and warnings. */
import type { ExplainedFile } from "./attribute.ts";
import { boxLines, boxRecords } from "./boxes.ts";
import {
  classText,
  describeAnswer,
  differenceOf,
  explainedText,
  hasLogit,
  isOfClass,
  labelOf,
  type ClassNames,
  type Finding,
} from "./findings.ts";
import type { Answer } from "./method-runs.ts";
import { trustSentences } from "./trust-record.ts";
import { extremes, type Heatmap } from "../../attribution/heatmap.ts";
import { wordsOf, type FaceWords } from "../../wording/face.ts";
import { formatProbability, formatShare } from "../../wording/numbers.ts";
import { textLines } from "../../wording/shown-text.ts";

/** The lines of a file, under its path where there are several; `words` is how the face words warnings. */
export function fileText(
  { path, findings, names, files, runs }: ExplainedFile,
  words: FaceWords,
): string {
  const heading = files > 1 ? [`${path}:`] : [];
  const lines = findings.flatMap((finding, i) => [
    lineOf(finding, names, runs === 1),
    ...warningLines(finding.map, words),
    ...trustLines(finding, words),
    ...(findings[i + 1]?.answer === finding.answer ? [] : foundLines(finding, names)),
  ]);
  return textLines([...heading, ...lines]);
}

function warningLines({ warnings }: Heatmap, words: FaceWords): readonly string[] {
  return warnings.map(({ message }) => `  warning: ${wordsOf(message, words)}`);
}

function trustLines({ trust }: Finding, words: FaceWords): readonly string[] {
  return trust ? trustSentences(trust, words).map((sentence) => `  trust: ${sentence}`) : [];
}

/** The boxes of a detector, once for all maps of a target. */
function foundLines({ answer, photo }: Finding, names: ClassNames): readonly string[] {
  const boxes = answer.explained.marks?.boxes;
  return boxes ? boxLines(boxRecords(boxes, photo, names)) : [];
}

/** A map in a line; the layer or input is said unless there is only one run on one input. */
function lineOf({ run, answer, map }: Finding, names: ClassNames, isOnly: boolean): string {
  const { min, max } = extremes(map.data);
  const layer = run.role === undefined ? map.layer : `${map.layer} (${run.role})`;
  const isNamed = !isOnly || run.role !== undefined || answer.explained.model.parts.length > 1;
  const where = isNamed ? `${run.name} on ${layer}` : run.name;
  const range =
    min > max
      ? "without a finite number"
      : `from ${min.toPrecision(4)} to ${max.toPrecision(4)} ${map.unit}`;
  return `${scoreLine(answer, map, names)}; ${where} ${range}; ${describeAnswer(answer, map).text}`;
}

function scoreLine(answer: Answer, map: Heatmap, names: ClassNames): string {
  const difference = differenceOf(answer, map);
  const told = (name: string, value: number) => difference ?? `${name} ${value.toFixed(3)}`;
  if (!isOfClass(answer)) {
    const { region } = answer.explained.marks ?? {};
    const share = region ? `, over ${formatShare(region.share)} of the picture` : "";
    return `${explainedText(answer, names)}: ${told(map.scoreName, map.score)}${share}`;
  }
  const label = labelOf(answer, map, names);
  const numbers = [
    ...(map.probability === null ? [] : [`probability ${formatProbability(map.probability)}`]),
    hasLogit(answer) ? told("logit", map.logit) : told(map.scoreName, map.score),
  ];
  return `${classText(answer, map)}${label === undefined ? "" : ` (${label})`}: ${numbers.join(", ")}`;
}
