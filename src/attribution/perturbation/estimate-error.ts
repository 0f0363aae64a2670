/** @file How far an estimated map may be off: the jackknife over groups of tries, and what is said of it. */
import { LimpidError } from "../../errors.ts";
import { formatPlain, formatShare } from "../../wording/numbers.ts";
import { option, say } from "../../wording/face.ts";
import type { MapWarning } from "../heatmap.ts";

/** Tries are dealt out to so many groups in turn. */
export const errorGroups = 10;

/** An estimate with a stated error: when it is good enough, and of how many tries at most. */
export interface Precision {
  /** Exactly so many tries, in the form of the paper. */
  readonly samples: number | undefined;
  /** The error at which drawing ends, as `spreadError` has it. */
  readonly error: number;
}

/** Throws `bad-option` for both a number of tries and an error. */
export function requireOnePrecision({
  samples,
  error,
}: {
  readonly samples?: number;
  readonly error?: number;
}): void {
  if (samples === undefined || error === undefined) return;
  throw new LimpidError(
    "bad-option",
    `error: it must stand alone, got ${error} beside ${samples} samples. leave one of them out.`,
  );
}

/**
 * The standard error of a map as a share of its spread, by the jackknife: `without` are the estimates that leave out a group of
 * tries each (Quenouille 1956; Efron and Stein 1981). Of both the mean over the places is taken off first: what is judged is the
 * pattern. So the correlation with the map of endlessly many tries is about sqrt(1 - error^2). 0 where nothing varies, NaN where it
 * cannot be told. `areas` weighs the places; all alike by default.
 */
export function spreadError(
  whole: Float64Array,
  without: readonly Float64Array[],
  areas: ArrayLike<number> = new Float64Array(whole.length).fill(1),
): number {
  const patterns = without.map((estimate) => centred(estimate, areas));
  const middle = whole.map(
    (_, i) => patterns.reduce((sum, pattern) => sum + pattern[i]!, 0) / patterns.length,
  );
  const deviations = patterns.reduce(
    (sum, pattern) =>
      sum +
      power(
        pattern.map((value, i) => value - middle[i]!),
        areas,
      ),
    0,
  );
  const noise = ((patterns.length - 1) / patterns.length) * deviations;
  return noise === 0 ? 0 : Math.sqrt(noise / power(centred(whole, areas), areas));
}

function centred(values: Float64Array, areas: ArrayLike<number>): Float64Array {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += areas[i]! * values[i]!;
    total += areas[i]!;
  }
  return values.map((value) => value - sum / total);
}

function power(values: Float64Array, areas: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += areas[i]! * values[i]! ** 2;
  return sum;
}

/** What a map cost and how good it is. */
export interface EstimateFigures {
  /** Changed pictures that the network saw. */
  readonly evaluations: number;
  /** As `spreadError` has it; left out where it cannot be told. */
  readonly error?: number;
}

export function estimateFigures(evaluations: number, error: number): EstimateFigures {
  return Number.isFinite(error) ? { evaluations, error } : { evaluations };
}

/** The figures in words: "880 changed pictures, standard error 15 % of the map's spread". */
export function estimateText({ evaluations, error }: Readonly<Record<string, number>>): string {
  const tries = `${formatPlain(Math.round(evaluations!), 4)} changed pictures`;
  return error === undefined
    ? `${tries}, too few to tell the error`
    : `${tries}, standard error ${formatShare(error)} of the map's spread`;
}

/** A warning where drawing ended before the error was small enough. */
export function imprecise(reached: number, { samples, error }: Precision): MapWarning[] {
  if (samples !== undefined || reached <= error) return [];
  const got = Number.isFinite(reached) ? `is ${formatShare(reached)}` : "is unknown";
  return [
    {
      cause: "incomplete",
      message: say`the map's standard error ${got} of its spread, more than the ${formatShare(error)} that it may be: what differs little may be chance. try more ${option("samples")}`,
    },
  ];
}

/** Tries after which the error may first be asked for: fewer tell it badly. */
export const fewestTries = 240;

/** The share of the work that is done, where the error falls with the root of the tries. */
export function shareDone(tries: number, reached: number, wanted: number, most: number): number {
  const needed = Number.isFinite(reached) ? tries * Math.max(reached / wanted, 1) ** 2 : most;
  return tries / Math.min(Math.max(needed, fewestTries), most);
}
