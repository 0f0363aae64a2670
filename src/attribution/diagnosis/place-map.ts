/** @file A map as one number a place, and where its largest number lies. */
import type { PlaceCentres } from "../../image/placed-plane.ts";
import type { Heatmap } from "../heatmap.ts";

/** A map with one number a place, row by row: [height, width]. */
export interface PlaceMap {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
  /** Where the columns and rows lie, in shares of the picture; undefined for the plain grid. */
  readonly centres?: PlaceCentres;
}

/** A place in shares of the picture, 0..1, from the upper left corner, and its number. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** Of volumes, in shares of the depth. */
  readonly z?: number;
  readonly value: number;
}

/**
 * The map of places of a heatmap, of signals and numbers in one row, of volumes slice below slice: class activation maps as they are, of pixel maps [C, H, W] at each place
 * the number of the channel that is farthest from 0 (Simonyan et al. 2013, section 3, with its sign) or the
 * sum over the channels.
 */
export function placesOf(
  { data, dims: own, centres, kind }: Pick<Heatmap, "data" | "dims" | "centres" | "kind">,
  channels: "farthest" | "sum" = "farthest",
): PlaceMap {
  const dims = planeDims(kind === undefined ? { dims: own } : { dims: own, kind });
  const [height, width] = dims.slice(-2) as [number, number];
  const places = height * width;
  if (data.length === places)
    return { height, width, data, ...(centres && kind !== "volume" ? { centres } : {}) };
  const merged = new Float32Array(places);
  for (let at = 0; at < data.length; at += places) {
    for (let i = 0; i < places; i++) {
      const value = data[at + i]!;
      if (channels === "sum") merged[i]! += value;
      else if (!(Math.abs(value) <= Math.abs(merged[i]!))) merged[i] = value;
    }
  }
  return { height, width, data: merged };
}

/** The shape that stands for a map of an input of another kind: [C, rows, columns] or [rows, columns]. */
function planeDims({ kind = "picture", dims }: Pick<Heatmap, "kind" | "dims">): readonly number[] {
  const [first = 1, second = 1, ...others] = dims;
  switch (kind) {
    case "picture":
      return dims;
    case "signal":
      return dims.length === 1 ? [1, first] : [first, 1, second];
    case "volume":
      return dims.length === 3
        ? [first * second, others[0]!]
        : [first, second * others[0]!, others[1]!];
    default:
      return [1, first];
  }
}

/** The first of the largest numbers. NaN is passed over. */
export function maximumOf(map: PlaceMap): Place {
  return placeAt(map, maximumAt(map));
}

export function maximumAt(map: PlaceMap): number {
  let best = 0;
  for (let i = 1; i < map.data.length; i++) {
    if (map.data[i]! > map.data[best]! || Number.isNaN(map.data[best]!)) best = i;
  }
  return best;
}

export function placeAt({ height, width, data, centres }: PlaceMap, i: number): Place {
  const [row, column] = [Math.floor(i / width), i % width];
  return {
    x: clamped(centres?.x[column] ?? (column + 0.5) / width),
    y: clamped(centres?.y[row] ?? (row + 0.5) / height),
    value: data[i]!,
  };
}

/** What sees mostly padding has its centre outside of the picture. */
export function clamped(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}
