/** @file Sheets as PNG files, in Node. */
import { paint } from "../image/marks.ts";
import { drawSheet, type SheetLayout } from "../image/sheet.ts";
import { encodePng } from "./codecs.ts";
import { loadTypefaces } from "./typefaces.ts";

/** Above it (a quarter gigabyte of RGB) a sheet gets one pixel a unit instead of two. */
const mostPixels = 9e7;

/** The sheet as a PNG file: two pixels a unit, or one if it were too large. */
export async function renderSheet(layout: SheetLayout): Promise<Uint8Array> {
  const drawing = drawSheet(layout, loadTypefaces());
  const density = 4 * drawing.widthPx * drawing.heightPx > mostPixels ? 1 : 2;
  return encodePng(paint(drawing, density));
}
