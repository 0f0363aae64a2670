/** @file The figure of a file in data: a section for each row of its tensor and each thing that is explained. */
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { ShownReference } from "../../drawing/reference-cell.ts";
import type { ShownBox } from "../../drawing/detected-boxes.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Mask } from "../../image/mask.ts";
import type { Picture } from "../../image/picture.ts";
import type { CutPicture } from "../../image/preprocess.ts";
import type { VolumePlace } from "../../formats/arrays/file-array.ts";
import type { InputPart } from "../../graph/input-parts.ts";
import type { Shown } from "./shown-options.ts";
import type { ComparedPictures, Explanation } from "./explain.ts";
import type { FaceWords, Message } from "../../wording/face.ts";
import { checkedText } from "../../attribution/check/self-check.ts";
import { headingOf, numbersOf, type ClassNames } from "./findings.ts";
import { measuredText } from "./comparison-notes.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { presentText } from "./present-labels.ts";
import type { Answer, MethodResult } from "./method-runs.ts";

/** A map that was made, or that failed. */
export type ComparedResult =
  | { readonly method: string; readonly map: Heatmap; readonly role?: string }
  | {
      readonly method: string;
      readonly layer: string | undefined;
      readonly failure: string | Message;
    };

/** What is shown of one picture and one thing that is explained. */
export interface AttributionSection {
  /** Row of the input. */
  readonly row: number;
  /** What is explained. */
  readonly heading: string;
  /** Its numbers. */
  readonly note: string;
  /** The part of the picture that is meant, outlined; undefined where that is all of it. */
  readonly meant?: Mask;
  readonly results: readonly ComparedResult[];
  /** What a detector found, of targets that are boxes. */
  readonly boxes?: readonly ShownBox[];
  /** What its score is compared with; the numbers whose difference is explained. */
  readonly compared?: ComparedPictures & Pick<ShownReference, "own" | "value">;
}

export interface AttributionFigure {
  /** Name of the picture. */
  readonly title: string;
  readonly modelName: string;
  /** The name of the picture that the network is given here, which maps of pixels without an input of their own have for their layer. */
  readonly inputName: string;
  /** What the network saw, for one picture. */
  readonly seen: Picture | undefined;
  /** The photo that it was cut out of, where the crop leaves something out. */
  readonly cut?: CutPicture;
  /** The tensor that was fed, [N, C, H, W]; it is shown where there is no picture. */
  readonly input: Tensor;
  /** The inputs of the file that lie in it; one picture if left out. */
  readonly parts?: readonly InputPart[];
  /** How a volume lies, where its file says it. */
  readonly place?: VolumePlace;
  /** The number that stands for places where nothing was measured. */
  readonly nodata?: number;
  /** What the user says of how it is shown. */
  readonly shown?: Shown;
  readonly sections: readonly AttributionSection[];
  /** How warnings and failures word what the face offers. */
  readonly words: FaceWords;
}

/** Whether a map lies on an input's own places, and not on those of a layer. */
export function isOfPixels(
  { layer, part }: Pick<Heatmap, "layer" | "part">,
  { inputName }: Pick<AttributionFigure, "inputName">,
): boolean {
  return layer === (part ?? inputName);
}

/** Names that a figure shows, and how its face words messages. */
export interface FigureNames extends Pick<AttributionFigure, "words"> {
  /** Name of the picture. */
  readonly title: string;
  readonly modelName: string;
  readonly inputName: string;
}

/** More rows make a figure that nobody looks at and no program shows. */
const mostSections = 32;

/** The figure of a file: a section for each row of its tensor and each question. */
export function figureOf(
  { source, answers, names, shown, compared }: Explanation,
  { title, modelName, inputName, words }: FigureNames,
): AttributionFigure {
  const rows = Array.from({ length: source.input.dims[0]! }, (_, row) => row);
  const sections = answers.flatMap((answer) =>
    rowsOf(answer, rows).map((row, i) => {
      const results = answer.results.map((result) => comparedOf(result, i));
      const maps = results.flatMap((result) => ("map" in result ? [result.map] : []));
      const meant = answer.explained.marks?.mask;
      const heading = headingOf(answer, maps[0], names);
      return {
        row,
        heading: rows.length > 1 && answer.results.length > 1 ? `row ${row}: ${heading}` : heading,
        ...(meant?.inside.includes(0) ? { meant } : {}),
        note: maps[0] ? noteOf(answer, maps[0], { names, row: i }) : "",
        results,
        ...(compared ? { compared: { ...compared, ...numbersCompared(maps) } } : {}),
        ...boxesShown(answer, source.input.dims, names),
      };
    }),
  );
  return {
    title,
    modelName,
    inputName,
    words,
    seen: source.seen,
    ...(source.cut ? { cut: source.cut } : {}),
    input: source.input,
    ...(answers[0] ? { parts: answers[0].explained.model.parts } : {}),
    ...(source.place ? { place: source.place } : {}),
    ...(source.nodata === undefined ? {} : { nodata: source.nodata }),
    shown,
    sections: sections.slice(0, mostSections),
  };
}

/** The numbers of the picture and of its reference, of scores that are differences. */
function numbersCompared(maps: readonly Heatmap[]): Pick<ShownReference, "own" | "value"> {
  const map = maps.find(({ reference }) => reference);
  if (!map) return {};
  // What a difference is of.
  const name = map.scoreName.replace(/ difference$/, "");
  const told = (number: number) => `${name} ${formatNumber(number)}`;
  return { own: told(map.reference!.own), value: told(map.reference!.value) };
}

/** Boxes in pixels of the input as shares of its sides, with the names of their classes. */
function boxesShown(
  { explained }: Answer,
  [, , heightPx, widthPx]: readonly number[],
  names: ClassNames,
): Pick<AttributionSection, "boxes"> {
  const { boxes } = explained.marks ?? {};
  if (!boxes) return {};
  const shown = boxes.map(({ left, top, right, bottom, class: named, score, isExplained }) => ({
    left: left / widthPx!,
    top: top / heightPx!,
    right: right / widthPx!,
    bottom: bottom / heightPx!,
    name: names?.[named] ?? `class ${named}`,
    score: score.toFixed(2),
    class: named,
    isExplained,
  }));
  return { boxes: shown };
}

/** Its numbers, and how the network was checked. */
function noteOf(
  answer: Answer,
  map: Heatmap,
  { names, row }: { readonly names: ClassNames; readonly row: number },
): string {
  const check = answer.results.flatMap((result) =>
    "maps" in result && result.check ? [result.check] : [],
  )[0];
  const present = presentText(answer, row, names);
  const from = measuredText(answer);
  return [
    numbersOf(answer, map, names),
    ...(from === undefined ? [] : [from]),
    ...(present === undefined ? [] : [present]),
    ...(check ? [checkedText(check)] : []),
  ].join("  ·  ");
}

/** The rows that an answer has maps of. */
function rowsOf({ question }: Answer, rows: readonly number[]): readonly number[] {
  return question.row === undefined ? rows : [question.row];
}

function comparedOf(result: MethodResult, i: number): ComparedResult {
  const { name, layer } = result.run;
  if ("failure" in result) return { method: name, layer, failure: result.failure };
  const { role } = result.run;
  return { method: name, map: result.maps[i]!, ...(role === undefined ? {} : { role }) };
}
