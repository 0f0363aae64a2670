/** @file Where a unit lies on its layer's sheets. */
import type { SheetGrid } from "../../src/atlas/site/site-data.ts";

export interface SheetCell {
  readonly file: string | undefined;
  /** Width of the sheet, in pixels. */
  readonly sheetPx: number;
  readonly left: number;
  readonly top: number;
}

/** Where a unit's cell lies, of a layer of so many units; sheets are only as wide as their units fill them. */
export function cellOf(
  { columns, rows, sidePx }: SheetGrid,
  files: readonly string[],
  unit: number,
  count: number,
): SheetCell {
  const sheet = Math.floor(unit / (columns * rows));
  const first = sheet * columns * rows;
  return {
    file: files[sheet],
    sheetPx: Math.min(columns, count - first) * sidePx,
    left: ((unit - first) % columns) * sidePx,
    top: Math.floor((unit - first) / columns) * sidePx,
  };
}
