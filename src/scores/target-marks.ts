/** @file What a target means of a picture, for figures and records; places are in pixels of the network's input. */
import type { Box, Mask } from "../image/mask.ts";

/** A box with what it is taken for. */
interface MarkedBox extends Box {
  readonly class: number;
  /** Probability or score, as the network gives it. */
  readonly score: number;
  /** Whether it is explained, and not only shown. */
  readonly isExplained: boolean;
}

/** How a part of the picture is meant: found, the highest numbers, all places for a class that is found nowhere, or named. */
export const regionPlaces = ["found", "highest", "everywhere", "mask", "box", "pixel"] as const;

/** The part of the picture over which a map's numbers are explained. */
export interface MarkedRegion {
  /** The class, or the channel, of an output; undefined of layers. */
  readonly class: number | undefined;
  readonly where: (typeof regionPlaces)[number];
  /** Of what the network sees, from 0 to 1. */
  readonly share: number;
  /** The least box around it, in pixels of the network's input. */
  readonly box: Box;
}

/** Parts of the picture that are meant. */
export interface TargetMarks {
  /** Over all of the input, in places of its own. */
  readonly mask?: Mask;
  readonly region?: MarkedRegion;
  readonly boxes?: readonly MarkedBox[];
}

/** The marks of places [height * width] of a picture of shape [1, C, H, W], at least one of which is inside. */
export function regionMarks(
  { class: chosen, where, inside }: Pick<MarkedRegion, "class" | "where"> & Pick<Mask, "inside">,
  { height, width }: { readonly height: number; readonly width: number },
  dims: readonly number[],
): TargetMarks {
  const [, , heightPx, widthPx] = dims as readonly [number, number, number, number];
  let [left, top, right, bottom, area] = [width, height, 0, 0, 0];
  for (const [p, one] of inside.entries()) {
    if (one === 0) continue;
    const [row, column] = [Math.floor(p / width), p % width];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    area += 1;
  }
  const [across, down] = [widthPx / width, heightPx / height];
  const box = {
    left: left * across,
    top: top * down,
    right: right * across,
    bottom: bottom * down,
  };
  return {
    mask: { widthPx: width, heightPx: height, inside },
    region: { class: chosen, where, share: area / inside.length, box },
  };
}
