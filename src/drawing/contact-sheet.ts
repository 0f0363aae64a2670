/** @file Contact sheets: many small pictures, one a unit, with their names and numbers. */
import type { ColorBar } from "./color-bar.ts";
import { evenRows } from "./even-rows.ts";
import type { SheetCell, SheetLayout } from "./sheet.ts";

/** A contact sheet's cells and how they are laid out. */
export interface ContactSheet {
  readonly title: string;
  readonly subtitle?: string;
  /** Where all cells share a scale. */
  readonly bar?: ColorBar;
  readonly cells: readonly SheetCell[];
  /** Cells in a row at most; 16 by default. */
  readonly columns?: number;
  /** Width of a cell in units of the sheet; 96 by default. */
  readonly cellWidthPx?: number;
  /** As high as the first picture's proportions make it by default. */
  readonly cellHeightPx?: number;
  readonly footer?: string;
}

/** The cells row by row, in rows of even length. */
export function contactSheet(sheet: ContactSheet): SheetLayout {
  const { cells, columns = 16, cellWidthPx = 96 } = sheet;
  const first = cells.find((cell) => cell.picture)?.picture;
  const ratio = first ? first.heightPx / first.widthPx : 1;
  const rows = evenRows(cells, columns).map((row) => ({ cells: row }));
  return {
    title: sheet.title,
    ...(sheet.subtitle === undefined ? {} : { subtitle: sheet.subtitle }),
    ...(sheet.bar === undefined ? {} : { bar: sheet.bar }),
    rows,
    cellWidthPx,
    cellHeightPx: sheet.cellHeightPx ?? Math.max(Math.round(cellWidthPx * ratio), 1),
    gapPx: cellWidthPx < 40 ? 5 : cellWidthPx < 120 ? 10 : 16,
    ...(sheet.footer === undefined ? {} : { footer: sheet.footer }),
  };
}
