/** @file Units in words. */
import type { ChannelUnit, CombinationUnit, Unit } from "../../optvis/units.ts";
import { targetText } from "../../scores/target-text.ts";

type Labels = readonly string[] | undefined;

/** "dog minus cat" */
export function combinationText(unit: CombinationUnit, labels: Labels): string {
  const { plus, minus, output } = unit;
  const ofOutput = output === undefined ? {} : { output };
  return targetText({ kind: "combination", plus, minus, ...ofOutput }, labels);
}

/** The name of the class that a unit stands for; names belong to the output that is meant where none is named. */
export function labelOf(unit: Unit, labels: Labels): string | undefined {
  const isNamed = "class" in unit && unit.class !== undefined && unit.output === undefined;
  return isNamed ? labels?.[unit.class] : undefined;
}

/** "class 1", with the output where it is not the usual one. */
function classText({ class: number, output }: ChannelUnit): string {
  return `class ${number}${output === undefined ? "" : ` of "${output}"`}`;
}

/** "features, channel 3 at row 1, column 4", "class 1 (dog)", "dog minus cat", "features, a direction", "features". */
export function unitText(unit: Unit, labels: Labels): string {
  if ("plus" in unit) return combinationText(unit, labels);
  if (!("channel" in unit || "vector" in unit)) return unit.layer;
  const place = placeText(unit.place);
  if ("vector" in unit) return `${unit.layer}, a direction${place}`;
  if (unit.class === undefined) return `${unit.layer}, channel ${unit.channel}${place}`;
  const label = labelOf(unit, labels);
  return `${classText(unit)}${label === undefined ? "" : ` (${label})`}${place}`;
}

function placeText(place: readonly number[] | undefined): string {
  if (!place) return "";
  const [row, column] = place;
  return column === undefined ? ` at token ${row}` : ` at row ${row}, column ${column}`;
}
