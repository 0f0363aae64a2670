/** @file What came of an attribution: its maps and failures, and what each map explains, in words and numbers. */
import { describeMap, type MapDescription } from "../../attribution/diagnosis/describe-map.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { Faithfulness } from "../../attribution/check/faithfulness.ts";
import type { SelfCheck } from "../../attribution/check/self-check.ts";
import type { SeenPart } from "../../image/seen-part.ts";
import { areValues } from "../../network/head.ts";
import { groupOf, nounOf } from "../../scores/class-targets.ts";
import { explainedRegionText, targetText } from "../../scores/target-text.ts";
import { wordsOf, type FaceWords, type Message } from "../../wording/face.ts";
import { formatNumber, formatProbability, formatShare } from "../../wording/numbers.ts";
import type { Source } from "../source.ts";
import type { Answer, MethodRun } from "./method-runs.ts";
import type { Explanation } from "./explain.ts";
import type { Failure } from "./schema.ts";

export type ClassNames = readonly string[] | undefined;

/** How far to believe a map, or why that cannot be told. */
export type MapTrust = Faithfulness | { readonly refused: string | Message };

/** A map with what is known about it. */
export interface Finding {
  /** The file it is of, and the row of its tensor. */
  readonly input: string;
  readonly row: number;
  readonly run: MethodRun;
  readonly answer: Answer;
  readonly map: Heatmap;
  readonly check: SelfCheck | undefined;
  /** Undefined where it was not asked for. */
  readonly trust: MapTrust | undefined;
  /** The part of its photo that the network sees; undefined where that is all. */
  readonly seen: SeenPart | undefined;
  /** Where its photo lies in the network's input; undefined for tensors. */
  readonly photo: Source["photo"];
  /** Where its numbers are, from the folder of all results. */
  readonly file?: string;
}

/** All maps of a file: row by row, in the order of the methods. */
export function findingsOf(
  { answers, source }: Pick<Explanation, "answers" | "source">,
  input: string,
): readonly Finding[] {
  return answers.flatMap((answer) =>
    answer.results.flatMap((result) => {
      if ("failure" in result) return [];
      return result.maps.map((map, i) => ({
        input,
        row: answer.question.row ?? i,
        run: result.run,
        answer,
        map,
        check: result.check,
        trust: result.trust?.[i],
        seen: source.part,
        photo: source.photo,
      }));
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

/** What a map says, and how much of it lies in the part of the picture that is meant, where one is. */
export function describeAnswer(
  { explained }: Pick<Answer, "explained">,
  map: Heatmap,
): MapDescription {
  return describeMap(map, explained.marks?.mask);
}

/** Whether a class is explained, and not several of them, a unit or a value. */
export function isOfClass({ explained }: Pick<Answer, "explained">): boolean {
  return explained.isOfHead && explained.head.kind !== "value";
}

/** What a question is about, whatever came of it. */
export function explainedText(answer: Answer, names: ClassNames): string {
  const { question, explained } = answer;
  const { head, isOfHead, output, marks } = explained;
  const [target] = question.targets;
  if (marks?.region && target?.kind === "region") {
    return against(explainedRegionText(target, marks.region, head), answer);
  }
  const isValue = isOfHead && head.kind === "value";
  const what = question.targets.map((each) => targetText(each, names)).join(" ");
  return against(isValue ? `the value "${output!}"` : `${what}${boxWords(answer, names)}`, answer);
}

/** " (dog 0.87)" where one box is explained, " (3 boxes)" where several are. */
function boxWords({ explained }: Answer, names: ClassNames): string {
  const meant = explained.marks?.boxes?.filter(({ isExplained }) => isExplained) ?? [];
  const [box] = meant;
  if (!box) return "";
  if (meant.length > 1) return ` (${meant.length} boxes)`;
  const score = box.score.toFixed(2);
  return ` (${names?.[box.class] ?? `class ${box.class}`} ${score})`;
}

/** What something is the difference from. */
function against(what: string, { reference }: Answer): string {
  return reference ? `${what}, against ${reference.name}` : what;
}

/** What a map explains: a class's name, or the target. */
export function headingOf(answer: Answer, map: Heatmap | undefined, names: ClassNames): string {
  if (!map || !isOfClass(answer)) return explainedText(answer, names);
  return against(labelOf(answer, map, names) ?? classText(answer, map), answer);
}

/** "class 3", with its group where it competes with some only, and the output where it is not the usual one. */
export function classText({ explained, isOfDefault }: Answer, { target }: Heatmap): string {
  const { head } = explained;
  const group = groupOf(head, target);
  const within = group ? `, group ${group.number} of ${group.of}` : "";
  return `${nounOf(head.kind)} ${target}${within}${isOfDefault ? "" : ` of "${explained.output!}"`}`;
}

/** The class, or the channel, that a map explains, over a part of the picture or in all; undefined for several and for none. */
export function classOfMap(
  answer: Pick<Answer, "question" | "explained">,
  { target }: Heatmap,
): number | undefined {
  const { region } = answer.explained.marks ?? {};
  if (!region) return isOfClass(answer) ? target : undefined;
  const [asked] = answer.question.targets;
  const isAlone = asked?.kind === "region" && !asked.plus?.length && !asked.minus?.length;
  return isAlone ? region.class : undefined;
}

/** The names of the classes of an answer's own output; `names` belong to the one that is explained where none is named. */
export function namesIn(
  { isOfDefault, otherNames }: Pick<Answer, "isOfDefault" | "otherNames">,
  names: ClassNames,
): ClassNames {
  return isOfDefault ? names : otherNames;
}

/** The name of the class that a map explains. */
export function labelOf(answer: Answer, map: Heatmap, names: ClassNames): string | undefined {
  const explained = classOfMap(answer, map);
  const isNamed = answer.explained.head.kind !== "value-map";
  return isNamed && explained !== undefined ? namesIn(answer, names)?.[explained] : undefined;
}

/** Its numbers: class, probability and logit, or the score of the target. */
export function numbersOf(answer: Answer, map: Heatmap, names: ClassNames): string {
  if (!isOfClass(answer)) {
    return [differenceOf(answer, map) ?? scoreText(map), ...sharesOf(answer)].join("  ·  ");
  }
  return [
    ...(labelOf(answer, map, names) === undefined ? [] : [classText(answer, map)]),
    ...(map.probability === null ? [] : [`probability ${formatProbability(map.probability)}`]),
    ...scoreParts(answer, map),
  ].join("  ·  ");
}

function scoreParts(answer: Answer, map: Heatmap): readonly string[] {
  const difference = differenceOf(answer, map);
  if (difference !== undefined) return [difference];
  if (hasLogit(answer)) return [`logit ${formatNumber(map.logit)}`];
  return map.probability === null ? [scoreText(map)] : [];
}

function scoreText({ scoreName, score }: Heatmap): string {
  return `${scoreName} ${formatNumber(score)}`;
}

/** Of a score that is a difference, both numbers and what is between them. */
export function differenceOf({ reference }: Answer, map: Heatmap): string | undefined {
  if (!reference || !map.reference) return undefined;
  const { own, value } = map.reference;
  return `${map.scoreName} ${formatNumber(map.score)}: ${formatNumber(own)} here, ${formatNumber(value)} of ${reference.name}`;
}

/** How much of the picture is meant. */
function sharesOf({ explained }: Answer): readonly string[] {
  const { region } = explained.marks ?? {};
  return region ? [`over ${formatShare(region.share)} of the picture`] : [];
}

/** Whether the logit that a map holds is one: not where the output holds probabilities, or values. */
export function hasLogit({ explained }: Pick<Answer, "explained">): boolean {
  const { head, marks, model } = explained;
  if (marks?.region) return head.kind === "map" && model.scoreName === "mean logit";
  return isOfClass({ explained }) && !areValues(head.kind) && head.probabilities !== "own";
}
