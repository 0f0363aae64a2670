/** @file Units in words. */
import type { CombinationUnit, Unit } from "../../optvis/units.ts";
import { targetText } from "../../scores/target-text.ts";

type Labels = readonly string[] | undefined;

/** "dog minus cat" */
export function combinationText({ plus, minus }: CombinationUnit, labels: Labels): string {
  return targetText({ kind: "combination", plus, minus }, labels);
}

/** "features, channel 3 at row 1, column 4", "class 1 (dog)", "dog minus cat", "features, a direction", "features". */
export function unitText(unit: Unit, labels: Labels): string {
  if ("plus" in unit) return combinationText(unit, labels);
  if (!("channel" in unit || "vector" in unit)) return unit.layer;
  const place = placeText(unit.place);
  if ("vector" in unit) return `${unit.layer}, a direction${place}`;
  if (unit.class === undefined) return `${unit.layer}, channel ${unit.channel}${place}`;
  const label = labels?.[unit.class];
  return `class ${unit.class}${label === undefined ? "" : ` (${label})`}${place}`;
}

function placeText(place: readonly number[] | undefined): string {
  if (!place) return "";
  const [row, column] = place;
  return column === undefined ? ` at token ${row}` : ` at row ${row}, column ${column}`;
}
