/** @file What is said of units that stayed silent, and of what woke others. */
import type { Awakening } from "../../optvis/start.ts";
import type { MaximizedUnit } from "../../optvis/maximize.ts";
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
}

/** As records have it. */
export function wakingOf({ from, onPhotos }: MaximizedUnit): Waking {
  const told = onPhotos && {
    highest: onPhotos.level,
    photo: onPhotos.photo.name,
    photos: onPhotos.photos,
  };
  return { ...(from ? { from } : {}), ...(told ? { onPhotos: told } : {}) };
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

/** "from dog3.jpg": what a picture started from, short enough for a sheet. */
export function awakeningText(from: Awakening): string {
  switch (from.kind) {
    case "plain":
      return "from plain grey";
    case "noise":
      return `from ${from.contrast} times the noise`;
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
