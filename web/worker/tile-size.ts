/** @file The size of a small picture of a layer's map: in the proportions of the map. */
import type { Plane } from "../../src/image/picture.ts";

/** A signal's map is one row, which in its own proportions neither the eye nor a finger would meet. */
const mostTimesAsLong = 8;

export interface TileSize {
  readonly width: number;
  readonly height: number;
}

/** In pixels, by the longer side; the other is never shorter than an eighth of it. */
export function tileSize(
  { widthPx, heightPx }: Pick<Plane, "widthPx" | "heightPx">,
  longerPx: number,
): TileSize {
  const longer = Math.max(widthPx, heightPx, 1);
  const side = (places: number) =>
    Math.round(longerPx * Math.max(places / longer, 1 / mostTimesAsLong));
  return { width: side(widthPx), height: side(heightPx) };
}
