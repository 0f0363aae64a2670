/** @file How many pictures go through a network together. */
import { LimpidError } from "../errors.ts";
import type { Model } from "../network/model.ts";
import type { PictureSize } from "./parameterizations.ts";
import { picturesPerBatch } from "./batch-size.ts";

/** What a step may take; much more gains no time. */
const budgetBytes = 2 ** 30;

/**
 * As many pictures as the memory budget allows; one where the network fixes its batch before the layer.
 */
export async function batchSizeOf(model: Model, layer: string, size: PictureSize): Promise<number> {
  const { channels, heightPx, widthPx } = size;
  const single = await model.maps([layer], [1, channels, heightPx, widthPx]);
  const fitting = picturesPerBatch(single, size, budgetBytes);
  return fitting > 1 && (await takesTogether(model, layer, size, 2)) ? fitting : 1;
}

/** Whether a layer can be computed for so many pictures at once. */
export async function takesTogether(
  model: Model,
  layer: string,
  size: PictureSize,
  pictures: number,
): Promise<boolean> {
  try {
    const dims = [pictures, size.channels, size.heightPx, size.widthPx];
    const part = await model.maps([layer], dims);
    return part.shapes.get(layer)?.dims[0] === pictures;
  } catch (cause) {
    if (cause instanceof LimpidError && cause.code === "shape-mismatch") return false;
    throw cause;
  }
}
