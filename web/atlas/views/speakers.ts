/** @file Units that speak for a class. */
import type { AtlasUnit } from "../../../src/atlas/site/site-data.ts";

export interface Speaker {
  readonly unit: number;
  readonly share: number;
  readonly state: AtlasUnit["state"];
}

const mostSpeakers = 16;

/** Of a layer's units those that name the class with a share above 0, the largest first. */
export function speakersOf(units: readonly AtlasUnit[], number: number): readonly Speaker[] {
  return units
    .flatMap(({ classes = [], state }, unit): readonly Speaker[] =>
      classes.flatMap(([named, share]) =>
        named === number && share > 0 ? [{ unit, share, state }] : [],
      ),
    )
    .toSorted((a, b) => b.share - a.share || a.unit - b.unit)
    .slice(0, mostSpeakers);
}
