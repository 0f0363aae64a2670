/** @file The part of a picture that a network sees where the rest is cut off, as numbers and in words. */
import * as v from "valibot";
import { described, type Recorded } from "../wording/record-schema.ts";
import type { Picture } from "./picture.ts";
import { seenPart, type InputSize, type Preprocessing } from "./preprocess.ts";

/** A part of a picture in its own pixels, for records. */
export const seenPartSchema = v.strictObject({
  left: described(v.number(), "where it begins, in pixels of the picture's file"),
  top: v.number(),
  widthPx: v.number(),
  heightPx: v.number(),
  ofWidthPx: described(v.number(), "the picture's own width"),
  ofHeightPx: described(v.number(), "the picture's own height"),
});

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
