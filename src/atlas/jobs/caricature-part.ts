/** @file What a layer sees in a photo, exaggerated, as a file, with the photo beside it. */
import { decodePart, encodePart } from "./part-file.ts";
import { tensor } from "../../graph/tensor.ts";
import type { Picture } from "../../image/picture.ts";
import { picturesIn, picturesTensor } from "./picture-tensor.ts";

/** A layer's caricature of a photo. */
export interface Caricature {
  readonly picture: Picture;
  /** The photo as the network sees it. */
  readonly photo: Picture;
  /** Cosine between the layer's activations on the picture and on the photo, -1..1. */
  readonly cosine: number;
  /** The largest such cosine of pictures of noise. */
  readonly noise: number;
  /** Euclidean length of the layer's activations on the picture, as a multiple of that on the photo. */
  readonly strength: number;
}

const format = "limpid-atlas-caricature-1";

export function encodeCaricature({
  picture,
  photo,
  cosine,
  noise,
  strength,
}: Caricature): Uint8Array {
  const tensors = {
    pictures: picturesTensor([picture, photo]),
    figures: tensor("float32", [3], Float32Array.of(cosine, noise, strength)),
  };
  return encodePart(format, tensors);
}

/** Throws `bad-file` for bytes that are no such part. */
export function decodeCaricature(bytes: Uint8Array, part: string): Caricature {
  const wanted = { format, part, holds: "a caricature" };
  return decodePart(bytes, wanted, ({ pictures, figures }) => {
    const [picture, photo] = picturesIn(pictures, 2) ?? [];
    if (!picture || !photo || figures?.type !== "float32" || figures.data.length !== 3)
      return undefined;
    const [cosine, noise, strength] = figures.data as Float32Array;
    return { picture, photo, cosine: cosine!, noise: noise!, strength: strength! };
  });
}
