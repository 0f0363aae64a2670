/** @file What the network was fed of each of its inputs, taken out of the picture that all of them lie in. */
import type { InputPart } from "../../graph/input-parts.ts";
import { placeOf, type PartPlace } from "../../graph/part-place.ts";
import type { Tensor } from "../../graph/tensor.ts";

/** The numbers of a row of an input, [channels, ...sides] in its own axes, and where they lie in the picture. */
export interface PartNumbers extends PartPlace {
  readonly data: Float32Array;
}

/** A part of a row of [N, C, H, W]. */
export function partNumbers(part: InputPart, { dims, data }: Tensor, row: number): PartNumbers {
  const place = placeOf(part, dims);
  const { firstChannel, channels, rows, columns } = place;
  const [, c, h, w] = dims as readonly [number, number, number, number];
  const numbers = new Float32Array(channels * rows * columns);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < rows; y++) {
      const from = ((row * c + firstChannel + channel) * h + y) * w;
      const own = (data as Float32Array).subarray(from, from + columns);
      numbers.set(own, (channel * rows + y) * columns);
    }
  }
  return { ...place, data: numbers };
}
