/** @file What a drawn pet is like: everything that is drawn by lot, before anything is painted. */
import type { RandomStream } from "../../random.ts";
import { hsl, mix, type Rgb } from "../painting/colour.ts";

/** Markings of the fur; both kinds of animals have all of them. */
type Coat = "plain" | "stripes" | "spots" | "patch" | "blaze";

/** How a pet looks, whichever kind it is. Lengths are in radii of a head, angles in degrees. */
export interface PetTraits {
  /** Middle of the head, as shares of the picture's sides. */
  readonly place: readonly [number, number];
  /** Radius of the head as a share of the picture's shorter side. */
  readonly radius: number;
  readonly degrees: number;
  /** How far the face is turned to the right and down. */
  readonly turn: readonly [number, number];
  readonly headWidth: number;
  readonly headHeight: number;
  readonly cheeks: number;
  readonly coat: Coat;
  readonly fur: Rgb;
  /** Of markings. */
  readonly marks: Rgb;
  /** Of the muzzle and the chest. */
  readonly pale: Rgb;
  readonly nose: Rgb;
  readonly iris: Rgb;
  readonly collar: Rgb | undefined;
  readonly eyes: { readonly apart: number; readonly height: number; readonly size: number };
  /** How wide the pupils are open, where they gaze, and how far lids close: each in 0..1 or -1..1. */
  readonly pupil: number;
  readonly gaze: readonly [number, number];
  readonly earSize: number;
  readonly earSpread: number;
  /** One for each ear. */
  readonly earTilt: readonly [number, number];
  readonly muzzleSize: number;
  readonly smile: number;
  readonly showsTongue: boolean;
  readonly whiskerDroop: number;
  /** Length of the hairs at the edge. */
  readonly shaggy: number;
  /** Where the light comes from. */
  readonly light: readonly [number, number];
  readonly noiseSeed: number;
}

const furs: readonly Rgb[] = [
  [0.87, 0.56, 0.27],
  [0.55, 0.55, 0.58],
  [0.24, 0.22, 0.23],
  [0.55, 0.37, 0.24],
  [0.92, 0.82, 0.66],
  [0.95, 0.93, 0.9],
  [0.76, 0.58, 0.38],
  [0.42, 0.45, 0.52],
  [0.66, 0.33, 0.18],
];
const noses: readonly Rgb[] = [
  [0.12, 0.1, 0.11],
  [0.34, 0.22, 0.19],
  [0.86, 0.52, 0.53],
];
const irises: readonly Rgb[] = [
  [0.45, 0.65, 0.3],
  [0.86, 0.65, 0.2],
  [0.47, 0.3, 0.16],
  [0.36, 0.6, 0.82],
  [0.68, 0.42, 0.16],
];
const coats: readonly Coat[] = ["plain", "stripes", "spots", "patch", "blaze"];

/** The traits that a stream draws. None depends on the kind of animal. */
export function drawTraits(random: RandomStream): PetTraits {
  const of = <T>(values: readonly T[]) => values[random.below(values.length)]!;
  const fur = tinted(of(furs), random);
  const other = tinted(of(furs), random);
  return {
    place: [0.5 + random.between(-0.09, 0.09), 0.53 + random.between(-0.06, 0.08)],
    radius: random.between(0.235, 0.325),
    degrees: Math.min(Math.max(9 * random.normal(), -20), 20),
    turn: [random.between(-0.16, 0.16), random.between(-0.06, 0.08)],
    headWidth: random.between(0.9, 1.08),
    headHeight: random.between(0.84, 0.98),
    cheeks: random.between(0.28, 0.5),
    coat: of(coats),
    fur,
    marks: contrasting(fur, other),
    pale: mix(fur, [0.98, 0.95, 0.9], random.between(0.45, 0.95)),
    nose: of(noses),
    iris: of(irises),
    collar:
      random.uniform() < 0.4 ? hsl(random.uniform(), 0.7, random.between(0.35, 0.55)) : undefined,
    eyes: {
      apart: random.between(0.36, 0.45),
      height: random.between(-0.2, -0.08),
      size: random.between(0.17, 0.22),
    },
    pupil: random.uniform(),
    gaze: [random.between(-1, 1), random.between(-1, 1)],
    earSize: random.between(0.85, 1.2),
    earSpread: random.between(-1, 1),
    earTilt: [8 * random.normal(), 8 * random.normal()],
    muzzleSize: random.between(0.88, 1.12),
    smile: random.between(0.2, 1),
    showsTongue: random.uniform() < 0.45,
    whiskerDroop: random.between(-0.12, 0.2),
    shaggy: random.between(0.015, 0.07),
    light: [random.between(-0.8, 0.8), random.between(-1, -0.3)],
    noiseSeed: random.below(2 ** 31),
  };
}

function tinted(colour: Rgb, random: RandomStream): Rgb {
  const other = hsl(random.uniform(), random.between(0.2, 0.6), random.between(0.2, 0.8));
  return mix(colour, other, random.between(0, 0.16));
}

/** A second colour that shows on the first. */
function contrasting(fur: Rgb, other: Rgb): Rgb {
  const difference = Math.max(...fur.map((value, c) => Math.abs(value - other[c]!)));
  const isDark = fur[0] + fur[1] + fur[2] < 1.2;
  return difference > 0.25 ? other : mix(fur, isDark ? [0.9, 0.88, 0.85] : [0.15, 0.1, 0.08], 0.5);
}
