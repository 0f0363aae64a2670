/** @file Writes a report's page, typeface and record beside its pictures. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { formatRecord, type StudyRecord } from "../report/record.ts";
import { readBytes, readText, writeWhole } from "../node/files.ts";
import { reportPage } from "../report/page.ts";
import { fontFiles } from "../report/style.ts";

/**
 * Writes index.html, study.json and the typeface to the folder that already holds the record's pictures, and
 * returns the page's path. Throws `bad-file` where a chart is missing or nothing can be written.
 */
export async function writeReport(folder: string, record: StudyRecord): Promise<string> {
  const charts = new Map<string, string>();
  for (const { file } of chartsOf(record)) charts.set(file, await readText(join(folder, file)));
  const { resolve } = createRequire(import.meta.url);
  for (const name of fontFiles) {
    const bytes = await readBytes(resolve(`@fontsource/inter/files/${name}`));
    await writeWhole(join(folder, "fonts", name), bytes);
  }
  const license = await readFile(resolve("@fontsource/inter/LICENSE"));
  await writeWhole(join(folder, "fonts", "LICENSE"), license);
  await writeWhole(join(folder, "study.json"), formatRecord(record));
  const page = join(folder, "index.html");
  await writeWhole(
    page,
    reportPage(record, (file) => charts.get(file)!),
  );
  return page;
}

function chartsOf({ parts }: StudyRecord) {
  return parts.flatMap(({ sections }) =>
    sections.flatMap(({ figures }) => figures.flatMap(({ charts }) => charts)),
  );
}
