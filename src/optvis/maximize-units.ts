/** @file Pictures of many units, batch by batch. */
import type { StopSignal } from "../errors.ts";
import type { StepProgress, VisualizedNetwork } from "./maximize.ts";
import { maximizeAboveNoise, type ComparedUnit } from "./maximize-above-noise.ts";
import type { PictureSize } from "./parameterizations.ts";
import type { StartPhoto } from "./photo-levels.ts";
import type { Preset } from "./presets.ts";
import {
  leadingObjectiveOf,
  measuredOf,
  objectiveOf,
  warmUpObjectiveOf,
  type Goal,
} from "./unit-objective.ts";
import type { Unit } from "./units.ts";

export interface MaximizeUnitsOptions {
  readonly preset: Preset;
  readonly size: PictureSize;
  readonly seed: number;
  /** What is done with units of a layer. */
  goalOf(layer: string): Goal;
  /** Pictures of a layer that go through the network together at most. */
  togetherOf(layer: string): number;
  /** Photos that silent units are told their levels on, and start from where nothing else wakes them. */
  readonly photos?: readonly StartPhoto[];
  /** Leaves out a batch. */
  isDone?(units: readonly Unit[]): boolean;
  readonly signal?: StopSignal;
  onStep?(units: readonly Unit[], progress: StepProgress): void;
  /** As `onStep`, for units of the batch that stayed silent and are tried again. */
  onStepAgain?(units: readonly Unit[], progress: StepProgress): void;
  /** Whether `onStep` gets the pictures of a step, counted from 1; never by default. */
  readonly withPictures?: (step: number) => boolean;
}

/** A batch that is done. */
export interface MaximizedBatch {
  readonly units: readonly Unit[];
  /** One for each unit. */
  readonly made: readonly ComparedUnit[];
}

/**
 * One picture a unit. A batch is made whole or not at all, always of the same units, so that work that was stopped gives
 * the same bytes when it goes on. Throws `aborted` when the signal fires.
 */
export async function* maximizeUnits(
  network: VisualizedNetwork,
  units: readonly Unit[],
  options: MaximizeUnitsOptions,
): AsyncGenerator<MaximizedBatch, void> {
  for (const batch of unitBatches(units, options)) {
    if (options.isDone?.(batch)) continue;
    yield { units: batch, made: await maximizeBatch(network, batch, options) };
  }
}

/**
 * Units that go through the network together: neighbours of one layer whose objectives differ in numbers only, and of
 * several pictures of one unit all of it; with `areGrouped` as many such units as have room.
 */
export function unitBatches(
  units: readonly Unit[],
  { goalOf, togetherOf }: Pick<MaximizeUnitsOptions, "goalOf" | "togetherOf">,
): readonly (readonly Unit[])[] {
  const batches: { readonly kind: string; readonly units: Unit[] }[] = [];
  for (const unit of units) {
    const goal = goalOf(unit.layer);
    const kind = objectiveOf(unit, goal).signature;
    const last = batches.at(-1);
    const isFirst = unit.facet === undefined || (goal.areGrouped === true && unit.facet === 0);
    const hasRoom = isFirst
      ? last !== undefined && last.units.length < togetherOf(unit.layer)
      : unit.facet !== undefined && unit.facet > 0;
    if (last?.kind === kind && last.units[0]!.layer === unit.layer && hasRoom) {
      last.units.push(unit);
    } else {
      batches.push({ kind, units: [unit] });
    }
  }
  return batches.map((batch) => batch.units);
}

function maximizeBatch(
  network: VisualizedNetwork,
  units: readonly Unit[],
  options: MaximizeUnitsOptions,
): Promise<readonly ComparedUnit[]> {
  const { preset, size, seed, photos = [], signal, withPictures } = options;
  const goal = options.goalOf(units[0]!.layer);
  return maximizeAboveNoise(
    network,
    units.map((unit) => objectiveOf(unit, goal)),
    {
      preset,
      size,
      seed,
      photos,
      least: goal.negative,
      isOfOneUnit: units.length > 1 && units[0]!.facet !== undefined,
      warmUpObjectives: units.map((unit) => warmUpObjectiveOf(unit, goal)),
      leadingObjectives: units.map((unit) => leadingObjectiveOf(unit, goal)),
      measuredObjectives: units.map((unit) => measuredOf(unit, goal)),
      onStep: (progress) => options.onStep?.(units, progress),
      onStepAgain: (places, progress) =>
        options.onStepAgain?.(
          places.map((place) => units[place]!),
          progress,
        ),
      ...(signal ? { signal } : {}),
      ...(withPictures ? { withPictures } : {}),
    },
  );
}
