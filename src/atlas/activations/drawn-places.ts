/**
 * @file Which places of which photos an activation atlas is made of: drawn by the photo's name and the layer, so that neither other
 * photos nor the way the work is cut change them.
 */
import { randomStream } from "../../random.ts";
import { chosenPhotos } from "../photo-blocks.ts";

/** Places that are laid out, at most. */
const mostPlaces = 4096;

/** Places of one photo, at most: more of them would say the same again. */
const mostOfPhoto = 32;

/** The photos that places are drawn from, and how many of each. */
export interface PlaceDraw {
  /** Their numbers, in rising order. */
  readonly photos: readonly number[];
  /** Places of each photo, where the layer has so many. */
  readonly each: number;
}

/**
 * One place of each of at most 4,096 photos; of fewer photos 2, 4, ... 32 places of each, as many as fit: powers of two, so that
 * a photo that is added rarely changes the number.
 */
export function placeDraw(names: readonly string[]): PlaceDraw {
  const photos = chosenPhotos(names, mostPlaces);
  const fitting = Math.max(mostPlaces / Math.max(photos.length, 1), 1);
  return { photos, each: Math.min(2 ** Math.floor(Math.log2(fitting)), mostOfPhoto) };
}

/** `each` different places of a photo in a layer of so many places, or all of them; of fewer they are the first ones of more. */
export function drawnPlaces(
  photo: string,
  layer: string,
  { places, each }: { readonly places: number; readonly each: number },
): readonly number[] {
  const random = randomStream("place", layer, photo);
  // What a swap has put there, of a list of all places that is never written out (Fisher and Yates).
  const swapped = new Map<number, number>();
  return Array.from({ length: Math.min(each, places) }, (_, i) => {
    const from = i + random.below(places - i);
    const drawn = swapped.get(from) ?? from;
    swapped.set(from, swapped.get(i) ?? i);
    return drawn;
  });
}
