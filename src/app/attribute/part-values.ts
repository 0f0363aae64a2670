/** @file What the network was fed of each of its inputs, taken out of the picture that all of them lie in. */
import { planeOf, type InputPart } from "../../graph/input-parts.ts";
import type { Tensor } from "../../graph/tensor.ts";

/** The numbers of a row of an input in its own axes. */
export interface PartNumbers {
  readonly channels: number;
  /** [T], [H, W], [D, H, W] or [K]. */
  readonly sides: readonly number[];
  /** [channels, ...sides]. */
  readonly data: Float32Array;
}

/** A row of [N, C, H, W]. What the file leaves open is as large as the picture. */
export function partNumbers(part: InputPart, { dims, data }: Tensor, row: number): PartNumbers {
  const [, c, h, w] = dims as readonly [number, number, number, number];
  const [ownRows, ownColumns] = planeOf(part);
  const rows = typeof ownRows === "number" ? ownRows : h;
  const columns = typeof ownColumns === "number" ? ownColumns : w;
  const channels = typeof part.channels === "number" ? part.channels : c;
  const numbers = new Float32Array(channels * rows * columns);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < rows; y++) {
      const from = ((row * c + part.firstChannel + channel) * h + y) * w;
      const own = (data as Float32Array).subarray(from, from + columns);
      numbers.set(own, (channel * rows + y) * columns);
    }
  }
  return { channels, sides: sidesOf(part, rows, columns), data: numbers };
}

function sidesOf({ kind, sides }: InputPart, rows: number, columns: number): readonly number[] {
  if (kind !== "volume") return sides.length === 1 ? [columns] : [rows, columns];
  const [depth, height] = sides;
  const own = typeof height === "number" ? height : rows / (depth as number);
  return [rows / own, own, columns];
}
