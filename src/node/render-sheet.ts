/** @file Sheets as PNG files, or JPEG files where they consist of photos, in Node. */
import { paint } from "../image/marks.ts";
import type { Picture } from "../image/picture.ts";
import { drawSheet, type SheetLayout } from "../image/sheet.ts";
import { encodeJpeg, encodePng } from "./codecs.ts";
import { loadTypefaces } from "./typefaces.ts";

/** Above it (a quarter gigabyte of RGB) a sheet gets one pixel a unit instead of two. */
const mostPixels = 9e7;

/** The sheet as a PNG file: two pixels a unit, or one if it were too large. */
export async function renderSheet(layout: SheetLayout): Promise<Uint8Array> {
  return encodePng(painted(layout));
}

/** The sheet as a JPEG file, a tenth of the size where it holds many photos; pixels as `renderSheet`'s. */
export async function renderPhotoSheet(layout: SheetLayout): Promise<Uint8Array> {
  return encodeJpeg(painted(layout), 85);
}

function painted(layout: SheetLayout): Picture {
  const drawing = drawSheet(layout, loadTypefaces());
  const density = 4 * drawing.widthPx * drawing.heightPx > mostPixels ? 1 : 2;
  return paint(drawing, density);
}
