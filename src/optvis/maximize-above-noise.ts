/** @file Units whose pictures excite them less than mere noise, or a photo that is at hand: that is told; hardly any, and they are tried again. */
import { type MaximizedUnit, type VisualizedNetwork } from "./maximize.ts";
import { noisePictures } from "./noise-pictures.ts";
import type { Objective } from "./objectives.ts";
import { highestOnPhotos, type PhotoLevel } from "./photo-levels.ts";
import { usualStarts, type Awakening } from "./start.ts";
import { maximizeAwake, retried, type WakeOptions } from "./wake.ts";

/** What excites a unit more than the picture that was made for it. */
export interface HigherPicture {
  readonly level: number;
  /** Name of the photo; left out for noise. */
  readonly photo?: string;
}

/** A unit, and what its picture falls short of. */
export interface ComparedUnit extends MaximizedUnit {
  readonly below?: HigherPicture;
}

export interface CompareOptions extends WakeOptions {
  /** Whether the objectives are pictures of one unit that differ from each other, so that none is made again alone. */
  readonly isOfOneUnit?: boolean;
}

/**
 * As `maximizeAwake`; what noise of several contrasts or a given photo excites more than its own picture does is told
 * (`below`): a preset keeps out fine grain that excites filters of edges most, and its picture is worth more than grain. A unit
 * that is excited less than a tenth as much is as good as silent: it is tried again from what excites it most, and keeps the better
 * picture. Units that are to be excited least are not compared, nor are sketches, which end while ReLU is still redirected.
 */
export async function maximizeAboveNoise(
  network: VisualizedNetwork,
  objectives: readonly Objective[],
  options: CompareOptions,
): Promise<ComparedUnit[]> {
  const made = await maximizeAwake(network, objectives, options);
  if (options.least || isSketch(options)) return made;
  const { measuredObjectives: measured = objectives, photos = [], size } = options;
  const shown = [...noisePictures(size), ...photos];
  const levels = await highestOnPhotos(network, measured, shown, options);
  const asleep = made.flatMap((unit, place) => (isAsleep(unit, levels[place]!) ? [place] : []));
  const usual = usualStarts(objectives);
  const startOf = (place: number) => {
    const start = { key: usual[place]!.key, contrast: 1, photo: levels[place]!.photo.picture() };
    return { start, from: awakeningOf(levels[place]!, photos) };
  };
  const starts = new Map(
    (options.isOfOneUnit ? [] : asleep).map((place) => [place, startOf(place)]),
  );
  const again = await retried(network, objectives, starts, options);
  return made.map((unit, place) => {
    const second = again.get(place);
    const isBetter = second !== undefined && second.activation > unit.activation;
    const best = isBetter ? { ...second, silent: false } : unit;
    const level = levels[place]!;
    return isBelow(best, level) ? { ...best, below: higherOf(level, photos) } : best;
  });
}

function isSketch({ preset, steps = preset.steps }: WakeOptions): boolean {
  return steps <= preset.redirectedSteps;
}

/** A level that is higher by less than this share is nothing to speak of. */
const leastHigher = 0.01;

function isBelow({ activation }: MaximizedUnit, { level }: PhotoLevel): boolean {
  return level - activation > leastHigher * Math.abs(level);
}

/** Of what something else excites a unit by, so little is as good as silence. */
const asleepShare = 0.1;

function isAsleep({ activation }: MaximizedUnit, { level }: PhotoLevel): boolean {
  return level > 0 && activation < asleepShare * level;
}

type Photos = NonNullable<WakeOptions["photos"]>;

function awakeningOf({ photo }: PhotoLevel, photos: Photos): Awakening {
  return photos.includes(photo) ? { kind: "photo", photo: photo.name } : { kind: "pixels" };
}

function higherOf({ level, photo }: PhotoLevel, photos: Photos): HigherPicture {
  return photos.includes(photo) ? { level, photo: photo.name } : { level };
}
