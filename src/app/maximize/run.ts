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
import {
  silenceNotes,
  silentOf,
  weakOf,
  weaknessNotes,
  type SilentUnit,
  type WeakUnit,
} from "./silence.ts";

/** A batch that is done. */
export interface MadeBatch extends MaximizedBatch {
  /** The way of each unit's picture, if the recipe asks for it. */
  readonly frames: readonly (readonly Picture[])[];
}

/** What of a run is passed over, and who watches it. */
export interface MaximizationRun {
  /** Units whose pictures are there already. */
  isDone?(unit: Unit): boolean;
  /** Told each unit's picture before each step. */
  onFrame?(unit: Unit, picture: Picture, step: number): void;
}

/** The pictures of a plan's units, but for batches all of whose units are done. Throws `aborted` when it is stopped. */
export async function* runMaximization(
  plan: MaximizePlan,
  context: JobContext,
  { isDone = () => false, onFrame }: MaximizationRun = {},
): AsyncGenerator<MadeBatch, void> {
  const { model, recipe } = plan;
  const { units, settings, size, seed } = recipe;
  let done = units.filter(isDone).length * settings.steps;
  const total = units.length * settings.steps;
  const progress = tellProgress(context, { what: "maximize", total, from: done });
  let frames = new Map<Unit, Picture[]>();
  const addFrames = (batch: readonly Unit[], step: StepProgress) => {
    // Of units that are tried again, the last way counts.
    if (step.step === 1) for (const unit of batch) frames.set(unit, []);
    for (const [i, picture] of framesOf(step, batch.length, recipe).entries()) {
      onFrame?.(batch[i]!, picture, step.step);
      if (recipe.animate && isFrame(step.step, settings.steps))
        frames.get(batch[i]!)!.push(picture);
    }
  };
  const batches = maximizeUnits(visualized(model, recipe.preprocessing), units, {
    preset: settings,
    size,
    seed,
    goalOf: plan.goalOf,
    photos: plan.photos,
    togetherOf: (layer) => recipe.batches[layer] ?? 1,
    isDone: (batch) => batch.every(isDone),
    signal: context.signal,
    withPictures: (step) =>
      onFrame !== undefined || (recipe.animate && isFrame(step, settings.steps)),
    onStep: (batch, step) => {
      addFrames(batch, step);
      progress.update(done + batch.length * step.step, batch[0]!.layer);
    },
    onStepAgain: addFrames,
  });
  const silent: SilentUnit[] = [];
  const weak: WeakUnit[] = [];
  try {
    for await (const batch of batches) {
      yield { ...batch, frames: batch.units.map((unit) => frames.get(unit) ?? []) };
      frames = new Map();
      done += batch.units.length * settings.steps;
      for (const each of silentOf(batch)) silent.push(each);
      for (const each of weakOf(batch)) weak.push(each);
    }
  } finally {
    progress.end();
  }
  for (const note of [...silenceNotes(silent, plan), ...weaknessNotes(weak, plan)])
    context.onNote?.(note);
}

/** Frames of an animation, without those that hold its end. */
const mostFrames = 48;

/** Frames lie close together in the beginning, where most happens. */
function isFrame(step: number, steps: number): boolean {
  const frameAt = (at: number) => Math.floor(mostFrames * Math.sqrt(at / steps));
  return step === 1 || frameAt(step - 1) !== frameAt(step);
}

/** The pictures of a step as they are shown, none if it has none. */
function framesOf({ pictures }: StepProgress, count: number, recipe: Recipe): readonly Picture[] {
  if (!pictures) return [];
  const length = pictures.length / count;
  return Array.from({ length: count }, (_, i) => {
    const data = pictures.subarray(i * length, (i + 1) * length);
    return pictureOfFloats(data, recipe.size, recipe.settings.display);
  });
}
