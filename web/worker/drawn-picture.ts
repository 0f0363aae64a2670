/** @file Pictures that the page draws, so that there is something to look at before anybody brings a photo. */
import { petScene } from "../../src/drawn/pets.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import type { Picture } from "../../src/image/picture.ts";
import type { OpenNetwork } from "./desk.ts";

/** A digit for networks of one channel, shapes for those that know some, a face at the network's size for all others. */
export async function drawnPicture(
  { model, labels }: OpenNetwork,
  number: number,
): Promise<Picture> {
  const [, channels, heightPx, widthPx] = model.inputDims();
  if (labels?.includes("triangle")) {
    const { shapeScene } = await import("../../src/drawn/shapes.ts");
    const { picture } = shapeScene(7, number, [3, heightPx, widthPx]);
    return pictureOfFloats(picture, { channels: 3, heightPx, widthPx }, "range");
  }
  if (channels === 1) {
    const { drawDigit } = await import("../../src/drawn/digits.ts");
    const { picture } = drawDigit(7, number);
    return pictureOfFloats(picture, { channels: 1, heightPx: 28, widthPx: 28 }, "range");
  }
  const side = Math.min(Math.max(heightPx, widthPx, 16), 224);
  const { picture } = petScene(7, number, [3, side, side]);
  return pictureOfFloats(picture, { channels: 3, heightPx: side, widthPx: side }, "range");
}
