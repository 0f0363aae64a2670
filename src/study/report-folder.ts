/** @file Writes a report's page, typeface and record beside its pictures. */
import type { JobPlatform } from "../app/job-platform.ts";
import { LimpidError } from "../errors.ts";
import { reportPage } from "../report/page.ts";
import { formatRecord, type StudyRecord } from "../report/record.ts";
import { fontFiles } from "../report/style.ts";
import { joinPath } from "../wording/paths.ts";

/** What the page shows, as data. */
export const recordName = "study.json";
export const pageName = "index.html";

/**
 * Writes index.html, study.json and the typeface to the folder that already holds the record's pictures, and
 * returns the page's path. Throws `bad-file` where a chart is missing or nothing can be written.
 */
export async function writeReport(
  platform: JobPlatform,
  folder: string,
  record: StudyRecord,
): Promise<string> {
  const charts = new Map<string, string>();
  for (const file of chartFiles(record)) {
    const path = joinPath(folder, file);
    const chart = await platform.readOwn(path);
    if (!chart)
      throw new LimpidError("bad-file", `study: the chart "${path}" must be there, got none.`);
    charts.set(file, new TextDecoder().decode(chart));
  }
  for (const name of [...fontFiles, "LICENSE"]) {
    const path = await platform.shipped(`fonts/${name}`);
    // Where no typeface ships, the page takes the reader's.
    if (path === undefined) continue;
    await platform.writeWhole(joinPath(folder, "fonts", name), await platform.readBytes(path));
  }
  await platform.writeWhole(joinPath(folder, recordName), formatRecord(record));
  const page = joinPath(folder, pageName);
  const text = await reportPage(record, (file) => charts.get(file)!);
  await platform.writeWhole(page, text);
  return page;
}

function chartFiles({ parts }: StudyRecord): readonly string[] {
  return parts
    .flatMap(({ sections }) => sections)
    .flatMap(({ figures }) => figures)
    .flatMap(({ charts }) => charts)
    .map(({ file }) => file);
}
