/** @file Figure sheets as SVG: pictures in a grid with titles, captions and colour bars in true units. */
import { colourAt, type ColorScale } from "./colormap.ts";

/** Turns text into outlines, so that sheets look alike on machines with other fonts, or none. */
export interface Typeface {
  /** SVG path data of text with its baseline start at (x, y). */
  path(text: string, x: number, y: number, sizePx: number): string;
  width(text: string, sizePx: number): number;
}

/** Regular text and the bolder one of titles. */
export interface Typefaces {
  readonly regular: Typeface;
  readonly bold: Typeface;
}

/** A picture that lies in the sheet as a PNG. */
export interface SheetPicture {
  /** `data:` address of a PNG. */
  readonly href: string;
}

export interface SheetCell {
  readonly picture: SheetPicture;
  readonly title?: string;
  /** Lines under the picture. */
  readonly captions?: readonly string[];
  readonly bar?: { readonly scale: ColorScale; readonly unit: string };
}

export interface SheetLayout {
  readonly title?: string;
  readonly subtitle?: string;
  readonly rows: readonly (readonly SheetCell[])[];
  readonly cellWidthPx: number;
  readonly cellHeightPx: number;
  readonly gapPx?: number;
  readonly footer?: string;
}

const ink = "#1c1c1e";
const faint = "#6b6b70";
const ground = "#ffffff";
const margin = 28;

const sizes = { title: 19, subtitle: 12.5, cell: 12.5, caption: 11, tick: 10, footer: 10 } as const;

/** The sheet as a stand-alone SVG document. Text that does not fit its cell ends in an ellipsis. */
export function renderSheet(layout: SheetLayout, faces: Typefaces): string {
  const columns = Math.max(...layout.rows.map((row) => row.length));
  const gap = layout.gapPx ?? 18;
  const width = Math.max(2 * margin + columns * layout.cellWidthPx + (columns - 1) * gap, 360);
  const parts: string[] = [];
  let y = margin;
  const line = (text: string, size: number, face: Typeface, colour: string, leading: number) => {
    y += size;
    parts.push(
      textPath(face, fitText(face, text, size, width - 2 * margin), margin, y, size, colour),
    );
    y += leading;
  };
  if (layout.title) line(layout.title, sizes.title, faces.bold, ink, 6);
  if (layout.subtitle) line(layout.subtitle, sizes.subtitle, faces.regular, faint, 4);
  if (layout.title ?? layout.subtitle) y += 12;
  for (const row of layout.rows) {
    const drawn = row.map((cell, i) =>
      renderCell(cell, margin + i * (layout.cellWidthPx + gap), y, layout, faces),
    );
    parts.push(...drawn.map((cell) => cell.svg));
    y += Math.max(...drawn.map((cell) => cell.heightPx)) + gap;
  }
  if (layout.footer) line(layout.footer, sizes.footer, faces.regular, faint, 4);
  const height = Math.ceil(y + margin - gap / 2);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="${ground}"/>${parts.join("")}</svg>`
  );
}

function renderCell(
  cell: SheetCell,
  x: number,
  top: number,
  layout: SheetLayout,
  faces: Typefaces,
): { svg: string; heightPx: number } {
  const { cellWidthPx: width, cellHeightPx: height } = layout;
  const parts: string[] = [];
  let y = top;
  if (cell.title !== undefined) {
    y += sizes.cell;
    const title = fitText(faces.bold, cell.title, sizes.cell, width);
    parts.push(textPath(faces.bold, title, x, y, sizes.cell, ink));
    y += 7;
  }
  parts.push(
    `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated" xlink:href="${cell.picture.href}"/>`,
  );
  y += height;
  if (cell.bar) {
    parts.push(renderBar(cell.bar.scale, cell.bar.unit, x, y + 8, width, faces.regular));
    y += 36;
  }
  for (const caption of cell.captions ?? []) {
    y += sizes.caption + 5;
    const text = fitText(faces.regular, caption, sizes.caption, width);
    parts.push(textPath(faces.regular, text, x, y, sizes.caption, faint));
  }
  return { svg: parts.join(""), heightPx: y - top };
}

/** A colour bar whose ends, and 0 if it lies inside, carry their true numbers. */
function renderBar(
  scale: ColorScale,
  unit: string,
  x: number,
  y: number,
  width: number,
  face: Typeface,
): string {
  const stops = 32;
  const slices = Array.from({ length: stops }, (_, i) => {
    const [r, g, b] = colourAt(scale.map, i / (stops - 1));
    const left = x + (i * width) / stops;
    return `<rect x="${left.toFixed(2)}" y="${y}" width="${(width / stops + 0.4).toFixed(2)}" height="8" fill="rgb(${r},${g},${b})"/>`;
  });
  const baseline = y + 8 + sizes.tick + 3;
  const low = formatNumber(scale.min);
  const high = formatNumber(scale.max);
  const right = x + width - face.width(high, sizes.tick);
  const middle = scale.min < 0 && scale.max > 0 ? `0 ${unit}`.trim() : unit;
  const centre = x + (width - face.width(middle, sizes.tick)) / 2;
  return (
    slices.join("") +
    textPath(face, low, x, baseline, sizes.tick, faint) +
    textPath(face, middle, centre, baseline, sizes.tick, faint) +
    textPath(face, high, right, baseline, sizes.tick, faint)
  );
}

function textPath(
  face: Typeface,
  text: string,
  x: number,
  y: number,
  size: number,
  colour: string,
): string {
  return text === "" ? "" : `<path d="${face.path(text, x, y, size)}" fill="${colour}"/>`;
}

/** Text that is not wider than `width`. */
function fitText(face: Typeface, text: string, size: number, width: number): string {
  if (face.width(text, size) <= width) return text;
  let end = text.length;
  while (end > 0 && face.width(`${text.slice(0, end)}…`, size) > width) end -= 1;
  return end === 0 ? "" : `${text.slice(0, end)}…`;
}

/** Three significant digits, in scientific form where that is shorter. */
export function formatNumber(value: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
