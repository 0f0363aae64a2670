/** @file Mosaics of a block of units as a file. */
import { LimpidError } from "../../errors.ts";
import { checksumOf, isAsWritten } from "../../formats/checksum.ts";
import { decodeSafetensors, encodeSafetensors } from "../../formats/safetensors.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "./picture-tensor.ts";

const format = "limpid-atlas-patches-1";

/** Pictures of one size. */
export function encodeMosaics(mosaics: readonly Picture[]): Uint8Array {
  const tensors = { mosaics: picturesTensor(mosaics) };
  return encodeSafetensors(tensors, { format, checksum: checksumOf(tensors) });
}

/** Throws `bad-file` for bytes that are no such part of `count` units. */
export function decodeMosaics(bytes: Uint8Array, part: string, count: number): readonly Picture[] {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const isWhole = metadata["format"] === format && isAsWritten(metadata["checksum"], tensors);
  const found = isWhole ? picturesIn(tensors["mosaics"], count) : undefined;
  if (found) return found;
  throw new LimpidError(
    "bad-file",
    `atlas: "${part}" must hold patches of ${count} units as they were written, got something else. remove it to make them again.`,
  );
}
