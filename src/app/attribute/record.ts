/** @file What `limpid attribute` says of its maps: in words, as JSON, and as headings of figures. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { basename } from "node:path";
import { describeMap } from "../../attribution/diagnosis/describe-map.ts";
import { extremes, type Heatmap } from "../../attribution/heatmap.ts";
import type { AttributionFigure, ComparedResult } from "./figure.ts";
import { targetText } from "../../scores/target-text.ts";
import type { AttributeInput } from "./inputs.ts";
import type { Answer, Job } from "./runs.ts";
import type { Source } from "../source.ts";
import { formatNumber, formatProbability } from "../../wording/numbers.ts";

export type ClassNames = readonly string[] | undefined;

/** A map with what is known about it. */
export interface Finding {
  /** The file it is of, and the row of its tensor. */
  readonly input: string;
  readonly row: number;
  readonly job: Job;
  readonly answer: Answer;
  readonly map: Heatmap;
  /** Where its numbers are, from the folder of all results. */
  readonly file?: string;
}

/** Something that went wrong while the rest went on. */
export interface Failure {
  readonly input: string;
  readonly method?: string;
  readonly layer?: string;
  /** What was to be explained. */
  readonly explains?: string;
  readonly message: string;
}

/** All maps of a file: row by row, in the order of the methods. */
export function findingsOf(
  answers: readonly Answer[],
  { path }: AttributeInput,
): readonly Finding[] {
  return answers.flatMap((answer) =>
    answer.results.flatMap((result) => {
      if ("failure" in result) return [];
      return result.maps.map((map, row) => ({ input: path, row, job: result.job, answer, map }));
    }),
  );
}

/** All jobs of a file that failed. */
export function failuresOf(
  answers: readonly Answer[],
  { path }: AttributeInput,
  names: ClassNames,
): readonly Failure[] {
  return answers.flatMap((answer) =>
    answer.results.flatMap((result) => {
      if (!("failure" in result)) return [];
      const { name, layer } = result.job;
      const on = layer === undefined ? {} : { layer };
      const explains = explainedText(answer, names);
      return [{ input: path, method: name, ...on, explains, message: result.failure }];
    }),
  );
}

/** Whether a class is explained, and not several of them or a unit. */
function isOfClass({ question }: Answer): boolean {
  return question.targets.every(({ kind }) => kind === "class");
}

/** What a question is about, whatever came of it. */
export function explainedText({ question }: Answer, names: ClassNames): string {
  return question.targets.map((target) => targetText(target, names)).join(" ");
}

/** What a map explains: a class's name, or the target. */
function headingOf(answer: Answer, map: Heatmap | undefined, names: ClassNames): string {
  if (!map || !isOfClass(answer)) return explainedText(answer, names);
  return names?.[map.target] ?? `class ${map.target}`;
}

/** Its numbers: class, probability and logit, or the score of the target. */
function numbersOf(answer: Answer, map: Heatmap, names: ClassNames): string {
  if (!isOfClass(answer)) return `${map.scoreName} ${formatNumber(map.logit)}`;
  return [
    ...(names?.[map.target] === undefined ? [] : [`class ${map.target}`]),
    `probability ${formatProbability(map.probability)}`,
    `logit ${formatNumber(map.logit)}`,
  ].join("  ·  ");
}

/** A map as JSON: what it explains, its numbers, what a picture of it would show, and what is odd. */
export function summaryOf({ input, row, job, answer, map, file }: Finding, names: ClassNames) {
  const ofClass = isOfClass(answer);
  const { text, ...measures } = describeMap(map);
  return {
    input,
    row,
    method: job.name,
    layer: map.layer,
    explains: headingOf(answer, map, names),
    target: ofClass ? map.target : null,
    label: ofClass ? (names?.[map.target] ?? null) : null,
    probability: ofClass ? map.probability : null,
    logit: ofClass ? map.logit : null,
    score: map.score,
    scoreKind: map.scoreName,
    ...extremes(map.data),
    unit: map.unit,
    text,
    ...measures,
    ...(map.figures ? { figures: map.figures } : {}),
    warnings: map.warnings.map(({ message }) => wordsOf(message, commandWords)),
    ...(file === undefined ? {} : { file }),
  };
}

export type Summary = ReturnType<typeof summaryOf>;

/** All results as JSON; method and layer stand above them where they are the same for all. */
export function reportOf(results: readonly Summary[], failures: readonly Failure[]) {
  const same = <K extends "method" | "layer">(key: K) => {
    const values = new Set(results.map((result) => result[key]));
    return values.size === 1 ? { [key]: results[0]![key] } : {};
  };
  return { ...same("method"), ...same("layer"), results, failures };
}

/** A map in a line, and its warnings in one each. */
export function lineOf({ job, answer, map }: Finding, names: ClassNames, isOnly: boolean): string {
  const { min, max } = extremes(map.data);
  const where = isOnly ? job.name : `${job.name} on ${map.layer}`;
  const warnings = map.warnings
    .map(({ message }) => `  warning: ${wordsOf(message, commandWords)}\n`)
    .join("");
  const range = `from ${min.toPrecision(4)} to ${max.toPrecision(4)} ${map.unit}`;
  return `${scoreLine(answer, map, names)}; ${where} ${range}; ${describeMap(map).text}\n${warnings}`;
}

function scoreLine(answer: Answer, map: Heatmap, names: ClassNames): string {
  if (!isOfClass(answer)) {
    return `${explainedText(answer, names)}: ${map.scoreName} ${map.logit.toFixed(3)}`;
  }
  const label = names?.[map.target];
  const name = label === undefined ? "" : ` (${label})`;
  return `class ${map.target}${name}: probability ${formatProbability(map.probability)}, logit ${map.logit.toFixed(3)}`;
}

/** What a file's figure is made of. */
interface FigureContext {
  readonly input: AttributeInput;
  readonly source: Source;
  readonly answers: readonly Answer[];
  readonly names: ClassNames;
  readonly modelName: string;
  readonly inputName: string;
}

/** More rows make a figure that nobody looks at and no program shows. */
const mostSections = 32;

/** The figure of a file: a section for each row of its tensor and each question. */
export function figureOf(context: FigureContext): AttributionFigure {
  const { input, source, answers, names, modelName, inputName } = context;
  const rows = Array.from({ length: source.input.dims[0]! }, (_, row) => row);
  const sections = answers.flatMap((answer) =>
    rows.map((row) => {
      const results = answer.results.map((result) => comparedOf(result, row));
      const maps = results.flatMap((result) => ("map" in result ? [result.map] : []));
      const heading = headingOf(answer, maps[0], names);
      return {
        row,
        heading: rows.length > 1 && answer.results.length > 1 ? `row ${row}: ${heading}` : heading,
        note: maps[0] ? numbersOf(answer, maps[0], names) : "",
        results,
      };
    }),
  );
  return {
    title: basename(input.path),
    modelName,
    inputName,
    seen: source.seen,
    input: source.input,
    sections: sections.slice(0, mostSections),
  };
}

function comparedOf(result: Answer["results"][number], row: number): ComparedResult {
  const { name, layer } = result.job;
  if ("failure" in result) return { method: name, layer, failure: result.failure };
  return { method: name, map: result.maps[row]! };
}
