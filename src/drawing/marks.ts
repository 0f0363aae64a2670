/** @file What a drawing consists of, and how it becomes pixels: the same ones in Node and in every browser. */
import { colourAt, type ColorMap } from "../image/colormap.ts";
import { toRgb, type Picture } from "../image/picture.ts";
import { filled, paste } from "../image/raster.ts";
import { nearestPlaces, resizePicture } from "../image/resize.ts";
import { strokeOf } from "./stroke.ts";
import type { Typeface } from "./typeface.ts";

/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];

/** A place in units of the drawing. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** One thing drawn. Later marks cover earlier ones. */
export type Mark =
  | (Box & { readonly kind: "rectangle"; readonly colour: Colour })
  /** A line of one pixel around the box. */
  | (Box & { readonly kind: "frame"; readonly colour: Colour })
  /** A colour map from left to right. */
  | (Box & { readonly kind: "ramp"; readonly map: ColorMap })
  | (Box & {
      readonly kind: "picture";
      readonly picture: Picture;
      /** As squares, or smoothly as photos are. */
      readonly enlarge: "squares" | "smooth";
    })
  /** A line through points, with round joints. */
  | {
      readonly kind: "line";
      /** Where the points are counted from. */
      readonly x: number;
      readonly y: number;
      readonly points: readonly (readonly [x: number, y: number])[];
      readonly widthPx: number;
      readonly colour: Colour;
    }
  | {
      readonly kind: "text";
      readonly text: string;
      readonly face: Typeface;
      readonly sizePx: number;
      readonly colour: Colour;
      /** Start of the baseline. */
      readonly x: number;
      readonly y: number;
    };

/** Marks on white. */
export interface Drawing {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly marks: readonly Mark[];
}

/** The drawing as an RGB picture of `density` pixels a unit. */
export function paint(drawing: Drawing, density: number): Picture {
  const widthPx = Math.round(drawing.widthPx * density);
  const heightPx = Math.round(drawing.heightPx * density);
  const raster = filled(widthPx, heightPx, 3, 255);
  for (const mark of drawing.marks) paintMark(raster, mark, density);
  return raster;
}

function paintMark(raster: Picture, mark: Mark, density: number): void {
  if (mark.kind === "text") return paintText(raster, mark, density);
  if (mark.kind === "line") return paintLine(raster, mark, density);
  const box = pixelsOf(mark, density);
  switch (mark.kind) {
    case "rectangle":
      return fill(raster, box, mark.colour);
    case "frame":
      return paintFrame(raster, box, mark.colour);
    case "ramp":
      return paste(raster, rampOf(mark.map, box), box.x, box.y);
    case "picture":
      if (mark.enlarge === "squares" && isLarger(box, mark.picture)) {
        return pasteSquares(raster, box, toRgb(mark.picture));
      }
      return paste(raster, fitted(mark.picture, box), box.x, box.y);
  }
}

/** A box in whole pixels, never without extent. */
function pixelsOf({ x, y, widthPx, heightPx }: Box, density: number): Box {
  return {
    x: Math.round(x * density),
    y: Math.round(y * density),
    widthPx: Math.max(Math.round(widthPx * density), 1),
    heightPx: Math.max(Math.round(heightPx * density), 1),
  };
}

/** Fills a box, as far as it lies inside the raster. */
function fill(raster: Picture, box: Box, colour: Colour): void {
  const left = Math.max(box.x, 0);
  const right = Math.min(box.x + box.widthPx, raster.widthPx);
  if (right <= left) return;
  const [red, green, blue] = colour;
  const { data, widthPx } = raster;
  const bottom = Math.min(box.y + box.heightPx, raster.heightPx);
  for (let y = Math.max(box.y, 0); y < bottom; y++) {
    const end = 3 * (y * widthPx + right);
    for (let at = 3 * (y * widthPx + left); at < end; at += 3) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }
}

function paintFrame(raster: Picture, { x, y, widthPx, heightPx }: Box, colour: Colour): void {
  const across = { x: x - 1, widthPx: widthPx + 2, heightPx: 1 };
  const down = { y, widthPx: 1, heightPx };
  fill(raster, { ...across, y: y - 1 }, colour);
  fill(raster, { ...across, y: y + heightPx }, colour);
  fill(raster, { ...down, x: x - 1 }, colour);
  fill(raster, { ...down, x: x + widthPx }, colour);
}

function rampOf(map: ColorMap, { widthPx, heightPx }: Box): Picture {
  const data = new Uint8Array(3 * widthPx * heightPx);
  for (let x = 0; x < widthPx; x++) data.set(colourAt(map, x / Math.max(widthPx - 1, 1)), 3 * x);
  for (let y = 1; y < heightPx; y++) data.copyWithin(3 * y * widthPx, 0, 3 * widthPx);
  return { widthPx, heightPx, channels: 3, data };
}

function isLarger(box: Box, picture: Picture): boolean {
  return box.widthPx * box.heightPx > picture.widthPx * picture.heightPx;
}

function fitted(picture: Picture, box: Box): Picture {
  const filter = isLarger(box, picture) ? "bicubic" : "bilinear";
  return resizePicture(toRgb(picture), box.widthPx, box.heightPx, filter);
}

/** Copies the nearest pixels of a smaller picture to a box inside the raster; equal rows are made once. */
function pasteSquares(raster: Picture, { x, y, widthPx, heightPx }: Box, source: Picture): void {
  const { data } = raster;
  const columns = nearestPlaces(source.widthPx, widthPx);
  const rows = nearestPlaces(source.heightPx, heightPx);
  const length = 3 * raster.widthPx;
  for (let row = 0; row < heightPx; row++) {
    const start = (y + row) * length + 3 * x;
    if (row > 0 && rows[row] === rows[row - 1]) {
      data.copyWithin(start, start - length, start - length + 3 * widthPx);
      continue;
    }
    const line = 3 * rows[row]! * source.widthPx;
    for (let column = 0, to = start; column < widthPx; column++, to += 3) {
      const from = line + 3 * columns[column]!;
      data[to] = source.data[from]!;
      data[to + 1] = source.data[from + 1]!;
      data[to + 2] = source.data[from + 2]!;
    }
  }
}

function paintText(raster: Picture, mark: Extract<Mark, { kind: "text" }>, density: number): void {
  const startX = mark.x * density;
  const baseline = Math.round(mark.y * density);
  for (const { coverage, x } of mark.face.glyphs(mark.text, mark.sizePx * density, startX)) {
    const left = Math.floor(startX) + x + coverage.left;
    for (let row = 0; row < coverage.heightPx; row++) {
      const y = baseline + coverage.top + row;
      if (y < 0 || y >= raster.heightPx) continue;
      const line = coverage.data.subarray(row * coverage.widthPx, (row + 1) * coverage.widthPx);
      blend(raster, left, y, line, mark.colour);
    }
  }
}

function paintLine(raster: Picture, mark: Extract<Mark, { kind: "line" }>, density: number): void {
  const points = mark.points.map(
    ([x, y]) => [(mark.x + x) * density, (mark.y + y) * density] as const,
  );
  const stroke = strokeOf(points, mark.widthPx * density);
  if (!stroke) return;
  const { left, top, widthPx, heightPx, data } = stroke;
  for (let row = Math.max(-top, 0); row < Math.min(heightPx, raster.heightPx - top); row++) {
    const line = data.subarray(row * widthPx, (row + 1) * widthPx);
    blend(raster, left, top + row, line, mark.colour);
  }
}

/** Mixes a colour into a row of pixels, as much as each is covered. */
function blend(raster: Picture, left: number, y: number, line: Uint8Array, colour: Colour): void {
  const { data, widthPx } = raster;
  for (let i = 0; i < line.length; i++) {
    const covered = line[i]!;
    const x = left + i;
    if (covered === 0 || x < 0 || x >= widthPx) continue;
    const at = 3 * (y * widthPx + x);
    for (let c = 0; c < 3; c++) {
      // Storing a byte rounds down.
      data[at + c] = data[at + c]! + ((colour[c]! - data[at + c]!) * covered) / 255 + 0.5;
    }
  }
}
