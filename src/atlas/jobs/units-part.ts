/** @file Pictures of a block of units as a file, and what is known of each. */
import { decodePart, encodePart } from "./part-file.ts";
import { tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "./picture-tensor.ts";

/** A unit's picture, and what it does. */
export interface MadeUnit {
  readonly picture: Picture;
  /** Activation on the picture that the making started from, and on this one. */
  readonly start: number;
  readonly activation: number;
  /** Nothing that was tried excites it. */
  readonly isSilent: boolean;
  /** Activation on mere noise, where that is more than on this picture. */
  readonly below?: number;
  /** Whether these are of what a rectifier reads, from which it makes the unit's own activation. */
  readonly isBefore?: boolean;
  /** How alike it is to the other pictures of its unit, as `alikenessOf` says. */
  readonly alike?: number;
}

/** A part of names too, so that a part of another format is made again. */
export const unitsFormat = "limpid-atlas-units-2";

/** Pictures of one size. */
export function encodeUnits(units: readonly MadeUnit[]): Uint8Array {
  const list = (of: (unit: MadeUnit) => number) =>
    tensor("float32", [units.length], Float32Array.from(units, of));
  const tensors = {
    pictures: picturesTensor(units.map(({ picture }) => picture)),
    start: list(({ start }) => start),
    activation: list(({ activation }) => activation),
    silent: list(({ isSilent }) => (isSilent ? 1 : 0)),
    ...(units.some(({ below }) => below !== undefined)
      ? { below: list(({ below = Number.NaN }) => below) }
      : {}),
    ...(units.some(({ alike }) => alike !== undefined)
      ? { alike: list(({ alike = 0 }) => alike) }
      : {}),
    ...(units.some(({ isBefore }) => isBefore)
      ? { before: list(({ isBefore }) => (isBefore === true ? 1 : 0)) }
      : {}),
  };
  return encodePart(unitsFormat, tensors);
}

/** Throws `bad-file` for bytes that are no such part of `count` units. */
export function decodeUnits(bytes: Uint8Array, part: string, count: number): readonly MadeUnit[] {
  const wanted = { format: unitsFormat, part, holds: `pictures of ${count} units` };
  return decodePart(
    bytes,
    wanted,
    ({ pictures: made, start, activation, silent, before, alike, below }) => {
      const pictures = picturesIn(made, count);
      const lists = [start, activation, silent].flatMap((each) =>
        each?.type === "float32" && each.data.length === count ? [each.data as Float32Array] : [],
      );
      const [starts, activations, silences] = lists;
      if (!pictures || !starts || !activations || !silences) return undefined;
      return pictures.map((picture, i) => ({
        picture,
        start: starts[i]!,
        activation: activations[i]!,
        isSilent: silences[i] === 1,
        ...(below?.type === "float32" && !Number.isNaN(below.data[i])
          ? { below: (below.data as Float32Array)[i]! }
          : {}),
        ...(alike?.type === "float32" ? { alike: (alike.data as Float32Array)[i]! } : {}),
        ...(before?.data[i] === 1 ? { isBefore: true } : {}),
      }));
    },
  );
}
