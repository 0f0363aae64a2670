/** @file What is said of units that stayed silent or fell short of noise, and of what woke others. */
import type { Awakening } from "../../optvis/start.ts";
import type { ComparedUnit, HigherPicture } from "../../optvis/maximize-above-noise.ts";
import type { MaximizedBatch } from "../../optvis/maximize-units.ts";
import type { Unit } from "../../optvis/units.ts";
import { option, say, type Message } from "../../wording/face.ts";
import { formatNumber } from "../../wording/numbers.ts";
import type { MaximizePlan } from "./plan.ts";
import { unitText } from "./unit-text.ts";

/** A unit's highest activation on photos, as records have it. */
export interface OnPhotos {
  readonly highest: number;
  /** Name of the photo. */
  readonly photo: string;
  /** How many there are. */
  readonly photos: number;
}

/** A unit that no picture moved, where it stayed, and its level on photos. */
export interface SilentUnit {
  readonly unit: Unit;
  readonly level: number;
  readonly onPhotos?: OnPhotos;
}

/** What woke a unit, and what it makes of photos, where there is something to tell. */
export interface Waking {
  readonly from?: Awakening;
  readonly onPhotos?: OnPhotos;
  readonly below?: HigherPicture;
}

/** As records have it. */
export function wakingOf({ from, onPhotos, below }: ComparedUnit): Waking {
  const told = onPhotos && {
    highest: onPhotos.level,
    photo: onPhotos.photo.name,
    photos: onPhotos.photos,
  };
  return {
    ...(from ? { from } : {}),
    ...(told ? { onPhotos: told } : {}),
    ...(below ? { below } : {}),
  };
}

/** Units that a note names; of more it tells how many. */
const mostNamed = 8;

/** The silent units of a batch. */
export function silentOf({ units, made }: MaximizedBatch): readonly SilentUnit[] {
  return units.flatMap((unit, i) => {
    const { silent, activation } = made[i]!;
    return silent ? [{ unit, level: activation, ...wakingOf(made[i]!) }] : [];
  });
}

/** "on your 12 photos its highest value is 0.8, on dog3.jpg"; no photo is named where none excites it beyond its `level`. */
export function onPhotosText({ highest, photo, photos }: OnPhotos, level: number): string {
  const value = formatNumber(highest);
  if (photos === 1) return `on your photo ${photo} its value is ${value}`;
  const where = highest > level ? `, on ${photo}` : "";
  return `on your ${photos} photos its highest value is ${value}${where}`;
}

/** A unit whose picture falls short of noise or of a photo. */
export interface WeakUnit {
  readonly unit: Unit;
  readonly level: number;
  readonly below: HigherPicture;
}

/** The units of a batch that noise or photos excite more than their pictures. */
export function weakOf({ units, made }: MaximizedBatch): readonly WeakUnit[] {
  return units.flatMap((unit, i) => {
    const { silent, activation, below } = made[i]!;
    return below && !silent ? [{ unit, level: activation, below }] : [];
  });
}

/** "noise: 0.08" */
export function higherText({ level, photo = "noise" }: HigherPicture): string {
  return `${photo}: ${formatNumber(level)}`;
}

/** One sentence if there are any. */
export function weaknessNotes(
  weak: readonly WeakUnit[],
  { labels }: Pick<MaximizePlan, "labels">,
): readonly Message[] {
  if (weak.length === 0) return [];
  const named = weak
    .slice(0, mostNamed)
    .map(
      ({ unit, level, below }) =>
        `${unitText(unit, labels)} (at ${formatNumber(level)}; ${higherText(below)})`,
    );
  const rest = weak.length - named.length;
  const list = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
  return [
    say`excited less by the pictures made for them than by mere noise or a given photo, so that these do not show what excites them most: ${list}`,
  ];
}

/** "from dog3.jpg": what a picture started from, short enough for a sheet. */
export function awakeningText(from: Awakening): string {
  switch (from.kind) {
    case "plain":
      return "from plain grey";
    case "noise":
      return `from ${from.contrast} times the noise`;
    case "pixels":
      return "from black and white noise";
    case "photo":
      return `from ${from.photo}`;
    case "place":
      return "led at one place";
  }
}

/** A sentence each for units that are off, at 0, and for those that are the same elsewhere. */
export function silenceNotes(
  silent: readonly SilentUnit[],
  plan: Pick<MaximizePlan, "labels" | "photos">,
): readonly Message[] {
  const off = silent.filter(({ level }) => level === 0);
  const constant = silent.filter(({ level }) => level !== 0);
  return [
    ...noteOf("stayed silent in", off, plan),
    ...noteOf("stayed constant in", constant, plan),
  ];
}

function noteOf(
  state: string,
  units: readonly SilentUnit[],
  { labels, photos }: Pick<MaximizePlan, "labels" | "photos">,
): readonly Message[] {
  if (units.length === 0) return [];
  const named = units.slice(0, mostNamed).map(({ unit, level, onPhotos }) => {
    const told = onPhotos ? `; ${onPhotosText(onPhotos, level)}` : "";
    return `${unitText(unit, labels)} (at ${formatNumber(level)}${told})`;
  });
  const rest = units.length - named.length;
  const list = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
  const more =
    photos.length > 0
      ? ""
      : say`; with ${option("photos", "DIR")} it is told what they make of photos of yours, which are tried as starts`;
  return [
    say`${state} every picture that was tried, and got a plain one, which shows nothing: ${list}${more}`,
  ];
}

/** "silent", of units that are off; "constant" at any other level. */
export function silenceText(level: number): string {
  return level === 0 ? "silent" : "constant";
}
