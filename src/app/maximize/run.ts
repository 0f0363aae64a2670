/** @file The run of a maximisation: batch by batch, with the frames of animations. */
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import type { StepProgress } from "../../optvis/maximize.ts";
import { maximizeUnits, type MaximizedBatch } from "../../optvis/maximize-units.ts";
import type { Recipe } from "../../optvis/recipe.ts";
import type { Unit } from "../../optvis/units.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import { tellProgress, type JobContext } from "../context.ts";
import type { MaximizePlan } from "./plan.ts";

/** A batch that is done. */
export interface MadeBatch extends MaximizedBatch {
  /** The way of each unit's picture, if the recipe asks for it. */
  readonly frames: readonly (readonly Picture[])[];
}

/** The pictures of a plan's units, but for batches all of whose units are done. Throws `aborted` when it is stopped. */
export async function* runMaximization(
  plan: MaximizePlan,
  context: JobContext,
  isDone: (unit: Unit) => boolean = () => false,
): AsyncGenerator<MadeBatch, void> {
  const { model, recipe } = plan;
  const { units, settings, size, seed } = recipe;
  let done = units.filter(isDone).length * settings.steps;
  const total = units.length * settings.steps;
  const progress = tellProgress(context, { what: "maximize", total, from: done });
  let frames: Picture[][] = [];
  const batches = maximizeUnits(visualized(model, recipe.preprocessing), units, {
    preset: settings,
    size,
    seed,
    goalOf: plan.goalOf,
    togetherOf: (layer) => recipe.batches[layer] ?? 1,
    isDone: (batch) => batch.every(isDone),
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
      yield { ...batch, frames };
      done += batch.units.length * settings.steps;
    }
  } finally {
    progress.end();
  }
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
