/** @file The record of a study keeps its form through JSON, and what has another form is refused. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { safeParse } from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeExampleStudy } from "../../test/example-study.ts";
import { formatRecord, studyRecordSchema, type StudyRecord } from "./record.ts";

let folder: string;
let record: StudyRecord;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "limpid-record-"));
  record = await writeExampleStudy(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a record with every kind of thing comes back as it was", () => {
  const { output } = safeParse(studyRecordSchema, JSON.parse(formatRecord(record)));
  expect(output).toEqual(record);
});

test.each([
  ["a name that no part has", '"name": "mnist"', '"name": "dogs"'],
  ["a claim without a number", /"measures": \[[^\]]*\]/, '"measures": []'],
  ["a figure without an id", '"id": "units",', ""],
  ["a side of no pixel", /"widthPx": \d+/, '"widthPx": 0'],
  ["a field of its own", '"seed":', '"sead": 1, "seed":'],
])("%s is refused", (_, from, to) => {
  const text = formatRecord(record);
  expect(safeParse(studyRecordSchema, JSON.parse(text)).success).toBe(true);
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  expect(safeParse(studyRecordSchema, JSON.parse(changed)).success).toBe(false);
});
