/** @file The figures and the record of a folder's activations, and the folder that they go to. */
import { fileNames } from "../../wording/file-names.ts";
import { joinPath } from "../../wording/paths.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { LimpidError } from "../../errors.ts";
import type { ShownInput } from "../../drawing/cut-photo.ts";
import type { SeenPart } from "../../image/seen-part.ts";
import type { Platform } from "../platform.ts";
import { readSource } from "../read-source.ts";
import { renderPhotoSheet, renderSheet } from "../render-sheet.ts";
import type { FolderPlan } from "./folder.ts";
import { pointsOf, type FolderFindings } from "./folder-findings.ts";
import { folderRecord, type FolderFacts } from "./folder-record.ts";
import { recordName } from "./schema.ts";
import { patchSheets, sheetGroups, strongestSheet } from "./folder-sheets.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** Writes a sheet a layer, one a channel that is enlarged, a chart and the record. Returns how many sheets. */
export async function writeFolderFiles(
  plan: FolderPlan,
  findings: FolderFindings,
  facts: FolderFacts,
  out: string,
  context: JobContext,
): Promise<number> {
  const { platform } = context;
  const { sheets, parts } = await writeSheets(plan, findings, out, context);
  const chance = findings.layers.find(({ classShare }) => classShare)?.classShare?.chance;
  const { setChart } = await import("./set-chart.ts");
  const chart = setChart(pointsOf(findings), chance, await platform.chartDocument());
  await platform.writeWhole(joinPath(out, "depth.svg"), chart);
  const text = `${jsonText(folderRecord(findings, { ...facts, parts }))}\n`;
  await platform.writeWhole(joinPath(out, recordName), text);
  return sheets;
}

/** What the network sees of a picture; if it is a part of it, that is added to `parts`. */
async function seenPicture(
  { model, folder, preparation }: FolderPlan,
  number: number,
  platform: Platform,
  parts: Map<number, SeenPart>,
): Promise<ShownInput> {
  const path = folder.paths[number]!;
  const { seen, cut, part } = await readSource(platform, model, path, preparation);
  if (part) parts.set(number, part);
  if (seen) return { photo: seen, ...(cut ? { cut } : {}) };
  throw new LimpidError(
    "bad-file",
    `activations: "${path}" must still be the picture that it was, got another file.`,
  );
}

async function writeSheets(
  plan: FolderPlan,
  { layers }: FolderFindings,
  out: string,
  context: JobContext,
): Promise<{ readonly sheets: number; readonly parts: ReadonlyMap<number, SeenPart> }> {
  const parts = new Map<number, SeenPart>();
  const { model, fieldsOf, folder, channels } = plan;
  const { platform } = context;
  const names = fileNames(layers.map(({ name }) => name));
  const digits = `${layers.length}`.length;
  const progress = tellProgress(context, { what: "sheets", total: layers.length });
  const pictureChannels = model.inputDims()[1] === 1 ? 1 : 3;
  const work = {
    channels: pictureChannels,
    fieldsOf,
    paths: folder.paths,
    seenPicture: (number: number) => seenPicture(plan, number, platform, parts),
    signal: context.signal,
  } as const;
  let done = 0;
  try {
    for (const group of sheetGroups(layers, pictureChannels)) {
      const before = done;
      const update = (share: number, text?: string) =>
        progress.update(before + (share * group.length) / 2, text);
      const sheets = await patchSheets({ ...work, progress: { update } }, group);
      for (const [i, sheet] of sheets.entries()) {
        const number = `${before + i + 1}`.padStart(digits, "0");
        const name = `${number}-${names.get(group[i]!.record.name)!}.jpg`;
        await platform.writeWhole(joinPath(out, name), await renderPhotoSheet(platform, sheet));
        progress.update(before + (group.length + i + 1) / 2, name);
      }
      done += group.length;
    }
    for (const channel of channels) {
      const [layer] = layers;
      const sheet = await strongestSheet({ ...work, progress }, layer!, channel);
      const name = `${names.get(layer!.name)!}-channel-${channel}.png`;
      await platform.writeWhole(joinPath(out, name), await renderSheet(platform, sheet));
    }
  } finally {
    progress.end();
  }
  return { sheets: done + channels.length, parts };
}
