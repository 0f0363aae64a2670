/** @file Draws the cells of an activation atlas, and tells which of them is where. */
import type { AtlasCells, SheetGrid } from "../../../src/atlas/site/site-data.ts";
import { cellOf } from "../sheet-place.ts";
import { seenAt, type MapPlace, type MapView } from "./map-view.ts";

/** The middle of a cell, 0..1 on both axes. */
export function middleOf(
  { column, row }: { readonly column: number; readonly row: number },
  side: number,
): MapPlace {
  return [(column + 0.5) / side, (row + 0.5) / side];
}

/** The cell at a pixel; undefined where there is none. */
export function cellAt(
  { side, cells }: Pick<AtlasCells, "side" | "cells">,
  view: MapView,
  [x, y]: MapPlace,
  sidePx: number,
): number | undefined {
  const [left, top] = seenAt(view, [0, 0], sidePx);
  const [right, bottom] = seenAt(view, [1, 1], sidePx);
  const column = Math.floor((side * (x - left)) / (right - left));
  const row = Math.floor((side * (y - top)) / (bottom - top));
  const found = cells.findIndex((cell) => cell.column === column && cell.row === row);
  return found < 0 ? undefined : found;
}

interface DrawnCells {
  readonly cells: AtlasCells;
  readonly icons: SheetGrid;
  readonly sheets: ReadonlyMap<string, HTMLImageElement>;
  readonly view: MapView;
  readonly sidePx: number;
  readonly chosen: number | undefined;
}

export function drawCells(canvas: HTMLCanvasElement, drawn: DrawnCells): void {
  const { cells, sidePx, chosen, view } = drawn;
  const density = devicePixelRatio;
  canvas.width = canvas.height = Math.round(sidePx * density);
  const pen = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  pen.scale(density, density);
  pen.imageSmoothingQuality = "high";
  const [first] = seenAt(view, [0, 0], sidePx);
  const [last] = seenAt(view, [1, 1], sidePx);
  const side = (last - first) / cells.side;
  for (const number of cells.cells.keys())
    if (number !== chosen) drawCell(pen, drawn, number, side);
  if (chosen === undefined) return;
  // The chosen one lies on its neighbours.
  const [x, y] = seenAt(view, middleOf(cells.cells[chosen]!, cells.side), sidePx);
  const large = side + Math.min(side / 4, 12);
  const reach = large / 2 + 3;
  pen.fillStyle = style.getPropertyValue("--accent");
  pen.fillRect(x - reach, y - reach, 2 * reach, 2 * reach);
  drawCell(pen, drawn, chosen, large);
}

function drawCell(
  pen: CanvasRenderingContext2D,
  { cells, icons, sheets, view, sidePx }: DrawnCells,
  number: number,
  side: number,
): void {
  const [x, y] = seenAt(view, middleOf(cells.cells[number]!, cells.side), sidePx);
  if (Math.max(Math.abs(x - sidePx / 2), Math.abs(y - sidePx / 2)) > sidePx / 2 + side) return;
  const { file, left, top } = cellOf(icons, cells.sheets, number, cells.cells.length);
  const sheet = file === undefined ? undefined : sheets.get(file);
  if (!sheet) return;
  // Of these cells the picture shows next to nothing.
  pen.globalAlpha = cells.cells[number]!.isUnmoved ? 0.4 : 1;
  // A hair wider, so that no seams show.
  const wide = side + 0.5;
  pen.drawImage(
    sheet,
    left,
    top,
    icons.sidePx,
    icons.sidePx,
    x - wide / 2,
    y - wide / 2,
    wide,
    wide,
  );
}
