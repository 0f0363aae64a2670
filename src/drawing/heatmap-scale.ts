/** @file The colour scale of a map. */
import { scaleFor, type ColorScale } from "../image/colormap.ts";
import type { Plane } from "../image/picture.ts";

/** Maps with more places than this are maps of pixels, whose few largest numbers would hide all others. */
const mostPlaces = 64 * 64;
const beyondShare = 0.005;

/** A map's colour scale; of maps of pixels a few numbers may lie beyond its ends. */
export function heatmapScale(map: Pick<Plane, "data">, signed: boolean): ColorScale {
  return scaleFor(map.data, {
    signed,
    beyondShare: map.data.length > mostPlaces ? beyondShare : 0,
  });
}
