/** @file An SVG document as pixels. */
import sharp from "sharp";

/** RGB pixels of a document on white, one a unit. */
export function readPictureOfSvg(svg: string) {
  return sharp(Buffer.from(svg))
    .flatten({ background: "#ffffff" })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
}
