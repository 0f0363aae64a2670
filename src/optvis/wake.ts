/** @file Units that stay silent: starting pictures are sought that wake them, and what none wakes gets a plain picture. */
import { throwIfAborted } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import { toNumbers } from "../graph/tensor.ts";
import { scalePictures } from "../image/affine.ts";
import {
  differs,
  maximize,
  picturesFor,
  type MaximizedUnit,
  type MaximizeOptions,
  type StepProgress,
  type VisualizedNetwork,
} from "./maximize.ts";
import type { Objective } from "./objectives.ts";
import { startVariables, usualStarts, type StartPicture } from "./start.ts";
import { buildStartScore, stepNames } from "./step.ts";

/** Starting pictures that are tried for a silent unit: a plain one, and so many of each contrast. */
const contrasts = [1, 4, 16, 64] as const;
const picturesEach = 6;

/** How strong the contrast is from which a unit is led that no starting picture woke. */
const ledContrast = 4;
/** Steps in which ReLU lets the gradient through to such a unit, before the usual ones. */
const leadingSteps = 128;

export interface WakeOptions extends MaximizeOptions {
  /** Whether units are to be excited least: then what excites them is sought only to tell silent ones. */
  readonly least?: boolean;
  /** What draws a unit up that no starting picture woke, while ReLU is redirected; by default as for all units. */
  readonly leadingObjectives?: readonly Objective[];
  /** As `onStep`, for the units that are tried again, by their places among the objectives. */
  readonly onStepAgain?: (places: readonly number[], progress: StepProgress) => void;
}

/**
 * As `maximize`; a unit whose score its picture did not move is tried again, from the starting picture of several seeds
 * and contrasts that excites it most, or where none does, with ReLU redirected for longer. The pictures of other units
 * stay what they are. What stays silent gets a plain picture.
 */
export async function maximizeAwake(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: WakeOptions,
): Promise<MaximizedUnit[]> {
  const made = await maximize(network, objectives, options);
  const silent = made.flatMap((unit, place) => (unit.silent ? [place] : []));
  if (silent.length === 0) return made;
  const starts = await wakingStarts(network, objectives, options, made, silent);
  const woken = silent.filter((place) => starts.has(place));
  const led = silent.filter((place) => !starts.has(place));
  const usual = usualStarts(objectives);
  const { preset, steps = preset.steps } = options;
  const { least = false, measuredObjectives: measured = objectives } = options;
  const excited = least ? measured : objectives;
  const again = [
    ...(await retried(network, excited, woken, {
      ...options,
      starts: woken.map((place) => starts.get(place)!),
    })),
    ...(await retried(network, excited, led, {
      ...options,
      warmUpObjectives: options.leadingObjectives ?? options.warmUpObjectives ?? excited,
      starts: led.map((place) => ({ key: usual[place]!.key, contrast: ledContrast })),
      preset: { ...preset, redirectedSteps: leadingSteps },
      steps: leadingSteps + steps,
    })),
  ];
  const found = new Map([...woken, ...led].map((place, i) => [place, again[i]!]));
  return made.map((unit, place) => {
    const second = found.get(place);
    if (!second) return unit;
    if (!differs(unit.activation, second.activation)) return plain(network, unit);
    return { ...(least ? unit : second), silent: false };
  });
}

/** A silent unit with a picture of middle grey. */
function plain({ scaling }: VisualizedNetwork, unit: MaximizedUnit): MaximizedUnit {
  const picture = new Float32Array(unit.picture.length).fill(0.5);
  const places = picture.length / scaling.order.length;
  return { ...unit, picture, input: scalePictures(picture, places, scaling) };
}

/** Some of the units once more. */
async function retried(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  places: readonly number[],
  options: WakeOptions,
): Promise<readonly MaximizedUnit[]> {
  if (places.length === 0) return [];
  const { warmUpObjectives: warmUps, measuredObjectives: measured, onStepAgain } = options;
  const ofPlaces = (all: readonly Objective[]) => places.map((place) => all[place]!);
  return maximize(network, ofPlaces(objectives), {
    ...options,
    ...(warmUps ? { warmUpObjectives: ofPlaces(warmUps) } : {}),
    ...(measured ? { measuredObjectives: ofPlaces(measured) } : {}),
    onStep: (progress) => onStepAgain?.(places, progress),
  });
}

/** Of each silent unit the starting picture that excites it most, if any moves it up; by place. */
async function wakingStarts(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: WakeOptions,
  made: readonly MaximizedUnit[],
  silent: readonly number[],
): Promise<ReadonlyMap<number, StartPicture>> {
  const measured = options.measuredObjectives ?? objectives;
  const judge = await openJudge(
    network,
    silent.map((place) => measured[place]!),
    options,
  );
  const best = new Map<number, { readonly start: StartPicture; readonly score: number }>();
  const usual = usualStarts(objectives);
  for (const { contrast, round } of tries()) {
    throwIfAborted(options.signal, "maximize");
    const starts = silent.map((place) => ({ key: `${usual[place]!.key}~${round}`, contrast }));
    const scores = await judge.scoresOf(starts);
    for (const [i, place] of silent.entries()) {
      const score = scores[i]!;
      const level = best.get(place)?.score ?? made[place]!.activation;
      if (score > level && differs(score, level)) best.set(place, { start: starts[i]!, score });
    }
  }
  await judge.release();
  return new Map([...best].map(([place, { start }]) => [place, start]));
}

function tries(): readonly { readonly contrast: number; readonly round: number }[] {
  const drawn = contrasts.flatMap((contrast) =>
    Array.from({ length: picturesEach }, (_, round) => ({ contrast, round })),
  );
  return [{ contrast: 0, round: 0 }, ...drawn];
}

/** Scores starting pictures, one an objective at a time. */
async function openJudge(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  { preset, size, seed = 0 }: WakeOptions,
) {
  const layers = [...new Set(objectives.flatMap((objective) => objective.layers))];
  const dims = [objectives.length, size.channels, size.heightPx, size.widthPx];
  const traced = cut(await network.at(dims, layers), { outputs: layers });
  const parameterization = picturesFor(network, traced, preset);
  const design = { network: traced, scaling: network.scaling, objectives, size, parameterization };
  const { graph, parameters } = buildStartScore(design);
  const session = await network.runtime.open(graph);
  return {
    async scoresOf(starts: readonly StartPicture[]): Promise<readonly number[]> {
      const variables = startVariables(design, starts, seed);
      const results = await session.run({ ...variables, ...parameters });
      return toNumbers(results[stepNames.score]!);
    },
    release: () => session.release(),
  };
}
