/** @file The places of a map that a target means, and of which class: found, highest, or in a part that is named. */
import { LimpidError } from "../errors.ts";
import { boxShare, coveredCells, maskShare, type CoveredShare } from "../image/mask.ts";
import { areValues, type Head } from "../network/head.ts";
import { option, say, type Message } from "../wording/face.ts";
import { backgroundOf } from "./background.ts";
import {
  foundLargest,
  foundPositive,
  highestChannel,
  highestPlaces,
  indexOfLargest,
  type FoundPlaces,
  type PlacedValues,
} from "./found-places.ts";
import type { MarkedRegion } from "./target-marks.ts";
import type { NamedRegion, RegionTarget } from "./target.ts";

/** The places that are meant, and of which class. */
export interface MeantPlaces {
  readonly class: number;
  readonly where: MarkedRegion["where"];
  readonly inside: Uint8Array;
  readonly notes: readonly Message[];
}

/** Numbers at every place, of classes with where they are found. */
interface FoundMap extends PlacedValues {
  readonly found: FoundPlaces | undefined;
  /** Whether a place is of one class alone. */
  readonly isExclusive: boolean;
}

/**
 * The places that a target means in a picture of shape [1, C, H, W], for which the network gives these numbers. Throws
 * `bad-option` for a class that there is not and a region without a place.
 */
export function meantPlaces(
  target: RegionTarget,
  head: Head,
  placed: PlacedValues,
  dims: readonly number[],
): MeantPlaces {
  const { channels } = placed.layout;
  for (const each of [target.class, ...(target.plus ?? []), ...(target.minus ?? [])]) {
    if (each !== "top") requireChannel(each, channels, head);
  }
  const isExclusive = !areValues(head.kind) && head.activation !== "sigmoid" && channels > 1;
  const found = areValues(head.kind)
    ? undefined
    : isExclusive
      ? foundLargest(placed)
      : foundPositive(placed);
  const map: FoundMap = { ...placed, found, isExclusive };
  const { region } = target;
  return region.kind === "found" ? whereFound(target, map) : within(target, region, map, dims);
}

/** A part that is named: the class is the one that is found at most of its places. */
function within(
  target: RegionTarget,
  region: NamedRegion,
  map: FoundMap,
  dims: readonly number[],
): MeantPlaces {
  const { height, width, channels } = map.layout;
  const [, , heightPx, widthPx] = dims as readonly [number, number, number, number];
  const frame = { left: 0, top: 0, widthPx, heightPx };
  const inside = coveredCells(shareOf(region), frame, width, height);
  if (!inside.includes(1)) {
    throw new LimpidError(
      "bad-option",
      `target: the region must hold a place of the ${height} x ${width} that the network tells apart, got none. choose another region.`,
    );
  }
  const where = region.kind;
  if (target.class !== "top") return { class: target.class, where, inside, notes: [] };
  const areas = Array.from({ length: channels }, (_, c) => areaWithin(map.found, c, inside));
  if (map.found && channels > 1 && !areas.some((area) => area > 0)) {
    const chosen = highestChannel(map);
    const note = say`no class is found in the region: ${calledClass(target, chosen)}, whose number is the largest of all places, is explained there`;
    return { class: chosen, where, inside, notes: [note] };
  }
  return { class: indexOfLargest(areas), where, inside, notes: [] };
}

function areaWithin(found: FoundPlaces | undefined, channel: number, inside: Uint8Array): number {
  if (!found) return 0;
  return found.placesOf(channel).reduce((sum, one, p) => sum + one * inside[p]!, 0);
}

/** Where a class is found, or a channel of values is highest. */
function whereFound(target: RegionTarget, map: FoundMap): MeantPlaces {
  const { found } = map;
  if (!found) {
    const chosen = target.class === "top" ? highestChannel(map) : target.class;
    return { class: chosen, where: "highest", inside: highestPlaces(map, chosen), notes: [] };
  }
  const { chosen, notes } = chosenClass(target, map, found);
  const inside = found.placesOf(chosen);
  for (const other of target.plus ?? []) {
    for (const [p, one] of found.placesOf(other).entries()) if (one === 1) inside[p] = 1;
  }
  if (inside.includes(1)) return { class: chosen, where: "found", inside, notes };
  const note = say`${calledClass(target, chosen)} is found nowhere in the picture: its mean over all places is explained (${option("box")} or ${option("mask")} names a part)`;
  return { class: chosen, where: "everywhere", inside: inside.fill(1), notes: [note] };
}

/** The class that is named, or the one with the largest area that is not background. */
function chosenClass(
  target: RegionTarget,
  map: FoundMap,
  { areas }: FoundPlaces,
): { readonly chosen: number; readonly notes: readonly Message[] } {
  if (target.class !== "top") return { chosen: target.class, notes: [] };
  const background = map.isExclusive ? backgroundOf(target.names) : undefined;
  const others = areas.map((area, i) => (i === background?.class ? 0 : area));
  const chosen = indexOfLargest(others);
  if (others[chosen]! > 0) {
    // Of what is larger without being explained it is said why.
    const isPassedOver = background && areas[background.class]! > 0 && !background.isNamed;
    const note = say`class 0 is assumed to be the background, as nothing names the classes: the class with the largest area of the others is explained (${option("target", "0")} explains it)`;
    return { chosen, notes: isPassedOver ? [note] : [] };
  }
  if (background && areas[background.class]! > 0) {
    const what = background.isNamed ? "the background" : "class 0, taken for the background,";
    return {
      chosen: background.class,
      notes: [say`nothing but ${what} is found in the picture: it is explained`],
    };
  }
  return { chosen: highestChannel(map), notes: [] };
}

function calledClass({ names }: RegionTarget, chosen: number): string {
  const name = names?.[chosen];
  return name === undefined ? `class ${chosen}` : `class ${chosen} (${name})`;
}

function requireChannel(chosen: number, channels: number, { output, kind }: Head): void {
  if (Number.isInteger(chosen) && chosen >= 0 && chosen < channels) return;
  const noun = areValues(kind) ? "channel" : "class";
  throw new LimpidError(
    "bad-option",
    `target: the ${noun} of "${output}" must be a whole number from 0 to ${channels - 1}, got ${chosen}. choose one of these.`,
  );
}

/** The share of any rectangle of the input that a region covers. */
export function shareOf(region: NamedRegion): CoveredShare {
  switch (region.kind) {
    case "box":
      return boxShare(region);
    case "mask":
      return maskShare(region);
    case "pixel":
      return pixelShare(region);
  }
}

/** A pixel covers the one cell that it lies in. */
function pixelShare({ x, y }: { readonly x: number; readonly y: number }): CoveredShare {
  return (left, top, right, bottom) => (x >= left && x < right && y >= top && y < bottom ? 1 : 0);
}
