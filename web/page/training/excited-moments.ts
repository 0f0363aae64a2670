/** @file Which moments get pictures of what excites the answers, and which of those that have some is shown. */
import type { ExcitedMoment } from "../../training-protocol.ts";

/** Moments that have pictures, by their numbers. */
export type ExcitedMoments = ReadonlyMap<number, ExcitedMoment>;

interface Asked {
  /** Epoch of each moment that is kept. */
  readonly moments: readonly number[];
  readonly excited: ExcitedMoments;
  /** Number of the moment that is looked at. */
  readonly shown: number | undefined;
  /** While a network trains, few are made, as they take its time. */
  readonly isRunning: boolean;
  /** Whether no other moment is to be made. */
  readonly isShownOnly: boolean;
}

/**
 * The moment whose pictures are made next: while training goes on the latest of those after 1, 2, 4, 8 ... epochs; else
 * what is looked at, then the ends of all epochs, the last first. Undefined where nothing is left to make.
 */
export function nextExcited({
  moments,
  excited,
  shown,
  isRunning,
  isShownOnly,
}: Asked): number | undefined {
  const isLeft = (number: number) => moments[number] !== undefined && !excited.has(number);
  if (!isRunning && shown !== undefined && isLeft(shown)) return shown;
  if (isShownOnly) return undefined;
  const isMeant = (epoch: number) =>
    Number.isInteger(epoch) && (!isRunning || (epoch > 0 && Number.isInteger(Math.log2(epoch))));
  const latest = moments.findLastIndex(isMeant);
  if (isRunning) return latest >= 0 && isLeft(latest) ? latest : undefined;
  const left = moments.findLastIndex((epoch, number) => isMeant(epoch) && isLeft(number));
  return left >= 0 ? left : undefined;
}

/** Of those that are made the one whose epoch is nearest. */
export function nearestExcited(excited: ExcitedMoments, epoch: number): ExcitedMoment | undefined {
  const apart = (moment: ExcitedMoment) => Math.abs(moment.epoch - epoch);
  return [...excited.values()].reduce<ExcitedMoment | undefined>(
    (best, moment) => (best && apart(best) <= apart(moment) ? best : moment),
    undefined,
  );
}
