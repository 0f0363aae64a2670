/** @file A photo as a network of the study sees it, and how figures show it: in its place, where a part is cut off. */
import { cutFooter, pictureInPlace, type ShownInput } from "../drawing/cut-photo.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import { inputSizeOf, preprocess } from "../image/preprocess.ts";
import { partSeen, seenPartText, type SeenPart } from "../image/seen-part.ts";
import type { MadeCell } from "../report/section.ts";
import type { StudyNetwork } from "./network.ts";

/** What a network sees of a photo. */
export interface SeenPhoto extends ShownInput {
  /** [1, C, H, W] in the network's own range. */
  readonly input: Tensor;
  /** The part that is seen; undefined where that is all. */
  readonly part?: SeenPart;
}

/** The photo as the network sees it. */
export function seenPhoto({ model, preprocessing }: StudyNetwork, picture: Picture): SeenPhoto {
  const size = inputSizeOf(preprocessing, model.input.dims ?? ["N", "C", "H", "W"]);
  const { dims, data, seen, cut } = preprocess(picture, preprocessing, size);
  const part = partSeen(picture, preprocessing, size);
  return {
    input: tensor("float32", dims, data),
    photo: seen,
    ...(cut ? { cut } : {}),
    ...(part ? { part } : {}),
  };
}

/** A cell with a picture of what is seen, which is the photo itself by default, and with what is seen of it. */
export function seenCell(
  seen: SeenPhoto,
  { picture = seen.photo, ...said }: Omit<MadeCell, "picture" | "seen"> & { picture?: Picture },
): MadeCell {
  const { part } = seen;
  return {
    ...said,
    picture: pictureInPlace(seen, picture),
    ...(part ? { seen: part } : {}),
  };
}

/** What the network sees, for the notes of a photo's cell; nothing where that is all. */
export function seenNotes({ part }: SeenPhoto): readonly string[] {
  return part ? [`seen: ${seenPartText(part)}`] : [];
}

/** What one sees in a figure, with what its frames mean where it has some. */
export function framedText(text: string, cells: readonly MadeCell[]): string {
  return cells.some(({ seen }) => seen) ? `${text} ${cutFooter}` : text;
}
