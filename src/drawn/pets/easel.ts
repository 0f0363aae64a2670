/** @file What all that paint a face share. */
import type { Canvas, Frame } from "../painting/canvas.ts";
import { lit, type Rgb } from "../painting/colour.ts";
import type { Fur } from "./fur.ts";
import { ellipse, type Point } from "../painting/shapes.ts";
import type { PetTraits } from "./traits.ts";

/** A pet that is being painted. The frame's origin is the middle of the head, its unit the head's radius. */
export interface Easel {
  readonly canvas: Canvas;
  readonly frame: Frame;
  readonly traits: PetTraits;
  readonly fur: Fur;
}

/** Left and right in the picture. */
export type Side = -1 | 1;

export const dark: Rgb = [0.09, 0.07, 0.08];
export const tongueRed: Rgb = [0.9, 0.42, 0.47];

/** A point of the face as the head's turn moves it; what stands out more moves further. */
export function turned({ traits }: Easel, [x, y]: Point, depth = 1): Point {
  return [x + depth * traits.turn[0], y + depth * traits.turn[1]];
}

/** Darker above, where the lid throws its shadow. */
export function irisInk(iris: Rgb, centre: Point, size: number): (x: number, y: number) => Rgb {
  return (_, y) => lit(iris, 0.95 + (0.45 * (y - centre[1])) / size);
}

/** Where the light shows in an eye. */
export function paintGlint({ canvas, frame, traits }: Easel, [x, y]: Point, size: number): void {
  const side = traits.light[0] > 0 ? -1 : 1;
  const place: Point = [x - side * 0.34 * size, y - 0.36 * size];
  canvas.paint(ellipse(place, [0.22 * size, 0.22 * size]), [1, 1, 1], frame, { opacity: 0.95 });
}
