/** @file Pictures of many units as few files: cells of sheets, row by row. */
import type { Picture } from "../../image/picture.ts";
import { filled, paste } from "../../image/raster.ts";
import { resizePicture } from "../../image/resize.ts";
import { blocks } from "../jobs/job.ts";
import type { SheetGrid } from "./site-data.ts";

/** Columns and rows of a sheet. */
export const sheetSide = 16;

/** Side of a unit's icon on a sheet, in pixels. */
export const iconPx = 96;

/** What is behind cells that are not filled. */
const ground = 255;

/** The sheets of pictures of one kind, each cut to the rows that it fills. */
export function sheetsOf(
  pictures: readonly Picture[],
  { columns, rows, sidePx }: SheetGrid,
): readonly Picture[] {
  return blocks(pictures.length, columns * rows).map(({ first, end }) => {
    const own = pictures.slice(first, end);
    const filledRows = Math.ceil(own.length / columns);
    const sheet = filled(
      Math.min(own.length, columns) * sidePx,
      filledRows * sidePx,
      own[0]!.channels,
      ground,
    );
    for (const [i, picture] of own.entries()) {
      const cell = sized(picture, sidePx);
      paste(sheet, cell, (i % columns) * sidePx, Math.floor(i / columns) * sidePx);
    }
    return sheet;
  });
}

function sized(picture: Picture, sidePx: number): Picture {
  if (picture.widthPx === sidePx && picture.heightPx === sidePx) return picture;
  const filter = picture.widthPx > sidePx ? "box" : "nearest";
  return resizePicture(picture, sidePx, sidePx, filter);
}
