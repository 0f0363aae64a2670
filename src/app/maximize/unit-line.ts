/** @file What is said of a picture that was made, in a line. */
import type { MaximizeRecord } from "./schema.ts";
import { awakeningText, higherText, onPhotosText, silenceText } from "./silence.ts";
import { unitText } from "./unit-text.ts";

/** A unit in words, its activation and where it started. */
export function lineOfUnit(
  unit: MaximizeRecord["units"][number],
  labels: readonly string[] | undefined,
): string {
  const { activation, start, silent, from, onPhotos, below } = unit;
  const name = unitText(unit, labels);
  if (silent) {
    const told = onPhotos ? `; ${onPhotosText(onPhotos, activation)}` : "";
    return `${name}: ${silenceText(activation)}, at ${activation.toPrecision(4)} in every picture that was tried${told}`;
  }
  const short = below ? `, below ${higherText(below)}` : "";
  const woken = from ? `, ${awakeningText(from)}` : "";
  return `${name}: activation ${activation.toPrecision(4)}, ${start.toPrecision(4)} at the start${woken}${short}`;
}
