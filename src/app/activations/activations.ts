/** @file The activations of a picture or a folder: opened, planned, run, recorded and drawn. */
import type { Model } from "../../network/model.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import type { JobContext } from "../context.ts";
import { heldOptions } from "../given-inputs.ts";
import { openNetwork, readyModel } from "../open.ts";
import { openPictureFolder, type PictureFolder } from "../picture-folder.ts";
import { requireFolderPlace } from "../places.ts";
import { preprocessingFor } from "../preparation.ts";
import { preprocessingRecord } from "../preprocessing-record.ts";
import { readSource } from "../read-source.ts";
import { tellAssumptions } from "../source.ts";
import { planFolder, runFolder } from "./folder.ts";
import { writeFolderFiles } from "./folder-files.ts";
import type { FolderFindings } from "./folder-findings.ts";
import { folderSummary } from "./folder-record.ts";
import { planPicture, runPicture, type PictureActivations } from "./picture.ts";
import { writePictureFiles } from "./picture-files.ts";
import { activationsValues, type ActivationsRequest } from "./request.ts";
import { savedRecordPath, withSavedRecord } from "./saved-record.ts";
import { recordName, type FolderSummary, type PictureRecord } from "./schema.ts";

/** What came of a job, all of it written. */
export type ActivationsResult =
  | {
      readonly kind: "picture";
      readonly found: PictureActivations;
      readonly record: PictureRecord;
      /** Name of the sheet of enlarged channels, if there is one. */
      readonly enlarged?: string;
    }
  | {
      readonly kind: "folder";
      readonly findings: FolderFindings;
      /** Sheets that were written. */
      readonly sheets: number;
      readonly record: FolderSummary;
    };

/**
 * Shows what the layers of a network make of a picture, or of a folder of pictures: sheets, numbers, statistics and a
 * chart in a folder. Pictures of a folder that cannot be used are told of and left out; if it is stopped, what was
 * gathered is saved there, and the same request goes on with it. Throws `LimpidError` where nothing can be done;
 * files are written whole or not at all.
 */
export async function activations(
  request: ActivationsRequest,
  context: JobContext,
): Promise<ActivationsResult> {
  const { platform } = context;
  activationsValues(request);
  const isFolder = (await platform.find(request.input))?.kind === "folder";
  const folder = isFolder ? await openPictureFolder(platform, request.input) : undefined;
  const { out } = request;
  platform.protect(folder?.paths ?? [request.input]);
  await requireFolderPlace(platform, out);
  return platform.within(out, async () => {
    for (const path of [...(folder ? [savedRecordPath(out)] : []), joinPath(out, recordName)])
      await platform.requireWritable(path);
    return intoFolder(folder, request, context);
  });
}

async function intoFolder(
  folder: PictureFolder | undefined,
  request: ActivationsRequest,
  context: JobContext,
): Promise<ActivationsResult> {
  const runtime = await context.platform.openRuntime(request.runtime);
  try {
    const graph = await openNetwork(request.model, context);
    const model = await readyModel(
      graph,
      runtime,
      context,
      await heldOptions(context.platform, graph, request),
    );
    return await (folder
      ? ofFolder(model, folder, request, context)
      : ofPicture(model, request, context));
  } finally {
    await runtime.release();
  }
}

async function ofPicture(
  model: Model,
  request: ActivationsRequest,
  context: JobContext,
): Promise<ActivationsResult> {
  const { platform } = context;
  const { input: picture, out } = request;
  const { scale } = activationsValues(request);
  const source = await readSource(platform, model, picture, request);
  tellAssumptions(source, context);
  const plan = await planPicture(model, source, picture, request);
  const found = await runPicture(model, source, plan, context);
  const { chosen } = source;
  const place = { folder: out, picture, model: baseName(request.model), chosen, scale };
  return { kind: "picture", found, ...(await writePictureFiles(found, place, context)) };
}

async function ofFolder(
  model: Model,
  folder: PictureFolder,
  request: ActivationsRequest,
  context: JobContext,
): Promise<ActivationsResult> {
  const { out, runtime } = request;
  const plan = await planFolder(model, folder, request);
  const chosen = await preprocessingFor(context.platform, model, request, folder.paths);
  tellAssumptions({ chosen, note: chosen.note }, context);
  const place = { path: savedRecordPath(out), runtime };
  return withSavedRecord(plan, place, context, async (record, keep) => {
    const findings = await runFolder(plan, context, record, keep);
    const { fieldsOf } = plan;
    const preprocessing = preprocessingRecord(chosen);
    const facts = { model: baseName(request.model), folder, preprocessing, record, fieldsOf };
    const sheets = await writeFolderFiles(plan, findings, facts, out, context);
    return { kind: "folder", findings, sheets, record: folderSummary(findings, facts) };
  });
}
