/** @file What `limpid maximize` says of a picture. */
import type { MaximizeRecord } from "../app/maximize/schema.ts";
import { unitText } from "../app/maximize/unit-text.ts";

/** A unit in words, its activation and where it started. */
export function lineOfUnit(
  unit: MaximizeRecord["units"][number],
  labels: readonly string[] | undefined,
): string {
  if (unit.silent) {
    return `${unitText(unit, labels)}: silent, at ${unit.activation.toPrecision(4)} in every picture that was tried`;
  }
  return `${unitText(unit, labels)}: activation ${unit.activation.toPrecision(4)}, ${unit.start.toPrecision(4)} at the start`;
}
