/** @file The part of a picture that a network sees, as records hold it. */
import * as v from "valibot";
import { described } from "../wording/record-schema.ts";

/** A part of a picture in its own pixels, for records. */
export const seenPartSchema = v.strictObject({
  left: described(v.number(), "where it begins, in pixels of the picture's file"),
  top: v.number(),
  widthPx: v.number(),
  heightPx: v.number(),
  ofWidthPx: described(v.number(), "the picture's own width"),
  ofHeightPx: described(v.number(), "the picture's own height"),
});
