/** @file Drawn pets in the place of photos. */
import { petKinds, petScene } from "../drawn/pets.ts";
import { pictureOfFloats } from "../image/float-picture.ts";
import type { StudyNetwork } from "./network.ts";
import type { StudyPhoto } from "./photos.ts";
import { drawnSeed, firstUnseenPet } from "./subjects.ts";

/** [C, H, W] of a network's pictures. */
export type PictureDims = readonly [channels: number, heightPx: number, widthPx: number];

/** The size of the pictures that a network takes. */
export function pictureDims({ model }: StudyNetwork): PictureDims {
  const [, channels, heightPx, widthPx] = model.inputDims();
  return [channels, heightPx, widthPx];
}

/** A drawn pet that no network was trained on, with the box of all that tells a cat from a dog. */
export function drawnPetPhoto(
  index: number,
  dims: PictureDims,
): StudyPhoto & { readonly target: number } {
  const [channels, heightPx, widthPx] = dims;
  const { picture, label, parts } = petScene(drawnSeed, firstUnseenPet + index, dims);
  const size = { channels: channels === 1 ? (1 as const) : (3 as const), heightPx, widthPx };
  const boxes = parts.map(({ box }) => box);
  return {
    title: `drawn ${petKinds[label]} ${firstUnseenPet + index}`,
    picture: pictureOfFloats(picture, size, "range"),
    box: {
      left: Math.max(Math.min(...boxes.map(({ x }) => x)) / widthPx, 0),
      right: Math.min(Math.max(...boxes.map(({ x, width }) => x + width)) / widthPx, 1),
      top: Math.max(Math.min(...boxes.map(({ y }) => y)) / heightPx, 0),
      bottom: Math.min(Math.max(...boxes.map(({ y, height }) => y + height)) / heightPx, 1),
    },
    target: label,
  };
}
