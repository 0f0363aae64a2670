/** @file Pictures of a block of a grid's cells as a file: none where the grid has fewer cells. */
import { decodePart, encodePart } from "../jobs/part-file.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "../jobs/picture-tensor.ts";

const format = "limpid-atlas-cells-1";

/** Pictures of one size. */
export function encodeCells(pictures: readonly Picture[]): Uint8Array {
  const tensors = pictures.length > 0 ? { pictures: picturesTensor(pictures) } : {};
  return encodePart(format, tensors);
}

/** Throws `bad-file` for bytes that are no such part of `count` cells. */
export function decodeCells(bytes: Uint8Array, part: string, count: number): readonly Picture[] {
  const wanted = { format, part, holds: `pictures of ${count} cells` };
  return decodePart(bytes, wanted, ({ pictures }) =>
    count === 0 ? [] : picturesIn(pictures, count),
  );
}
