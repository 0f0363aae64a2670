/** @file Figure sheets: pictures in rows with headings, captions and colour bars. */
import { barHeight, barMarks, type BarStyle, type ColorBar } from "./color-bar.ts";
import type { Colour, Drawing, Mark } from "./marks.ts";
import type { Picture } from "../image/picture.ts";
import type { Rectangle } from "../image/raster.ts";
import { fitText, wrapText, type Typeface, type Typefaces } from "./typeface.ts";
import { largest, smallest } from "../statistics.ts";

/** A picture on a part of a larger one. */
interface Inset {
  readonly picture: Picture;
  /** What it covers, in pixels of the larger picture; a thin edge around it stands out from light and dark. */
  readonly part: Rectangle;
  /** As the cell's own. */
  readonly enlarge?: "squares" | "smooth";
}

/** A place in units of the sheet. */
export type Box = Readonly<Record<"x" | "y" | "widthPx" | "heightPx", number>>;

/** What is drawn into a cell's place, with the sheet's letters. */
export type CellDrawing = (box: Box, faces: Typefaces) => readonly Mark[];

/** One picture and what is said about it. Text that is too wide ends in an ellipsis. */
export interface SheetCell {
  /** Fills the cell as far as its proportions allow, or all of it if it is stretched. */
  readonly picture?: Picture;
  /** Drawn instead of a picture, as plots are. */
  readonly drawing?: CellDrawing;
  /** Said in an empty frame, where there is nothing to show ("dead"). */
  readonly empty?: string;
  /** How a picture smaller than its cell is enlarged: as squares (default), or smoothly as photos are. */
  readonly enlarge?: "squares" | "smooth";
  /** On the picture. */
  readonly inset?: Inset;
  /** Drawn over the picture, or over its inset where there is one. */
  readonly over?: CellDrawing;
  /** Fill the cell whatever its proportions, as a map does that covers the picture beside it with a few places. */
  readonly isStretched?: boolean;
  /** Above the picture. */
  readonly title?: string;
  /** Below the picture. */
  readonly captions?: readonly string[];
  readonly bar?: ColorBar;
  /** Below the captions, in as many lines of the cell's width as they take. */
  readonly notes?: readonly string[];
  /** Below the notes, likewise, in the colour of warnings. */
  readonly warnings?: readonly string[];
}

/** In units of the sheet. */
interface CellSize {
  readonly cellWidthPx: number;
  readonly cellHeightPx: number;
}

/** Cells side by side. */
export interface SheetRow {
  /** Of the row's cells, where they differ from those of the sheet. */
  readonly size?: CellSize;
  /** A line above sets it apart from the rows before. */
  readonly isApart?: boolean;
  readonly heading?: string;
  /** After the heading, in smaller letters. */
  readonly note?: string;
  readonly cells: readonly SheetCell[];
  /** One bar below the cells from `from` on. */
  readonly bar?: ColorBar & { readonly from: number };
  /** Below the row and its bar, in as many lines as they take. */
  readonly notes?: readonly string[];
  /** Below the notes, likewise, in the colour of warnings. */
  readonly warnings?: readonly string[];
}

/** What a sheet shows. Sizes are in units of the sheet; a raster has two pixels a unit by default. */
export interface SheetLayout {
  readonly title?: string;
  readonly subtitle?: string;
  /** A bar that holds for all cells, below the subtitle. */
  readonly bar?: ColorBar;
  readonly rows: readonly SheetRow[];
  readonly cellWidthPx: number;
  readonly cellHeightPx: number;
  /** Between cells; 20 by default. */
  readonly gapPx?: number;
  readonly footer?: string;
}

const colours = {
  ink: [27, 27, 31],
  faint: [102, 102, 110],
  frame: [217, 217, 222],
  empty: [242, 242, 244],
  warning: [143, 71, 0],
  paper: [255, 255, 255],
} as const satisfies Readonly<Record<string, Colour>>;

const margin = 30;
/** Titles need room even over a single small picture. */
const leastWidth = 400;

const sizes = { title: 20, subtitle: 12.5, heading: 14.5, footer: 10.5, warning: 11.5 } as const;

/** What an empty frame says is still read at two pixels a unit. */
const smallestLettersPx = 6;

/** Length of a bar that holds for all cells. */
const sharedBarPx = 320;

/** Between a heading and its note, and the share of a line that notes may take from headings. */
const afterHeading = 10;
const mostForNote = 0.7;

/** Letters of cells shrink with them, down to what is still read at two pixels a unit. */
function cellSizes(cellWidthPx: number) {
  const isSmall = cellWidthPx < 120;
  return isSmall
    ? { title: 9, caption: 8.5, tick: 8, gap: 4 }
    : { title: 11.5, caption: 11, tick: 10, gap: 6 };
}

/** Draws a layout from top to bottom. */
class Pen {
  readonly layout: SheetLayout;
  readonly faces: Typefaces;
  readonly widthPx: number;
  readonly innerPx: number;
  readonly gapPx: number;
  readonly marks: Mark[] = [];
  y = margin;
  /** Of the cells of the row that is drawn. */
  size: CellSize;

  constructor(layout: SheetLayout, faces: Typefaces) {
    this.layout = layout;
    this.faces = faces;
    this.gapPx = layout.gapPx ?? 20;
    this.size = layout;
    const widths = layout.rows.map(({ cells, size = layout }) => {
      return cells.length * (size.cellWidthPx + this.gapPx) - this.gapPx;
    });
    const cells = largest([layout.cellWidthPx, ...widths]);
    this.widthPx = Math.max(Math.ceil(cells) + 2 * margin, leastWidth);
    this.innerPx = this.widthPx - 2 * margin;
  }

  text(face: Typeface, text: string, x: number, y: number, sizePx: number, colour: Colour): void {
    this.marks.push({ kind: "text", text, face, sizePx, colour, x, y });
  }

  /** One line over the sheet's whole width. */
  line(face: Typeface, text: string, sizePx: number, colour: Colour): void {
    this.y += Math.ceil(sizePx);
    this.text(face, fitText(face, text, sizePx, this.innerPx), margin, this.y, sizePx, colour);
    this.y += Math.ceil(0.45 * sizePx);
  }

  lines(text: string, sizePx: number, colour: Colour): void {
    const face = this.faces.regular;
    for (const part of wrapText(face, text, sizePx, this.innerPx)) {
      this.line(face, part, sizePx, colour);
    }
  }

  bar(bar: ColorBar, x: number, widthPx: number, style: BarStyle): number {
    for (const each of barMarks(bar, x, this.y, widthPx, style)) this.marks.push(each);
    return barHeight(bar, style);
  }
}

/** The sheet as a drawing, which `paint` makes a picture of. */
export function drawSheet(layout: SheetLayout, faces: Typefaces): Drawing {
  const pen = new Pen(layout, faces);
  if (layout.title !== undefined) pen.line(faces.bold, layout.title, sizes.title, colours.ink);
  if (layout.subtitle !== undefined) pen.lines(layout.subtitle, sizes.subtitle, colours.faint);
  if (pen.y > margin) pen.y += 12;
  if (layout.bar) pen.y += pen.bar(layout.bar, margin, sharedBarPx, barStyle(pen)) + 14;
  for (const [i, row] of layout.rows.entries()) {
    if (i > 0) pen.y += pen.gapPx;
    if (i > 0 && row.isApart) drawLine(pen);
    drawRow(pen, row);
  }
  if (layout.footer !== undefined) {
    pen.y += 16;
    pen.lines(layout.footer, sizes.footer, colours.faint);
  }
  return { widthPx: pen.widthPx, heightPx: Math.ceil(pen.y + margin - 6), marks: pen.marks };
}

function drawLine(pen: Pen): void {
  const line = { x: margin, y: pen.y, widthPx: pen.innerPx, heightPx: 1 };
  pen.marks.push({ kind: "rectangle", ...line, colour: colours.frame });
  pen.y += pen.gapPx;
}

function drawRow(pen: Pen, row: SheetRow): void {
  pen.size = row.size ?? pen.layout;
  const { cellWidthPx } = pen.size;
  drawHeading(pen, row);
  const top = pen.y;
  let bottom = top;
  const hasTitles = row.cells.some((cell) => cell.title !== undefined);
  for (const [i, cell] of row.cells.entries()) {
    pen.y = top;
    drawCell(pen, cell, margin + i * (cellWidthPx + pen.gapPx), hasTitles);
    bottom = Math.max(bottom, pen.y);
  }
  pen.y = bottom;
  if (row.bar) {
    const { from } = row.bar;
    const count = row.cells.length - from;
    const x = margin + from * (cellWidthPx + pen.gapPx);
    pen.y += 8;
    pen.y += pen.bar(row.bar, x, count * cellWidthPx + (count - 1) * pen.gapPx, barStyle(pen));
  }
  for (const note of row.notes ?? []) {
    pen.y += 6;
    pen.lines(note, sizes.warning, colours.faint);
  }
  for (const warning of row.warnings ?? []) {
    pen.y += 6;
    pen.lines(`Note: ${warning}`, sizes.warning, colours.warning);
  }
}

function barStyle(pen: Pen, sizePx = 10): BarStyle {
  return { face: pen.faces.regular, sizePx, ink: colours.faint };
}

/** The heading and, after it on the same line, the note, which has the first right to its room. */
function drawHeading(pen: Pen, { heading, note }: SheetRow): void {
  if (heading === undefined && note === undefined) return;
  const { bold, regular } = pen.faces;
  pen.y += Math.ceil(sizes.heading);
  const noteRoom = heading === undefined ? pen.innerPx : pen.innerPx * mostForNote;
  const shownNote = fitText(regular, note ?? "", sizes.subtitle, noteRoom);
  let x = margin;
  if (heading !== undefined) {
    const room = pen.innerPx - regular.width(shownNote, sizes.subtitle) - afterHeading;
    const shown = fitText(bold, heading, sizes.heading, room);
    pen.text(bold, shown, x, pen.y, sizes.heading, colours.ink);
    x += bold.width(shown, sizes.heading) + afterHeading;
  }
  pen.text(regular, shownNote, x, pen.y, sizes.subtitle, colours.faint);
  pen.y += 10;
}

function drawCell(pen: Pen, cell: SheetCell, x: number, hasTitle: boolean): void {
  const { cellWidthPx, cellHeightPx } = pen.size;
  const { regular } = pen.faces;
  const small = cellSizes(cellWidthPx);
  if (hasTitle) {
    pen.y += Math.ceil(small.title);
    const title = fitText(regular, cell.title ?? "", small.title, cellWidthPx);
    pen.text(regular, title, x, pen.y, small.title, colours.ink);
    pen.y += small.gap;
  }
  if (cell.drawing) drawInto(pen, cell.drawing, x);
  else if (cell.picture) placePicture(pen, cell, cell.picture, x);
  else if (cell.empty !== undefined) drawEmpty(pen, cell.empty, x);
  pen.y += cellHeightPx;
  if (cell.bar) {
    pen.y += small.gap;
    pen.y += pen.bar(cell.bar, x, cellWidthPx, barStyle(pen, small.tick));
  }
  for (const caption of cell.captions ?? []) {
    pen.y += Math.ceil(small.caption) + Math.round(small.gap / 2);
    const text = fitText(regular, caption, small.caption, cellWidthPx);
    pen.text(regular, text, x, pen.y, small.caption, colours.faint);
  }
  if (cell.captions?.length) pen.y += 2;
  drawWrapped(pen, cell.notes, x, colours.faint);
  drawWrapped(pen, cell.warnings, x, colours.warning);
}

function drawInto(pen: Pen, drawing: CellDrawing, x: number): void {
  const { cellWidthPx, cellHeightPx } = pen.size;
  const box = { x, y: pen.y, widthPx: cellWidthPx, heightPx: cellHeightPx };
  for (const mark of drawing(box, pen.faces)) pen.marks.push(mark);
}

function drawWrapped(
  pen: Pen,
  texts: readonly string[] | undefined,
  x: number,
  colour: Colour,
): void {
  const { regular } = pen.faces;
  const { cellWidthPx } = pen.size;
  const small = cellSizes(cellWidthPx);
  for (const text of texts ?? []) {
    for (const line of wrapText(regular, text, small.caption, cellWidthPx)) {
      pen.y += Math.ceil(small.caption) + Math.round(small.gap / 2);
      pen.text(regular, line, x, pen.y, small.caption, colour);
    }
    pen.y += 3;
  }
}

function placePicture(pen: Pen, cell: SheetCell, picture: Picture, x: number): void {
  const { cellWidthPx, cellHeightPx } = pen.size;
  const { enlarge = "squares", isStretched = false } = cell;
  const shares = [cellWidthPx / picture.widthPx, cellHeightPx / picture.heightPx] as const;
  const least = smallest(shares);
  const [across, down] = isStretched ? shares : [least, least];
  const widthPx = Math.max(Math.round(picture.widthPx * across), 1);
  const heightPx = Math.max(Math.round(picture.heightPx * down), 1);
  const left = x + Math.floor((cellWidthPx - widthPx) / 2);
  const top = pen.y + Math.floor((cellHeightPx - heightPx) / 2);
  const box = { x: left, y: top, widthPx, heightPx };
  pen.marks.push(
    { kind: "frame", ...box, colour: colours.frame },
    { kind: "picture", ...box, picture, enlarge },
  );
  const scale = widthPx / picture.widthPx;
  const insets = cell.inset ? insetMarks(cell.inset, box, scale) : [];
  for (const mark of insets) pen.marks.push(mark);
  const shown = cell.inset ? insetBox(cell.inset, box, scale, 0) : box;
  for (const mark of cell.over?.(shown, pen.faces) ?? []) pen.marks.push(mark);
}

/**
 * An inset on the picture in a box, which has `scale` units a pixel: its edge has a dark and a light line, and ends with the
 * picture below.
 */
export function insetMarks(inset: Inset, below: Box, scale: number): readonly Mark[] {
  const { picture, enlarge = "squares" } = inset;
  const around = (px: number) => insetBox(inset, below, scale, px);
  return [
    { kind: "rectangle", ...around(2), colour: colours.ink },
    { kind: "rectangle", ...around(1), colour: colours.paper },
    { kind: "picture", ...around(0), picture, enlarge },
  ];
}

/** What an inset covers of the box below, and so much around it. */
function insetBox({ part }: Inset, below: Box, scale: number, aroundPx: number): Box {
  const left = Math.max(part.left * scale - aroundPx, 0);
  const top = Math.max(part.top * scale - aroundPx, 0);
  const right = Math.min((part.left + part.widthPx) * scale + aroundPx, below.widthPx);
  const bottom = Math.min((part.top + part.heightPx) * scale + aroundPx, below.heightPx);
  return { x: below.x + left, y: below.y + top, widthPx: right - left, heightPx: bottom - top };
}

function drawEmpty(pen: Pen, text: string, x: number): void {
  const { cellWidthPx, cellHeightPx } = pen.size;
  const face = pen.faces.regular;
  const usualPx = cellSizes(cellWidthPx).caption;
  const roomPx = cellWidthPx - 4;
  // A short word stays whole in the smallest cells: letters shrink before they are left out.
  const fitting = (usualPx * roomPx) / face.width(text, usualPx);
  const sizePx = Math.max(Math.min(usualPx, fitting), Math.min(usualPx, smallestLettersPx));
  const box = { x, y: pen.y, widthPx: cellWidthPx, heightPx: cellHeightPx };
  pen.marks.push(
    { kind: "frame", ...box, colour: colours.frame },
    { kind: "rectangle", ...box, colour: colours.empty },
  );
  const shown = fitText(face, text, sizePx, roomPx + 1e-6);
  const left = x + (cellWidthPx - face.width(shown, sizePx)) / 2;
  pen.text(
    face,
    shown,
    left,
    Math.round(pen.y + cellHeightPx / 2 + sizePx / 3),
    sizePx,
    colours.faint,
  );
}
