/** @file The boxes of a detector: how they are looked for, and those that are found as records, in pixels of the photo. */
import * as v from "valibot";
import type { BoxSearch } from "../../scores/target.ts";
import type { TargetMarks } from "../../scores/target-marks.ts";
import type { OptionTable } from "../../wording/option.ts";
import { described, index, type Recorded } from "../../wording/record-schema.ts";
import { readOption, type GivenTexts } from "../../wording/read-option.ts";
import type { Source } from "../source.ts";

/** THE options. */
export const boxOptions = {
  confidence: {
    kind: "number",
    value: "score",
    description: "the least score of a box of a detector",
    range: { from: 0, to: 1 },
    default: { depends: "0.25" },
  },
  overlap: {
    kind: "number",
    value: "share",
    description:
      "how much two boxes of a class may overlap, as intersection over union, before the lesser is left out",
    range: { from: 0, to: 1 },
    default: { depends: "0.45" },
  },
} as const satisfies OptionTable;

/** The search of texts. Throws `bad-option` for what is no such number. */
export function readBoxSearch(given: GivenTexts): BoxSearch {
  const entries = Object.entries(boxOptions).flatMap(([name, info]) => {
    const text = given[name];
    return typeof text === "string" ? [[name, readOption(name, info, text)]] : [];
  });
  return Object.fromEntries(entries) as BoxSearch;
}

/** A box that is found. */
export const placedBoxSchema = v.strictObject({
  left: described(v.number(), "in pixels of the photo; of a tensor, of the network's input"),
  top: v.number(),
  right: v.number(),
  bottom: v.number(),
  class: index("class"),
  label: described(v.nullable(v.string()), "the class's name; null if it has none"),
  score: described(v.number(), "as the network gives it, from 0 to 1"),
});

export const boxSchema = v.strictObject({
  ...placedBoxSchema.entries,
  explained: described(v.boolean(), "whether it is explained, and not only found"),
});

type PlacedBox = Recorded<typeof placedBoxSchema>;
type BoxRecord = Recorded<typeof boxSchema>;

/** What is found in a picture, as it is told of in order, in pixels of the photo itself, within its borders. */
export function placedBoxes(
  boxes: readonly Omit<PlacedBox, "label">[],
  photo: Source["photo"],
  names: readonly string[] | undefined,
): readonly PlacedBox[] {
  const across = photo ? photo.widthPx / photo.place.widthPx : 1;
  const down = photo ? photo.heightPx / photo.place.heightPx : 1;
  const x = (value: number) =>
    photo ? within((value - photo.place.left) * across, photo.widthPx) : value;
  const y = (value: number) =>
    photo ? within((value - photo.place.top) * down, photo.heightPx) : value;
  return boxes.map((box) => ({
    left: x(box.left),
    top: y(box.top),
    right: x(box.right),
    bottom: y(box.bottom),
    class: box.class,
    label: names?.[box.class] ?? null,
    score: box.score,
  }));
}

/** The same, with which of them are explained. */
export function boxRecords(
  boxes: NonNullable<TargetMarks["boxes"]>,
  photo: Source["photo"],
  names: readonly string[] | undefined,
): readonly BoxRecord[] {
  return placedBoxes(boxes, photo, names).map((box, i) => ({
    ...box,
    explained: boxes[i]!.isExplained,
  }));
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** More lines than this nobody reads. */
const mostLines = 20;

/** Boxes in lines: number, class, score and corners. */
export function boxLines(boxes: readonly (PlacedBox & Partial<BoxRecord>)[]): readonly string[] {
  const lines = boxes.slice(0, mostLines).map((box, i) => {
    const sides = [box.left, box.top, box.right, box.bottom].map((side) => Math.round(side));
    const name = box.label ?? `class ${box.class}`;
    const mark = box.explained ? ", explained" : "";
    return `  box ${i}: ${name} ${box.score.toFixed(2)} at ${sides.join(",")}${mark}`;
  });
  const left = boxes.length - lines.length;
  return left > 0 ? [...lines, `  and ${left} more boxes`] : lines;
}
