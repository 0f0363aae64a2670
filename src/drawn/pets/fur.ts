/** @file Fur: its colour at each place of a head, with markings, hairs, shade and light. */
import { lit, mix, type Rgb } from "../painting/colour.ts";
import { roughNoise, valueNoise } from "../painting/noise.ts";
import type { PetTraits } from "./traits.ts";

/** How the fur of one pet is painted. */
export interface Fur {
  /** The fur of the head, markings included, by the distance from its edge. */
  head(x: number, y: number, distance: number): Rgb;
  /** Fur of one colour. */
  plain(colour: Rgb): (x: number, y: number, distance: number) => Rgb;
  /** How far hairs stand out at an edge, in -1..1. */
  hairs(x: number, y: number): number;
}

/** Hairs run away from the middle of the face. */
const hairsAround = 17;
const hairsOutwards = 2.6;

export function furOf(traits: PetTraits): Fur {
  const noise = valueNoise(traits.noiseSeed);
  const rough = roughNoise(valueNoise(traits.noiseSeed ^ 0x5bd1e995));
  const strands = (x: number, y: number) => {
    const turn = Math.atan2(y + 0.1, x);
    return noise(hairsAround * turn, hairsOutwards * Math.sqrt(x * x + y * y));
  };
  const shade = (colour: Rgb, x: number, y: number, distance: number): Rgb => {
    const towards = x * traits.light[0] + y * traits.light[1];
    const edge = Math.min(Math.max(-distance / 0.3, 0), 1);
    return lit(colour, (0.78 + 0.22 * edge) * (1 + 0.13 * towards) * (1 + 0.1 * strands(x, y)));
  };
  const marked = (x: number, y: number) =>
    mix(traits.fur, traits.marks, markings(traits, x, y, 0.09 * rough(5 * x, 5 * y), rough));
  return {
    head: (x, y, distance) => shade(marked(x, y), x, y, distance),
    plain: (colour) => (x, y, distance) => shade(colour, x, y, distance),
    hairs: (x, y) => noise(2.2 * hairsAround * Math.atan2(y, x), 3),
  };
}

/** Share of the markings' colour at a place; `wobble` moves their edges. */
function markings(
  { coat, turn }: PetTraits,
  x: number,
  y: number,
  wobble: number,
  rough: (x: number, y: number) => number,
): number {
  const step = (value: number) => Math.min(Math.max(0.5 + 12 * value, 0), 1);
  const across = x - turn[0];
  switch (coat) {
    case "plain":
      return 0;
    case "stripes": {
      const onForehead = y < -0.32 ? Math.cos(15 * (across + wobble)) - 0.35 + 0.6 * (y + 0.5) : -1;
      const onCheeks = Math.abs(across) > 0.6 ? Math.cos(17 * (y + wobble)) - 0.45 : -1;
      return 0.85 * step(0.3 * Math.max(onForehead, onCheeks));
    }
    case "spots":
      return step(rough(2.6 * x + 5, 2.6 * y) - 0.22);
    case "patch":
      return step(0.46 - Math.sqrt((across - 0.42) ** 2 + (y + 0.16) ** 2) + wobble);
    case "blaze":
      return step(0.13 + 0.16 * y - Math.abs(across) + wobble);
  }
}
