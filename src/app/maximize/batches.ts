/** @file The units of a recipe, batch by batch: what is finished is written before the next batch begins. */
import type { StopSignal } from "../../errors.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import type { MaximizeFolder } from "./folder.ts";
import { maximize, type StepProgress } from "../../optvis/maximize.ts";
import { visualized } from "../../optvis/visualized-network.ts";
import type { Recipe } from "../../optvis/recipe.ts";
import { activationOf, objectiveOf, type Unit } from "../../optvis/units.ts";
import type { MaximizePlan } from "./plan.ts";

/** Frames of an animation, without those that hold its end. */
const mostFrames = 48;

/**
 * Maximises the units that the folder lacks. A batch is made whole or not at all, always of the same
 * units, so that work that was stopped gives the same bytes. `report` gets picture steps done.
 */
export async function climbUnits(
  plan: MaximizePlan,
  folder: MaximizeFolder,
  signal: StopSignal,
  report: (done: number, text: string) => void,
): Promise<void> {
  let done = 0;
  for (const units of batchesOf(plan.recipe)) {
    if (units.every((unit) => folder.isDone(unit))) continue;
    const frames = units.map((): Picture[] => []);
    const onStep = (progress: StepProgress) => {
      addFrames(frames, progress, plan.recipe);
      report(done + units.length * progress.step, units[0]!.layer);
    };
    const made = await climbBatch(plan, units, signal, onStep);
    await folder.add(units, made, frames);
    done += units.length * plan.recipe.settings.steps;
  }
}

/** Units that go through the network together: of one layer, and with diversity of one unit. */
export function batchesOf(recipe: Recipe): readonly (readonly Unit[])[] {
  const batches: Unit[][] = [];
  for (const unit of recipe.units) {
    const last = batches.at(-1);
    const fits =
      last !== undefined &&
      last[0]!.layer === unit.layer &&
      (unit.facet === undefined ? last.length < (recipe.batches[unit.layer] ?? 1) : unit.facet > 0);
    if (fits) last.push(unit);
    else batches.push([unit]);
  }
  return batches;
}

function climbBatch(
  { recipe, model, unitsOf }: MaximizePlan,
  units: readonly Unit[],
  signal: StopSignal,
  onStep: (progress: StepProgress) => void,
) {
  const oneUnit = unitsOf.get(units[0]!.layer) === 1;
  const goal = {
    negative: recipe.negative,
    oneUnit,
    classScore: recipe.settings.classScore ?? "logit",
    ...(recipe.apart === null ? {} : { apart: recipe.apart }),
  };
  const { settings: preset, size, seed } = recipe;
  const { classScore: _, ...plainGoal } = goal;
  return maximize(
    visualized(model, recipe.preprocessing),
    units.map((unit) => objectiveOf(unit, goal)),
    {
      preset,
      size,
      seed,
      signal,
      onStep,
      wakenedBy: units.map((unit) => objectiveOf(unit, plainGoal)),
      judgedBy: units.map((unit) => activationOf(unit, oneUnit)),
      withPictures: (step) => recipe.animate && isFrame(step, preset.steps),
    },
  );
}

/** Frames lie close together in the beginning, where most happens. */
function isFrame(step: number, steps: number): boolean {
  const frameAt = (at: number) => Math.floor(mostFrames * Math.sqrt(at / steps));
  return step === 1 || frameAt(step - 1) !== frameAt(step);
}

function addFrames(frames: Picture[][], { pictures }: StepProgress, recipe: Recipe): void {
  if (!pictures) return;
  const length = pictures.length / frames.length;
  for (const [i, list] of frames.entries()) {
    const data = pictures.subarray(i * length, (i + 1) * length);
    list.push(pictureOfFloats(data, recipe.size, recipe.settings.display));
  }
}
