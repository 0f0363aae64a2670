/** @file From numbers to colours: perceptually even and safe for the colour-blind. */
import { interpolateInferno, interpolateRdBu } from "d3-scale-chromatic";
import { rgb } from "d3-color";
import type { Picture } from "./picture.ts";

/** A scale from numbers to colours; its ends are the true numbers that the colour bar names. */
export interface ColorScale {
  readonly min: number;
  readonly max: number;
  /** `inferno` for one-sided numbers; `red-blue` (red is positive) for signed ones, white at 0. */
  readonly map: "inferno" | "red-blue";
}

const steps = 256;

function table(map: ColorScale["map"]): Uint8Array {
  const colour =
    map === "inferno" ? interpolateInferno : (share: number) => interpolateRdBu(1 - share);
  const result = new Uint8Array(3 * steps);
  for (let i = 0; i < steps; i++) {
    const { r, g, b } = rgb(colour(i / (steps - 1)));
    result.set([r, g, b], 3 * i);
  }
  return result;
}

const tables = { inferno: table("inferno"), "red-blue": table("red-blue") };

/** The scale that shows a map without clipping: from 0 (or the smallest) to the largest, or symmetric around 0. */
export function scaleFor(values: Float32Array, signed: boolean): ColorScale {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (signed) {
    const reach = Math.max(Math.abs(min), Math.abs(max));
    return { min: -reach, max: reach, map: "red-blue" };
  }
  return { min: Math.min(min, 0), max, map: "inferno" };
}

/** Where a number lies on the scale, 0..1; 0 on a scale without extent. */
export function shareOf(scale: ColorScale, value: number): number {
  const extent = scale.max - scale.min;
  if (!(extent > 0)) return scale.map === "red-blue" ? 0.5 : 0;
  return Math.min(Math.max((value - scale.min) / extent, 0), 1);
}

/** The colour of a share 0..1 of a map. */
export function colourAt(map: ColorScale["map"], share: number): readonly [number, number, number] {
  const at = 3 * Math.round(share * (steps - 1));
  const colours = tables[map];
  return [colours[at]!, colours[at + 1]!, colours[at + 2]!];
}

/** A plane of numbers in colour. */
export function colorize(
  plane: Float32Array,
  widthPx: number,
  heightPx: number,
  scale: ColorScale,
): Picture {
  const data = new Uint8Array(3 * plane.length);
  for (const [i, value] of plane.entries())
    data.set(colourAt(scale.map, shareOf(scale, value)), 3 * i);
  return { widthPx, heightPx, channels: 3, data };
}

/** The heat over the photo: the photo in grey, coloured the more the farther the number is from 0. */
export function overlay(photo: Picture, plane: Float32Array, scale: ColorScale): Picture {
  const data = new Uint8Array(3 * plane.length);
  const reach = Math.max(Math.abs(scale.min), Math.abs(scale.max));
  for (const [i, value] of plane.entries()) {
    const at = photo.channels * i;
    const grey =
      photo.channels === 1
        ? photo.data[at]!
        : 0.299 * photo.data[at]! + 0.587 * photo.data[at + 1]! + 0.114 * photo.data[at + 2]!;
    const alpha = reach > 0 ? 0.85 * Math.min(Math.abs(value) / reach, 1) ** 0.7 : 0;
    const colour = colourAt(scale.map, shareOf(scale, value));
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = Math.round((1 - alpha) * grey + alpha * colour[c]!);
  }
  return { widthPx: photo.widthPx, heightPx: photo.heightPx, channels: 3, data };
}
