/** @file Drawn pets in the place of photos. */
import { petKinds, petScene } from "../drawn/pets.ts";
import { pictureOfFloats } from "../image/float-picture.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import type { StudyPhoto } from "./photos.ts";
import { drawnSeed, firstUnseenPet } from "./subjects.ts";

/** A drawn pet that no network was trained on, with the box of all that tells a cat from a dog. */
export function drawnPetPhoto(
  index: number,
  size: PictureSize,
): StudyPhoto & { readonly target: number } {
  const { channels, heightPx, widthPx } = size;
  const dims = [channels, heightPx, widthPx] as const;
  const { picture, label, parts } = petScene(drawnSeed, firstUnseenPet + index, dims);
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
