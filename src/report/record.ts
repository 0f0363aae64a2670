/** @file The record of a study: what was seen, how it was made, and the numbers that every sentence rests on. */
import * as v from "valibot";
import { seenPartSchema } from "../image/seen-part-schema.ts";
import { described, measure, type Recorded } from "../wording/record-schema.ts";
import { jsonText } from "../wording/shown-text.ts";

/** THE list of parts, in the order of the report. */
export const partNames = ["mnist", "cats", "vgg", "saliency"] as const;

export type PartName = (typeof partNames)[number];

const text = v.string();
const seconds = described(v.number(), "how long it took to make");
const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));
/** A file that the report wrote itself, which can lie nowhere else. */
const path = (folder: "pictures" | "charts" | "data", ending: string, meaning: string) =>
  described(
    v.pipe(
      v.string(),
      v.regex(new RegExp(`^${folder}/[\\p{L}\\p{M}\\p{N}_.-]+\\.${ending}$`, "u")),
    ),
    `${meaning}, from the report's folder on`,
  );

const measureSchema = v.strictObject({
  name: text,
  value: measure("in its unit; null where there is none, as the maximum of a blank map"),
  unit: v.exactOptional(text),
  shown: described(text, "the number as the claim writes it"),
});

/** A number that a claim rests on. */
export type Measure = Recorded<typeof measureSchema>;

const claimSchema = v.strictObject({
  text,
  measures: described(
    v.tupleWithRest([measureSchema], measureSchema),
    "the numbers that the sentence rests on, the most telling first",
  ),
});

/** A sentence with the numbers that it rests on. */
export type Claim = Recorded<typeof claimSchema>;

const cellSchema = v.strictObject({
  file: path("pictures", "png", "PNG file"),
  widthPx: pixels,
  heightPx: pixels,
  alt: described(text, "what stands for the picture"),
  title: v.exactOptional(text),
  notes: v.exactOptional(v.array(text)),
  seen: v.exactOptional(
    described(
      seenPartSchema,
      "of a photo of which the network sees a part, that part; the rest is dimmed",
    ),
  ),
  enlarge: described(
    v.picklist(["smooth", "squares"]),
    "how pixels are enlarged: small pictures show their pixels",
  ),
});

/** A picture of a figure. */
export type FigureCell = Recorded<typeof cellSchema>;

const chartSchema = v.strictObject({
  file: path("charts", "svg", "SVG file"),
  alt: described(text, "what stands for the chart"),
});

/** A chart of a figure. */
export type FigureChart = Recorded<typeof chartSchema>;

const figureSchema = v.strictObject({
  id: described(text, "unique in the study; names its files"),
  title: text,
  cells: v.array(cellSchema),
  columns: described(pixels, "cells side by side where the page is wide enough"),
  charts: v.array(chartSchema),
  floats: v.array(path("data", "npy", ".npy file of the numbers behind the pictures")),
  sees: described(text, "what one sees"),
  recipe: described(text, "how it was made, in one sentence"),
  seed: described(v.nullable(v.number()), "null where nothing is random"),
  warnings: v.array(text),
  seconds,
});

/** Pictures and charts with their caption. */
export type Figure = Recorded<typeof figureSchema>;

const tableSchema = v.strictObject({
  title: text,
  head: v.array(text),
  rows: described(v.array(v.array(text)), "the first cell of a row names it"),
});

export type StudyTable = Recorded<typeof tableSchema>;

/** A section as it is saved. */
export const sectionSchema = v.strictObject({
  name: text,
  title: text,
  paragraphs: v.array(text),
  figures: v.array(figureSchema),
  tables: v.array(tableSchema),
  claims: v.array(claimSchema),
  series: described(
    v.record(v.string(), v.array(v.nullable(v.number()))),
    "numbers behind charts and claims, one a unit or place, by name; null where there is none",
  ),
  seconds,
});

/** A piece of a part that is made whole or not at all. */
export type Section = Recorded<typeof sectionSchema>;

const sourceSchema = v.strictObject({
  kind: v.picklist(["network", "data", "picture"]),
  what: described(text, "such as: VGG16, 138,357,544 parameters"),
  origin: described(text, "where it came from: shipped with Limpid, downloaded, a file's name"),
  sha256: v.exactOptional(described(text, "of a network's graph and weights")),
  standsFor: v.exactOptional(
    described(
      v.strictObject({ what: text, why: text }),
      "what was meant to be here, and why it is not",
    ),
  ),
});

/** A network, data set or picture that a part worked on. */
export type Source = Recorded<typeof sourceSchema>;

const partSchema = v.strictObject({
  name: v.picklist(partNames),
  title: text,
  lead: described(text, "what the part asks"),
  sources: v.array(sourceSchema),
  sections: v.array(sectionSchema),
});

export type Part = Recorded<typeof partSchema>;

const machineSchema = v.strictObject({
  processor: text,
  cores: v.number(),
  memoryBytes: v.number(),
  system: text,
});

/** What a study was made on. */
export type Machine = Recorded<typeof machineSchema>;

/** What study.json holds. */
export const studyRecordSchema = v.strictObject({
  study: v.literal("limpid study"),
  title: text,
  seed: v.number(),
  quick: described(v.boolean(), "fewer pictures and steps"),
  parts: v.array(partSchema),
  machine: machineSchema,
  versions: described(v.record(v.string(), v.string()), "of the program and what it runs on"),
});

export type StudyRecord = Recorded<typeof studyRecordSchema>;

/** Sum of the seconds of some sections. */
export function secondsOf(sections: readonly Pick<Section, "seconds">[]): number {
  return sections.reduce((total, section) => total + section.seconds, 0);
}

/** The record as text that ends in a line break. */
export function formatRecord(record: StudyRecord): string {
  return `${jsonText(record, 2)}\n`;
}
