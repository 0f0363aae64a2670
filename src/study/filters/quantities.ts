/** @file What is measured of the pictures of filters. */
import type { Picture } from "../../image/picture.ts";
import { colourfulness, dominantFrequency, lumaEntropy } from "./picture-measures.ts";
import type { Way } from "./ways.ts";

/** THE table of quantities, with their titles and units. */
export const quantities = {
  colourfulness: { title: "Colourfulness", unit: undefined, of: colourfulness },
  frequency: { title: "Dominant spatial frequency", unit: "cycles/px", of: dominantFrequency },
  entropy: { title: "Entropy of the luma", unit: "bits", of: lumaEntropy },
} as const;

export type Quantity = keyof typeof quantities;
export const quantityNames = Object.keys(quantities) as readonly Quantity[];

/** What a series of a quantity is called in a section. */
export function seriesName(quantity: Quantity, way: Way): string {
  return `${quantity}-${way}`;
}

/** All quantities of some pictures, one number a picture, by the names of their series. */
export function measurePictures(
  pictures: readonly Picture[],
  way: Way,
): readonly (readonly [string, readonly number[]])[] {
  return quantityNames.map((name) => [seriesName(name, way), pictures.map(quantities[name].of)]);
}
