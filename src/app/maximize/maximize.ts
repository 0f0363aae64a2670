/** @file The maximisation of units: planned, made batch by batch and written as it goes, then shown on sheets. */
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import type { StepProgress } from "../../optvis/maximize.ts";
import { maximizeUnits } from "../../optvis/maximize-units.ts";
import type { Recipe } from "../../optvis/recipe.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import { joinPath } from "../../wording/paths.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { MaximizeFolder } from "./folder.ts";
import { planMaximization, type MaximizePlan } from "./plan.ts";
import type { MaximizeRequest } from "./request.ts";
import type { MaximizeRecord } from "./schema.ts";
import { drawMaximizeSheet } from "./sheet.ts";

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
    const folder = await MaximizeFolder.open(context.platform, plan.folder, plan.recipe);
    await makePictures(plan, folder, context);
    const sheets = await drawSheets(plan, folder, context);
    return {
      record: recordOf(folder, plan.labels),
      labels: plan.labels,
      written: [...sheets, joinPath(folder.path, "recipe.json")],
    };
  } finally {
    await plan.model.runtime.release();
  }
}

/** Makes the pictures that the folder lacks, of which each batch is written before the next one begins. */
async function makePictures(
  plan: MaximizePlan,
  folder: MaximizeFolder,
  context: JobContext,
): Promise<void> {
  const { model, recipe } = plan;
  const { units, settings, size, seed } = recipe;
  const before = folder.results.length;
  if (before > 0) context.onNote?.(`${before} of ${units.length} units are done already`);
  let done = before * settings.steps;
  const total = units.length * settings.steps;
  const progress = tellProgress(context, { what: "maximize", total, from: done });
  let frames: Picture[][] = [];
  const batches = maximizeUnits(visualized(model, recipe.preprocessing), units, {
    preset: settings,
    size,
    seed,
    goalOf: plan.goalOf,
    togetherOf: (layer) => recipe.batches[layer] ?? 1,
    isDone: (batch) => batch.every((unit) => folder.isDone(unit)),
    signal: context.signal,
    withPictures: (step) => recipe.animate && isFrame(step, settings.steps),
    onStep: (batch, step) => {
      if (step.step === 1) frames = batch.map(() => []);
      addFrames(frames, step, recipe);
      progress.update(done + batch.length * step.step, batch[0]!.layer);
    },
  });
  try {
    for await (const batch of batches) {
      await folder.add(batch.units, batch.made, frames);
      done += batch.units.length * settings.steps;
    }
  } catch (cause) {
    throw stopped(cause, folder);
  } finally {
    progress.end();
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

/** Frames of an animation, without those that hold its end. */
const mostFrames = 48;

/** Frames lie close together in the beginning, where most happens. */
function isFrame(step: number, steps: number): boolean {
  const frameAt = (at: number) => Math.floor(mostFrames * Math.sqrt(at / steps));
  return step === 1 || frameAt(step - 1) !== frameAt(step);
}

function addFrames(frames: readonly Picture[][], { pictures }: StepProgress, recipe: Recipe): void {
  if (!pictures) return;
  const length = pictures.length / frames.length;
  for (const [i, list] of frames.entries()) {
    const data = pictures.subarray(i * length, (i + 1) * length);
    list.push(pictureOfFloats(data, recipe.size, recipe.settings.display));
  }
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
  labels: readonly string[] | undefined,
): MaximizeRecord {
  const units = results.map((result) => ({
    ...result,
    ...("class" in result && result.class !== undefined
      ? { label: labels?.[result.class] ?? null }
      : {}),
    picture: joinPath(path, result.picture),
    tensor: joinPath(path, result.tensor),
    ...(result.animation === undefined ? {} : { animation: joinPath(path, result.animation) }),
  }));
  return { units };
}
