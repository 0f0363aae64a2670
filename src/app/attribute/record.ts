/** @file What an attribution found as JSON. */
import { describeMap } from "../../attribution/diagnosis/describe-map.ts";
import { extremes } from "../../attribution/heatmap.ts";
import { wordsOf, type FaceWords } from "../../wording/face.ts";
import { headingOf, isOfClass, type ClassNames, type Finding } from "./findings.ts";
import type { AttributionRecord, Failure, Summary } from "./schema.ts";

/** A map as JSON: what it explains, its numbers, what a picture of it would show, and what is odd. */
export function summaryOf(
  { input, row, run, answer, map, file }: Finding,
  names: ClassNames,
  words: FaceWords,
): Summary {
  const ofClass = isOfClass(answer);
  const { text, ...measures } = describeMap(map);
  return {
    input,
    row,
    method: run.name,
    layer: map.layer,
    explains: headingOf(answer, map, names),
    target: ofClass ? map.target : null,
    label: ofClass ? (names?.[map.target] ?? null) : null,
    probability: ofClass ? map.probability : null,
    logit: ofClass ? map.logit : null,
    // The network's own probability is the same in fewer digits.
    score: map.scoreName === "probability" ? map.probability : map.score,
    scoreKind: map.scoreName,
    ...extremes(map.data),
    unit: map.unit,
    text,
    ...measures,
    ...(map.figures ? { figures: map.figures } : {}),
    warnings: map.warnings.map(({ message }) => wordsOf(message, words)),
    ...(file === undefined ? {} : { file }),
  };
}

/** All results of an attribution as JSON; method and layer stand above them where they are the same for all. */
export function recordOf(
  results: readonly Summary[],
  failures: readonly Failure[],
): AttributionRecord {
  const same = <K extends "method" | "layer">(key: K) => {
    const values = new Set(results.map((result) => result[key]));
    return values.size === 1 ? { [key]: results[0]![key] } : {};
  };
  return { ...same("method"), ...same("layer"), results, failures };
}
