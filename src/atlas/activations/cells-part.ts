/** @file Pictures of a block of a grid's cells as a file: none where the grid has fewer cells. */
import { tensor } from "../../graph/tensor.ts";
import { decodePart, encodePart } from "../jobs/part-file.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "../jobs/picture-tensor.ts";

const format = "limpid-atlas-cells-2";

/** What was maximised of a cell: of the noise that its picture was made from, and of the picture. */
export interface CellScores {
  readonly start: number;
  readonly reached: number;
}

/** Pictures of one size; of those that were made with what they reached. */
export function encodeCells(
  pictures: readonly Picture[],
  scores?: readonly CellScores[],
): Uint8Array {
  if (pictures.length === 0) return encodePart(format, {});
  const listed = scores?.flatMap(({ start, reached }) => [start, reached]);
  return encodePart(format, {
    pictures: picturesTensor(pictures),
    ...(listed
      ? { scores: tensor("float32", [pictures.length, 2], Float32Array.from(listed)) }
      : {}),
  });
}

/** Throws `bad-file` for bytes that are no such part of `count` cells. */
export function decodeCells(bytes: Uint8Array, part: string, count: number): readonly Picture[] {
  const wanted = { format, part, holds: `pictures of ${count} cells` };
  return decodePart(bytes, wanted, ({ pictures }) =>
    count === 0 ? [] : picturesIn(pictures, count),
  );
}

/** Throws `bad-file` for bytes that are no such part of `count` cells that were made. */
export function decodeScores(
  bytes: Uint8Array,
  part: string,
  count: number,
): readonly CellScores[] {
  const wanted = { format, part, holds: `what the pictures of ${count} cells reached` };
  return decodePart(bytes, wanted, ({ scores }) => {
    if (count === 0) return [];
    if (scores?.type !== "float32" || scores.data.length !== 2 * count) return undefined;
    const data = scores.data as Float32Array;
    return Array.from({ length: count }, (_, i) => ({
      start: data[2 * i]!,
      reached: data[2 * i + 1]!,
    }));
  });
}
