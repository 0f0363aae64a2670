/** @file The boxes that a detector finds in photos, for the list of what a network is made of. */
import { isFailure } from "../errors.ts";
import { detectionsOf, detectorOf } from "../network/detection/detections.ts";
import type { Model } from "../network/model.ts";
import { placedBoxes } from "./attribute/boxes.ts";
import type { JobContext } from "./context.ts";
import type { InspectedPhotos } from "./inspected-preparation.ts";
import type { InspectedBoxes } from "./inspection.ts";
import { photoPaths } from "./picture-folder.ts";
import { readSource } from "./read-source.ts";

/**
 * What is found in each photo, the best box first, in pixels of the photo; undefined for networks that find no boxes, and
 * without photos. Photos that cannot be read are told of and left out.
 */
export async function inspectedBoxes(
  model: Model,
  { photos = [], range }: InspectedPhotos,
  names: readonly string[] | undefined,
  { platform, onFailure }: JobContext,
): Promise<readonly InspectedBoxes[] | undefined> {
  if (photos.length === 0 || !detectorOf(model)) return undefined;
  const listed: InspectedBoxes[] = [];
  const paths = await photoPaths(platform, photos);
  platform.protect(paths);
  for (const path of paths) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- photos of a folder would not all fit into memory
      const { input, photo } = await readSource(platform, model, path, { range });
      // oxlint-disable-next-line no-await-in-loop -- as above
      const [found] = await detectionsOf(model, input);
      listed.push({ photo: path, boxes: [...placedBoxes(found!, photo, names)] });
    } catch (error) {
      if (!isFailure(error) || paths.length === 1) throw error;
      onFailure?.(error.said);
    }
  }
  return listed;
}
