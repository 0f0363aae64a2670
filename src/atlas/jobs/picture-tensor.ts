/** @file Pictures of one size as a tensor of bytes [N, height, width, channels]. */
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";

/** Pictures of one size; there must be one. */
export function picturesTensor(pictures: readonly Picture[]): Tensor {
  const { widthPx, heightPx, channels } = pictures[0]!;
  const size = widthPx * heightPx * channels;
  const pixels = new Uint8Array(pictures.length * size);
  for (const [i, { data }] of pictures.entries()) pixels.set(data, i * size);
  return tensor("uint8", [pictures.length, heightPx, widthPx, channels], pixels);
}

/** Undefined unless a tensor holds `count` pictures of 1 or 3 channels. */
export function picturesIn(
  value: Tensor | undefined,
  count: number,
): readonly Picture[] | undefined {
  if (value?.type !== "uint8" || value.dims.length !== 4) return undefined;
  const [found, heightPx, widthPx, channels] = value.dims as readonly [
    number,
    number,
    number,
    number,
  ];
  if (found !== count || (channels !== 1 && channels !== 3)) return undefined;
  const size = heightPx * widthPx * channels;
  const data = value.data as Uint8Array;
  return Array.from({ length: count }, (_, i) => ({
    widthPx,
    heightPx,
    channels,
    data: data.subarray(i * size, (i + 1) * size),
  }));
}
