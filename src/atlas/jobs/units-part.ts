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
  /** Whether these are of what a rectifier reads, from which it makes the unit's own activation. */
  readonly isBefore?: boolean;
  /** How alike it is to the other pictures of its unit, as `alikenessOf` says. */
  readonly alike?: number;
}

const format = "limpid-atlas-units-1";

/** Pictures of one size. */
export function encodeUnits(units: readonly MadeUnit[]): Uint8Array {
  const list = (of: (unit: MadeUnit) => number) =>
    tensor("float32", [units.length], Float32Array.from(units, of));
  const tensors = {
    pictures: picturesTensor(units.map(({ picture }) => picture)),
    start: list(({ start }) => start),
    activation: list(({ activation }) => activation),
    silent: list(({ isSilent }) => (isSilent ? 1 : 0)),
    ...(units.some(({ alike }) => alike !== undefined)
      ? { alike: list(({ alike = 0 }) => alike) }
      : {}),
    ...(units.some(({ isBefore }) => isBefore)
      ? { before: list(({ isBefore }) => (isBefore === true ? 1 : 0)) }
      : {}),
  };
  return encodePart(format, tensors);
}

/** Throws `bad-file` for bytes that are no such part of `count` units. */
export function decodeUnits(bytes: Uint8Array, part: string, count: number): readonly MadeUnit[] {
  const wanted = { format, part, holds: `pictures of ${count} units` };
  return decodePart(
    bytes,
    wanted,
    ({ pictures: made, start, activation, silent, before, alike }) => {
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
        ...(alike?.type === "float32" ? { alike: (alike.data as Float32Array)[i]! } : {}),
        ...(before?.data[i] === 1 ? { isBefore: true } : {}),
      }));
    },
  );
}
