/** @file Pictures of a block of a grid's cells as a file: none where the grid has fewer cells. */
import { LimpidError } from "../../errors.ts";
import { checksumOf, isAsWritten } from "../../formats/checksum.ts";
import { decodeSafetensors, encodeSafetensors } from "../../formats/safetensors.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "../jobs/picture-tensor.ts";

const format = "limpid-atlas-cells-1";

/** Pictures of one size. */
export function encodeCells(pictures: readonly Picture[]): Uint8Array {
  const tensors = pictures.length > 0 ? { pictures: picturesTensor(pictures) } : {};
  return encodeSafetensors(tensors, { format, checksum: checksumOf(tensors) });
}

/** Throws `bad-file` for bytes that are no such part of `count` cells. */
export function decodeCells(bytes: Uint8Array, part: string, count: number): readonly Picture[] {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const isWhole = metadata["format"] === format && isAsWritten(metadata["checksum"], tensors);
  const found = count === 0 ? [] : picturesIn(tensors["pictures"], count);
  if (isWhole && found) return found;
  throw new LimpidError(
    "bad-file",
    `atlas: "${part}" must hold pictures of ${count} cells as they were written, got something else. remove it to make them again.`,
  );
}
