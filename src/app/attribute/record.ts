/** @file What an attribution found as JSON. */
import type { SelfCheck } from "../../attribution/check/self-check.ts";
import { bandSums } from "../../attribution/diagnosis/band-sums.ts";
import { extremes, type Heatmap } from "../../attribution/heatmap.ts";
import { wordsOf, type FaceWords } from "../../wording/face.ts";
import type { ChosenPreparation } from "../preparation.ts";
import { boxRecords } from "./boxes.ts";
import { preprocessingRecord } from "../preprocessing-record.ts";
import { groupOf } from "../../scores/class-targets.ts";
import {
  classOfMap,
  describeAnswer,
  hasLogit,
  headingOf,
  isOfClass,
  labelOf,
  namesIn,
  type ClassNames,
  type Finding,
} from "./findings.ts";
import type { Answer } from "./method-runs.ts";
import { trustRecord } from "./trust-record.ts";
import type { MarkedRegion } from "../../scores/target-marks.ts";
import type { AttributionRecord, Failure, Summary } from "./schema.ts";

/** A map as JSON: what it explains, its numbers, what a picture of it would show, and what is odd. */
export function summaryOf(
  { input, row, run, answer, map, check, trust, seen, photo, file }: Finding,
  names: ClassNames,
  words: FaceWords,
): Summary {
  const ofClass = isOfClass(answer);
  const { output, head, marks, model } = answer.explained;
  const { text, ...measures } = describeAnswer(answer, map);
  return {
    input,
    row,
    ...(seen ? { seen } : {}),
    method: run.name,
    layer: map.layer,
    ...(model.parts.length > 1 && map.part !== undefined ? { part: map.part } : {}),
    ...(run.role === undefined ? {} : { role: run.role }),
    explains: headingOf(answer, map, names),
    target: classOfMap(answer, map) ?? null,
    label: labelOf(answer, map, names) ?? null,
    ...(ofClass ? groupIn(answer, map.target) : {}),
    output: output ?? null,
    ...(marks?.region ? { region: regionRecord(marks.region, photo) } : {}),
    kind: output === undefined ? null : head.kind,
    assumed: output !== undefined && head.isAssumed,
    probability: ofClass ? map.probability : null,
    logit: hasLogit(answer) ? map.logit : null,
    // The network's own probability is the same in fewer digits.
    score: map.scoreName === "probability" ? (map.probability ?? map.score) : map.score,
    scoreKind: map.scoreName,
    ...(map.reference ? { reference: { name: answer.reference!.name, ...map.reference } } : {}),
    ...presentIn(answer, row, names),
    ...extremes(map.data),
    unit: map.unit,
    text,
    ...measures,
    ...channelSumsOf(map),
    ...(map.figures ? { figures: map.figures } : {}),
    ...(marks?.boxes ? { boxes: boxRecords(marks.boxes, photo, names) } : {}),
    checked: check ? { forward: check.forward, derivative: derivativeOf(check) } : null,
    ...(trust ? { trust: trustRecord(trust, words) } : {}),
    warnings: map.warnings.map(({ message }) => wordsOf(message, words)),
    ...(file === undefined ? {} : { file }),
  };
}

function groupIn({ explained }: Answer, target: number): Pick<Summary, "group"> {
  const group = groupOf(explained.head, target);
  return group ? { group } : {};
}

/** The labels of a picture, named where the answer is about the output that names belong to. */
function presentIn(
  { present, question, ...answer }: Answer,
  row: number,
  names: ClassNames,
): Pick<Summary, "present"> {
  const own = present?.[question.row === undefined ? row : 0];
  if (!own) return {};
  const labelled = own.map(({ class: target, probability }) => ({
    target,
    label: namesIn(answer, names)?.[target] ?? null,
    probability,
  }));
  return { present: labelled };
}

/** Of maps with a channel axis; three channels of a picture are colours. */
function channelSumsOf(map: Heatmap): Pick<Summary, "channelSums"> {
  const { kind = "picture", dims } = map;
  const sides = { picture: 2, signal: 1, volume: 3, flat: 1, numbers: 1 }[kind];
  const [channels = 1] = dims;
  const isOfChannels = dims.length > sides && channels > 1;
  if (!isOfChannels || (kind === "picture" && channels === 3)) return {};
  return { channelSums: bandSums(map) };
}

/** A part of the picture in pixels of the photo, as far as that shows it. */
function regionRecord(
  { where, share, box }: MarkedRegion,
  photo: Finding["photo"],
): NonNullable<Summary["region"]> {
  const { place, widthPx, heightPx } = photo ?? {};
  const tenths = (value: number) => Math.round(10 * value) / 10;
  const x = (at: number) =>
    tenths(place ? within(((at - place.left) / place.widthPx) * widthPx!, widthPx!) : at);
  const y = (at: number) =>
    tenths(place ? within(((at - place.top) / place.heightPx) * heightPx!, heightPx!) : at);
  const { left, top, right, bottom } = box;
  return { where, share, box: { left: x(left), top: y(top), right: x(right), bottom: y(bottom) } };
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** How far the derivative is off where that could be told. */
function derivativeOf({ derivative }: SelfCheck): number | null {
  return derivative?.verdict === "agrees" ? derivative.error : null;
}

/** All results of an attribution as JSON; method and layer stand above them where they are the same for all. */
export function recordOf(
  results: readonly Summary[],
  failures: readonly Failure[],
  chosen: ChosenPreparation | undefined,
): AttributionRecord {
  const values = (key: "method" | "layer") => [...new Set(results.map((result) => result[key]))];
  return { ...recordHead(values("method"), values("layer"), chosen), results, failures };
}

/** What stands above results of these methods and layers. */
export function recordHead(
  methods: readonly string[],
  layers: readonly string[],
  chosen: ChosenPreparation | undefined,
): Omit<AttributionRecord, "results" | "failures"> {
  return {
    ...(methods.length === 1 ? { method: methods[0]! } : {}),
    ...(layers.length === 1 ? { layer: layers[0]! } : {}),
    ...(chosen ? { preprocessing: preprocessingRecord(chosen) } : {}),
  };
}
