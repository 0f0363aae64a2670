/** @file Class activation maps of several layers, fused into one. */
import { plane, type Plane } from "../../image/picture.ts";
import { gridOf, planeAt, type PlaceCentres } from "../../image/placed-plane.ts";

/** A map with its places in the picture's order. */
export interface PlacedMap {
  /** [height * width] of a layer of pictures. */
  readonly data: Float32Array;
  readonly dims: readonly number[];
  /** Where its places lie on the picture; undefined for the plain grid. */
  readonly centres: PlaceCentres | undefined;
}

/**
 * The maps [height, width] at the places of the finest, and of each place's numbers the one that `choose` prefers, as
 * LayerCAM fuses layers (Jiang et al. 2021, section IV-C), but as they are: all are slopes of one score, so they compare,
 * and a layer that does not count adds nothing. Coarser maps are bilinear between the centres of their places.
 */
export function fusedMap(
  maps: readonly PlacedMap[],
  choose: (a: number, b: number) => number,
): PlacedMap {
  const finest = maps.reduce((best, map) => (map.data.length > best.data.length ? map : best));
  const others = maps.filter((map) => map !== finest);
  const data = Float32Array.from(finest.data);
  for (const map of others) {
    const spread = planeAt(planeOf(map), centresOf(map), centresOf(finest)).data;
    for (const [i, value] of spread.entries()) data[i] = choose(data[i]!, value);
  }
  return { ...finest, data };
}

/** The number that is farther from 0. */
export function farther(a: number, b: number): number {
  return Math.abs(b) > Math.abs(a) ? b : a;
}

function planeOf({ data, dims }: PlacedMap): Plane {
  return plane(dims[1]!, dims[0]!, data);
}

function centresOf({ dims, centres }: PlacedMap): PlaceCentres {
  return centres ?? { x: gridOf(dims[1]!), y: gridOf(dims[0]!) };
}
