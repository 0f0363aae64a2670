/** @file The form of study.json and of saved sections, by which files are checked before anybody trusts them. */
import * as v from "valibot";
import {
  partNames,
  type Claim,
  type Figure,
  type Measure,
  type Part,
  type Section,
  type Source,
  type StudyRecord,
  type StudyTable,
} from "./record.ts";

const texts = v.array(v.string());

const measureSchema: v.GenericSchema<unknown, Measure> = v.strictObject({
  name: v.string(),
  value: v.nullable(v.number()),
  unit: v.exactOptional(v.string()),
  shown: v.string(),
});

const claimSchema: v.GenericSchema<unknown, Claim> = v.strictObject({
  text: v.string(),
  measures: v.tupleWithRest([measureSchema], measureSchema),
});

const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));

const figureSchema: v.GenericSchema<unknown, Figure> = v.strictObject({
  id: v.string(),
  title: v.string(),
  cells: v.array(
    v.strictObject({
      file: v.string(),
      widthPx: pixels,
      heightPx: pixels,
      alt: v.string(),
      title: v.exactOptional(v.string()),
      notes: v.exactOptional(texts),
      enlarge: v.picklist(["smooth", "squares"]),
    }),
  ),
  columns: pixels,
  charts: v.array(v.strictObject({ file: v.string(), alt: v.string() })),
  floats: texts,
  sees: v.string(),
  recipe: v.string(),
  seed: v.nullable(v.number()),
  seconds: v.number(),
  warnings: texts,
});

const tableSchema: v.GenericSchema<unknown, StudyTable> = v.strictObject({
  title: v.string(),
  head: texts,
  rows: v.array(texts),
});

/** A section as it is saved. */
export const sectionSchema: v.GenericSchema<unknown, Section> = v.strictObject({
  name: v.string(),
  title: v.string(),
  paragraphs: texts,
  figures: v.array(figureSchema),
  tables: v.array(tableSchema),
  claims: v.array(claimSchema),
  series: v.record(v.string(), v.array(v.nullable(v.number()))),
  seconds: v.number(),
});

const sourceSchema: v.GenericSchema<unknown, Source> = v.strictObject({
  kind: v.picklist(["network", "data", "picture"]),
  what: v.string(),
  origin: v.string(),
  sha256: v.exactOptional(v.pipe(v.string(), v.regex(/^[\da-f]+$/))),
  standsFor: v.exactOptional(v.strictObject({ what: v.string(), why: v.string() })),
});

const partSchema: v.GenericSchema<unknown, Part> = v.strictObject({
  name: v.picklist(partNames),
  title: v.string(),
  lead: v.string(),
  sources: v.array(sourceSchema),
  sections: v.array(sectionSchema),
});

/** The form of study.json. */
export const studyRecordSchema: v.GenericSchema<unknown, StudyRecord> = v.strictObject({
  study: v.literal("limpid study"),
  title: v.string(),
  seed: v.number(),
  quick: v.boolean(),
  parts: v.array(partSchema),
  machine: v.strictObject({
    processor: v.string(),
    cores: v.number(),
    memoryBytes: v.number(),
    system: v.string(),
  }),
  versions: v.record(v.string(), v.string()),
});
