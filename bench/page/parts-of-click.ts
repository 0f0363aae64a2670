/** @file Where the milliseconds of a click go. */
import type { takeWork } from "./ort-runs.ts";
import type { Moment } from "./probes.ts";

/** Milliseconds from the message to the painted map, and those of its parts in their order. */
export interface PartsOfClick {
  readonly whole: number;
  readonly heard: number;
  readonly prepared: number;
  /** From the first run's beginning to the last one's end. */
  readonly runs: number;
  readonly made: number;
  readonly painted: number;
}

/** `originMs`: when the page's clock began, in milliseconds since 1970. */
export function partsOf(
  moments: readonly Moment[],
  { runs, line }: Awaited<ReturnType<typeof takeWork>>,
  originMs: number,
): PartsOfClick {
  const asked = originMs + moments.find(({ what }) => what === "explain")!.atMs;
  const shown = originMs + moments.findLast(({ what }) => what === "heat")!.atMs;
  const heard = line.find(({ what }) => what === "heard")!.atMs;
  const said = line.findLast(({ what }) => what === "said")!.atMs;
  const [first, last] = [runs[0]!, runs.at(-1)!];
  const ended = last.atMs + last.ms;
  return {
    whole: shown - asked,
    heard: heard - asked,
    prepared: first.atMs - heard,
    runs: ended - first.atMs,
    made: said - ended,
    painted: shown - said,
  };
}
