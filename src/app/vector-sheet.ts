/** @file Sheets as SVG documents. */
import { drawSheet, type SheetLayout } from "../drawing/sheet.ts";
import { drawingSvg } from "../drawing/vector.ts";
import type { Platform } from "./platform.ts";

/** The sheet; `text` stands for it where it cannot be seen. */
export async function sheetSvg(
  platform: Pick<Platform, "typefaces" | "encodePicture">,
  layout: SheetLayout,
  text: string,
): Promise<string> {
  const faces = await platform.typefaces();
  const encode = platform.encodePicture;
  return drawingSvg(drawSheet(layout, faces), text, {
    faces,
    encode: (picture) => encode([picture], { kind: "png" }),
  });
}
