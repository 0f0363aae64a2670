/** @file What is said of units that stayed silent. */
import type { MaximizedBatch } from "../../optvis/maximize-units.ts";
import type { Unit } from "../../optvis/units.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { unitText } from "./unit-text.ts";

/** A unit that no picture moved, and where it stayed. */
export interface SilentUnit {
  readonly unit: Unit;
  readonly level: number;
}

/** Units that a note names; of more it tells how many. */
const mostNamed = 8;

/** The silent units of a batch. */
export function silentOf({ units, made }: MaximizedBatch): readonly SilentUnit[] {
  return units.flatMap((unit, i) =>
    made[i]!.silent ? [{ unit, level: made[i]!.activation }] : [],
  );
}

/** One sentence if there are any. */
export function silenceNotes(
  silent: readonly SilentUnit[],
  labels: readonly string[] | undefined,
): readonly string[] {
  if (silent.length === 0) return [];
  const named = silent
    .slice(0, mostNamed)
    .map(({ unit, level }) => `${unitText(unit, labels)} (at ${formatNumber(level)})`);
  const rest = silent.length - named.length;
  const list = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
  return [
    `stayed silent in every picture that was tried, and got a plain one, which shows nothing: ${list}`,
  ];
}
