/** @file Units that stay silent: starting pictures are sought that wake them, and what none wakes gets a plain picture. */
import { throwIfAborted } from "../errors.ts";
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
import { networkFor } from "./needed-channels.ts";
import type { Objective } from "./objectives.ts";
import { highestOnPhotos, type PhotoLevel, type StartPhoto } from "./photo-levels.ts";
import { startVariables, usualStarts, type Awakening, type StartPicture } from "./start.ts";
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
  /** Photos that silent units are told their levels on, and from which those start that no drawn picture wakes. */
  readonly photos?: readonly StartPhoto[];
  /** As `onStep`, for the units that are tried again, by their places among the objectives. */
  readonly onStepAgain?: (places: readonly number[], progress: StepProgress) => void;
}

/** Where a silent unit starts that a picture was found for. */
interface WakingStart {
  readonly start: StartPicture;
  readonly from: Awakening;
}

/**
 * As `maximize`; a unit whose score its picture did not move is tried again, from the starting picture of several seeds
 * and contrasts that excites it most, else from the photo that does, or where none does, with ReLU redirected for longer.
 * The pictures of other units stay what they are. What stays silent gets a plain picture.
 */
export async function maximizeAwake(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: WakeOptions,
): Promise<MaximizedUnit[]> {
  const made = await maximize(network, objectives, options);
  const silent = made.flatMap((unit, place) => (unit.silent ? [place] : []));
  if (silent.length === 0) return made;
  const levels = await levelsOf(network, objectives, options, silent);
  const starts = await wakingStarts(network, objectives, options, { made, silent, levels });
  const sleepers = { made, silent, levels };
  const again = await triedAgain(network, objectives, options, { ...sleepers, starts });
  return made.map((unit, place) => {
    const second = again.get(place);
    if (!second) return unit;
    const onPhotos = levels.get(place);
    const isExcited = differs(unit.activation, second.activation);
    if (options.least && (isExcited || isHigher(onPhotos, unit))) return { ...unit, silent: false };
    if (isExcited) return { ...second, silent: false };
    return { ...plain(network, unit), ...(onPhotos ? { onPhotos } : {}) };
  });
}

/** Whether a photo excites a silent unit. */
function isHigher(onPhotos: PhotoLevel | undefined, { activation }: MaximizedUnit): boolean {
  const level = onPhotos?.level ?? activation;
  return level > activation && differs(level, activation);
}

/** By the places of the units. */
export type WakingStarts = ReadonlyMap<number, WakingStart>;

type PhotoLevels = ReadonlyMap<number, PhotoLevel>;

/** What the silent units make of the photos, by place. */
async function levelsOf(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: WakeOptions,
  silent: readonly number[],
): Promise<PhotoLevels> {
  const { photos = [], measuredObjectives: measured = objectives } = options;
  if (photos.length === 0) return new Map();
  const asked = silent.map((place) => measured[place]!);
  const found = await highestOnPhotos(network, asked, photos, options);
  return new Map(silent.map((place, i) => [place, found[i]!]));
}

/** The second tries of silent units, by place; a third from its photo for one that sinks back from a drawn picture. */
async function triedAgain(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: WakeOptions,
  { made, silent, levels, starts }: Sleepers & { readonly starts: WakingStarts },
): Promise<ReadonlyMap<number, MaximizedUnit>> {
  const usual = usualStarts(objectives);
  const { least = false, measuredObjectives: measured = objectives } = options;
  const excited = least ? measured : objectives;
  const startsOf = (places: readonly number[], startOf: (place: number) => WakingStart) =>
    new Map(places.map((place) => [place, startOf(place)]));
  const woken = startsOf(
    silent.filter((place) => starts.has(place)),
    (place) => starts.get(place)!,
  );
  const led = startsOf(
    silent.filter((place) => !starts.has(place)),
    (place) => ({ start: { key: usual[place]!.key, contrast: ledContrast }, from: atPlace }),
  );
  const again = new Map([
    ...(await retried(network, excited, woken, options)),
    ...(await retried(network, excited, led, ledOptions(options, excited))),
  ]);
  const sunk = silent.filter((place) => {
    const { activation, from } = again.get(place)!;
    const isAsleep = from?.kind !== "photo" && !differs(made[place]!.activation, activation);
    return isAsleep && isHigher(levels.get(place), made[place]!);
  });
  const fromPhotos = startsOf(sunk, (place) => photoStart(usual[place]!, levels.get(place)));
  return new Map([...again, ...(await retried(network, excited, fromPhotos, options))]);
}

/** How units are led that no starting picture woke. */
function ledOptions(options: WakeOptions, excited: readonly Objective[]): WakeOptions {
  const { preset, steps = preset.steps } = options;
  return {
    ...options,
    warmUpObjectives: options.leadingObjectives ?? options.warmUpObjectives ?? excited,
    preset: { ...preset, redirectedSteps: leadingSteps },
    steps: leadingSteps + steps,
  };
}

/** A silent unit with a picture of middle grey. */
function plain({ scaling }: VisualizedNetwork, unit: MaximizedUnit): MaximizedUnit {
  const picture = new Float32Array(unit.picture.length).fill(0.5);
  const places = picture.length / scaling.order.length;
  return { ...unit, picture, input: scalePictures(picture, places, scaling) };
}

/** Some of the units once more, by place. */
export async function retried(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  starts: WakingStarts,
  options: WakeOptions,
): Promise<ReadonlyMap<number, MaximizedUnit>> {
  if (starts.size === 0) return new Map();
  const { warmUpObjectives: warmUps, measuredObjectives: measured, onStepAgain } = options;
  const places = [...starts.keys()];
  const ofPlaces = (all: readonly Objective[]) => places.map((place) => all[place]!);
  const made = await maximize(network, ofPlaces(objectives), {
    ...options,
    ...(warmUps ? { warmUpObjectives: ofPlaces(warmUps) } : {}),
    ...(measured ? { measuredObjectives: ofPlaces(measured) } : {}),
    starts: [...starts.values()].map(({ start }) => start),
    onStep: (progress) => onStepAgain?.(places, progress),
  });
  return new Map(places.map((place, i) => [place, { ...made[i]!, from: starts.get(place)!.from }]));
}

/** What is known of silent units when starting pictures are sought. */
interface Sleepers {
  readonly made: readonly MaximizedUnit[];
  readonly silent: readonly number[];
  readonly levels: PhotoLevels;
}

/** Of each silent unit the drawn picture that excites it most, if any moves it up, else its photo if that does; by place. */
async function wakingStarts(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: WakeOptions,
  { made, silent, levels }: Sleepers,
): Promise<WakingStarts> {
  const { measuredObjectives: measured = objectives, signal } = options;
  const asked = silent.map((place) => measured[place]!);
  const judge = await openJudge(network, asked, options);
  const best = new Map<number, WakingStart & { readonly score: number }>();
  const usual = usualStarts(objectives);
  const judged = async (
    tried: readonly WakingStart[],
    isOpen: (place: number) => boolean = () => true,
  ) => {
    const scores = await judge.scoresOf(tried.map(({ start }) => start));
    for (const [i, place] of silent.entries()) {
      const score = scores[i]!;
      const level = best.get(place)?.score ?? made[place]!.activation;
      const isHigher = score > level && differs(score, level);
      if (isHigher && isOpen(place)) best.set(place, { ...tried[i]!, score });
    }
  };
  try {
    for (const { contrast, round } of tries()) {
      throwIfAborted(signal, "maximize");
      const from = contrast === 0 ? plainStart : ({ kind: "noise", contrast } as const);
      const keyOf = (place: number) => `${usual[place]!.key}~${round}`;
      await judged(silent.map((place) => ({ start: { key: keyOf(place), contrast }, from })));
    }
    const drawn = new Set(best.keys());
    const ofPhotos = silent.map((place) => photoStart(usual[place]!, levels.get(place)));
    if (levels.size > 0) await judged(ofPhotos, (place) => !drawn.has(place));
  } finally {
    await judge.release();
  }
  return best;
}

const plainStart = { kind: "plain" } as const;
const atPlace = { kind: "place" } as const;

/** The photo that excites a unit most. */
function photoStart({ key }: StartPicture, onPhotos: PhotoLevel | undefined): WakingStart {
  if (!onPhotos) return { start: { key, contrast: 0 }, from: plainStart };
  const { photo } = onPhotos;
  const start = { key, contrast: 1, photo: photo.picture() };
  return { start, from: { kind: "photo", photo: photo.name } };
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
  const dims = [objectives.length, size.channels, size.heightPx, size.widthPx];
  const { whole, graph: needed, ofChannels } = await networkFor(network, dims, objectives);
  const parameterization = picturesFor(network, whole, preset);
  const design = {
    network: needed,
    scaling: network.scaling,
    objectives: objectives.map(ofChannels),
    size,
    parameterization,
  };
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
