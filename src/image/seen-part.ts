/** @file The part of a picture that a network sees where the rest is cut off, as numbers and in words. */
import type { Recorded } from "../wording/record-schema.ts";
import type { Picture } from "./picture.ts";
import { seenPart, type InputSize, type Preprocessing } from "./preprocess.ts";
import type { seenPartSchema } from "./seen-part-schema.ts";

export type SeenPart = Recorded<typeof seenPartSchema>;

/** What is seen of a picture; undefined where that is all. */
export function partSeen(
  picture: Picture,
  how: Preprocessing,
  size: InputSize,
): SeenPart | undefined {
  const { widthPx: ofWidthPx, heightPx: ofHeightPx } = picture;
  const part = seenPart(picture, how, size);
  if (part.widthPx >= ofWidthPx && part.heightPx >= ofHeightPx) return undefined;
  return { ...part, ofWidthPx, ofHeightPx };
}

/** "the middle 300 x 300 of 500 x 300 pixels" */
export function seenPartText({ widthPx, heightPx, ofWidthPx, ofHeightPx }: SeenPart): string {
  return `the middle ${widthPx} x ${heightPx} of ${ofWidthPx} x ${ofHeightPx} pixels`;
}
