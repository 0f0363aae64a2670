/** @file The part of the picture that a map is about, as a line around it. */
import { outlineAt } from "../../src/drawing/mask-outline.ts";
import type { Mask } from "../../src/image/mask.ts";
import type { Pixels } from "../protocol.ts";

/** The outline of a mask over all of the picture, transparent elsewhere. */
export function outlineOf(
  mask: Mask,
  { width, height }: { readonly width: number; readonly height: number },
): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (const [p, line] of outlineAt(mask, width, height).entries()) {
    const shade = line > 0 ? 255 : 0;
    if (line !== 0) data.set([shade, shade, shade, 255], 4 * p);
  }
  return { width, height, data };
}
