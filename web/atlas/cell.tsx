/** @file A part of a sheet, as large as the style's `--side`. */
import { fileAddress } from "./atlas-data.ts";
import type { SheetCell } from "./sheet-place.ts";

interface CellProps {
  readonly cell: SheetCell;
  readonly folder: string;
  readonly cellPx: number;
  readonly kind: string;
  readonly text: string | undefined;
}

export function Cell({
  cell: { file, sheetPx, left, top },
  folder,
  cellPx,
  kind,
  text,
}: CellProps) {
  return (
    <span
      class={`cell ${kind}`}
      {...(text === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": text })}
      style={{
        ...(file === undefined ? {} : { backgroundImage: `url("${fileAddress(folder, file)}")` }),
        "--sheet-px": sheetPx,
        "--cell-px": cellPx,
        "--left": left,
        "--top": top,
      }}
    />
  );
}
