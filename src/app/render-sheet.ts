/** @file Sheets as picture files. */
import { paint } from "../drawing/marks.ts";
import { drawSheet, type SheetLayout } from "../drawing/sheet.ts";
import type { Picture } from "../image/picture.ts";
import type { Platform } from "./platform.ts";

type Renderer = Pick<Platform, "typefaces" | "encodePicture">;

/** Above it (a quarter gigabyte of RGB) a sheet gets one pixel a unit instead of two. */
const mostPixels = 9e7;

/** The sheet as a PNG file: two pixels a unit, or one if it were too large. */
export async function renderSheet(platform: Renderer, layout: SheetLayout): Promise<Uint8Array> {
  return platform.encodePicture([await paintSheet(platform, layout)], { kind: "png" });
}

/** The sheet as a JPEG file, a tenth of the size where it holds many photos; pixels as `renderSheet`'s. */
export async function renderPhotoSheet(
  platform: Renderer,
  layout: SheetLayout,
): Promise<Uint8Array> {
  const picture = await paintSheet(platform, layout);
  return platform.encodePicture([picture], { kind: "jpeg", quality: 85 });
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
