/** @file Sheets as picture files. */
import { paint } from "../drawing/marks.ts";
import { drawSheet, type SheetLayout } from "../drawing/sheet.ts";
import type { Picture } from "../image/picture.ts";
import { LimpidError } from "../errors.ts";
import type { PictureFormat, Platform } from "./platform.ts";

type Renderer = Pick<Platform, "typefaces" | "encodePicture">;

/** Above it (a quarter gigabyte of RGB) a sheet gets one pixel a unit instead of two. */
const mostPixels = 9e7;

/** JPEG's own limit. */
const mostJpegSidePx = 65_535;

/**
 * The sheet as a picture file, PNG by default: two pixels a unit, or one if it were too large. Throws `bad-option` for a
 * JPEG with a side of more than 65,535 pixels.
 */
export async function renderSheet(
  platform: Renderer,
  layout: SheetLayout,
  format: PictureFormat = { kind: "png" },
): Promise<Uint8Array> {
  const picture = await paintSheet(platform, layout);
  const sidePx = Math.max(picture.widthPx, picture.heightPx);
  if (format.kind === "jpeg" && sidePx > mostJpegSidePx) {
    throw new LimpidError(
      "bad-option",
      `out: a JPEG must have sides of at most ${mostJpegSidePx} pixels, got ${sidePx}. choose a name that ends in .png.`,
    );
  }
  return platform.encodePicture([picture], format);
}

/** The sheet as a JPEG file, a tenth of the size where it holds many photos; pixels as `renderSheet`'s. */
export async function renderPhotoSheet(
  platform: Renderer,
  layout: SheetLayout,
): Promise<Uint8Array> {
  return renderSheet(platform, layout, { kind: "jpeg", quality: 85 });
}

/** The sheet as a picture. */
export async function paintSheet(
  platform: Pick<Platform, "typefaces">,
  layout: SheetLayout,
): Promise<Picture> {
  const drawing = drawSheet(layout, await platform.typefaces());
  const density = 4 * drawing.widthPx * drawing.heightPx > mostPixels ? 1 : 2;
  return paint(drawing, density);
}
