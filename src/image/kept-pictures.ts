/** @file Pictures kept as bytes, so that what takes long to decode or to draw is made once. */
import type { Dataset, Example } from "./dataset.ts";

/** A quarter gigabyte: 3,900 pictures of 150 x 150 in colour. */
const usualBytes = 2 ** 28;

/**
 * The same data set, whose pictures are kept once they are read, until they take `mostBytes`; the rest is
 * read anew each time. Its pictures must come from 8 bits, in whole steps of 1/255, so that a kept one is the
 * same to the bit.
 */
export function keptPictures(dataset: Dataset, mostBytes: number = usualBytes): Dataset {
  const kept = new Map<number, KeptExample>();
  const room = Math.floor(mostBytes / (dataset.dims[0] * dataset.dims[1] * dataset.dims[2]));
  const { classes, dims, length, labelForm } = dataset;
  return {
    classes,
    dims,
    length,
    ...(labelForm ? { labelForm } : {}),
    label: (index) => dataset.label(index),
    title: (index) => dataset.title(index),
    read: async (index): Promise<Example> => {
      const known = kept.get(index);
      if (known) return { ...known, picture: pictureOf(known.picture) };
      const example = await dataset.read(index);
      if (kept.size < room) kept.set(index, { ...example, picture: bytesOf(example.picture) });
      return example;
    },
  };
}

type KeptExample = Omit<Example, "picture"> & { readonly picture: Uint8Array };

const fromByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

function pictureOf(bytes: Uint8Array): Float32Array {
  const picture = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) picture[i] = fromByte[bytes[i]!]!;
  return picture;
}

function bytesOf(picture: Float32Array): Uint8Array {
  const bytes = new Uint8Array(picture.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round(255 * picture[i]!);
  return bytes;
}
