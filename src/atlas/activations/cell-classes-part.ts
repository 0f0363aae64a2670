/** @file The classes that a block of a grid's cells speak for, as a file. */
import { tensor } from "../../graph/tensor.ts";
import { decodePart, encodePart } from "../jobs/part-file.ts";

/** A class by its number, what a place of the cell adds to its logit, mean over places, and that mean's standard error. */
export type CellClass = readonly [number: number, mean: number, error: number];

/** Places of a cell that are looked at: two runs each. */
export const placesOfCell = 5;

const format = "limpid-atlas-cell-classes-1";

export function encodeCellClasses(cells: readonly (readonly CellClass[])[]): Uint8Array {
  const all = cells.flat();
  const floats = (at: 1 | 2) =>
    tensor(
      "float32",
      [all.length],
      Float32Array.from(all, (each) => each[at]),
    );
  const ints = (values: readonly number[]) =>
    tensor("int32", [values.length], Int32Array.from(values));
  return encodePart(format, {
    counts: ints(cells.map((own) => own.length)),
    numbers: ints(all.map(([number]) => number)),
    means: floats(1),
    errors: floats(2),
  });
}

/** Throws `bad-file` for bytes that are no such part of `count` cells. */
export function decodeCellClasses(
  bytes: Uint8Array,
  part: string,
  count: number,
): readonly (readonly CellClass[])[] {
  const wanted = { format, part, holds: `classes of ${count} cells` };
  return decodePart(bytes, wanted, ({ counts, numbers, means, errors }) => {
    const own = counts?.type === "int32" ? Array.from(counts.data as Int32Array) : [];
    const total = own.reduce((sum, each) => sum + each, 0);
    const isFitting =
      own.length === count &&
      numbers?.type === "int32" &&
      [numbers, means, errors].every((list) => list?.data.length === total);
    if (!isFitting) return undefined;
    let at = 0;
    return own.map((length) => {
      const first = at;
      at += length;
      return Array.from({ length }, (_, i): CellClass => {
        const of = (list: typeof numbers | undefined) => Number(list!.data[first + i]);
        return [of(numbers), of(means), of(errors)];
      });
    });
  });
}
