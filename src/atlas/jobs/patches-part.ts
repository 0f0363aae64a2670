/** @file Mosaics of a block of units as a file. */
import { decodePart, encodePart } from "./part-file.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "./picture-tensor.ts";

const format = "limpid-atlas-patches-1";

/** Pictures of one size. */
export function encodeMosaics(mosaics: readonly Picture[]): Uint8Array {
  const tensors = { mosaics: picturesTensor(mosaics) };
  return encodePart(format, tensors);
}

/** Throws `bad-file` for bytes that are no such part of `count` units. */
export function decodeMosaics(bytes: Uint8Array, part: string, count: number): readonly Picture[] {
  const wanted = { format, part, holds: `patches of ${count} units` };
  return decodePart(bytes, wanted, ({ mosaics }) => picturesIn(mosaics, count));
}
