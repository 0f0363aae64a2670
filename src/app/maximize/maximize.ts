/** @file The maximisation of units: planned, made batch by batch and written as it goes, then shown on sheets. */
import { LimpidError, throwIfAborted } from "../../errors.ts";
import type { Unit } from "../../optvis/units.ts";
import { joinPath } from "../../wording/paths.ts";
import type { JobContext } from "../context.ts";
import { requireFolderPlace } from "../places.ts";
import { preprocessingRecord } from "../preprocessing-record.ts";
import { MaximizeFolder, recipeName } from "./folder.ts";
import { planMaximization, type MaximizePlan } from "./plan.ts";
import type { MaximizeRequest } from "./request.ts";
import { runMaximization } from "./run.ts";
import type { MaximizeRecord } from "./schema.ts";
import { drawMaximizeSheet } from "./sheet.ts";
import { labelOf } from "./unit-text.ts";

/** What a maximisation made. */
export interface Maximization {
  readonly record: MaximizeRecord;
  readonly labels: readonly string[] | undefined;
  /** Paths of the contact sheets, one a layer, and of the recipe. */
  readonly written: readonly string[];
}

/** Makes the pictures that excite units most. Throws `LimpidError`; what was finished before stays. */
export async function maximize(
  request: MaximizeRequest,
  context: JobContext,
): Promise<Maximization> {
  const plan = await planMaximization(request, context);
  try {
    for (const note of plan.notes) context.onNote?.(note);
    await requireFolderPlace(context.platform, plan.folder);
    return await context.platform.within(plan.folder, () => intoFolder(plan, context));
  } finally {
    await plan.model.runtime.release();
  }
}

async function intoFolder(plan: MaximizePlan, context: JobContext): Promise<Maximization> {
  const folder = await MaximizeFolder.open(context.platform, plan.folder, plan.recipe);
  await makePictures(plan, folder, context);
  const sheets = await drawSheets(plan, folder, context);
  return {
    record: recordOf(folder, plan),
    labels: plan.labels,
    written: [...sheets, joinPath(folder.path, recipeName)],
  };
}

/** Makes the pictures that the folder lacks, of which each batch is written before the next one begins. */
async function makePictures(
  plan: MaximizePlan,
  folder: MaximizeFolder,
  context: JobContext,
): Promise<void> {
  const before = folder.results.length;
  const { units } = plan.recipe;
  if (before > 0) context.onNote?.(`${before} of ${units.length} units are done already`);
  const isDone = (unit: Unit) => folder.isDone(unit);
  try {
    for await (const batch of runMaximization(plan, context, { isDone })) await folder.add(batch);
  } catch (cause) {
    throw stopped(cause, folder);
  }
}

/** Of a job that is stopped, an error that says how far it came. */
function stopped(cause: unknown, { path, recipe, results }: MaximizeFolder): unknown {
  if (!(cause instanceof LimpidError) || cause.code !== "aborted") return cause;
  return new LimpidError(
    "aborted",
    `maximize: stopped, ${results.length} of ${recipe.units.length} units are in "${path}". the same command goes on with the rest.`,
    { cause },
  );
}

/** One sheet a layer; returns their paths. */
async function drawSheets(
  plan: MaximizePlan,
  folder: MaximizeFolder,
  { platform, signal }: JobContext,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const layer of new Set(plan.recipe.units.map((unit) => unit.layer))) {
    throwIfAborted(signal, "maximize");
    paths.push(await drawMaximizeSheet(platform, folder, layer, plan.labels));
  }
  return paths;
}

function recordOf(
  { path, results }: MaximizeFolder,
  { labels, chosen }: MaximizePlan,
): MaximizeRecord {
  const units = results.map((result) => ({
    ...result,
    ...("class" in result && result.class !== undefined
      ? { label: labelOf(result, labels) ?? null }
      : {}),
    picture: joinPath(path, result.picture),
    tensor: joinPath(path, result.tensor),
    ...(result.animation === undefined ? {} : { animation: joinPath(path, result.animation) }),
  }));
  return { units, ...(chosen ? { preprocessing: preprocessingRecord(chosen) } : {}) };
}
