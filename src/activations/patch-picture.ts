/** @file Patches of pictures: what lies in a receptive field, several side by side, and where it lies. */
import type { Picture } from "../image/picture.ts";
import { crop, filled, paste, type Rectangle } from "../image/raster.ts";
import { resizePicture } from "../image/resize.ts";

/** The grey of what is beyond the picture's border, or beside a patch that is not square. */
const ground = 242;
/** Vermilion of Okabe and Ito 2008 inside white: seen on any photo, and by the colour-blind. */
const lineColour = [213, 94, 0] as const;

/**
 * What lies in a rectangle of an RGB or grey picture, as large as it fits into a square of `sidePx`, on light grey.
 * A field of no pixel gives the grey alone.
 */
export function cutPatch(source: Picture, field: Rectangle, sidePx: number): Picture {
  const { channels } = source;
  const square = filled(sidePx, sidePx, channels, ground);
  const { widthPx, heightPx } = field;
  if (widthPx === 0 || heightPx === 0) return square;
  const share = sidePx / Math.max(widthPx, heightPx);
  const inside = crop(source, field);
  const sides = [widthPx, heightPx].map((side) => Math.max(Math.round(side * share), 1));
  const filter = share > 1 ? "nearest" : "box";
  const fitted = resizePicture(inside, sides[0]!, sides[1]!, filter);
  const left = Math.floor((sidePx - fitted.widthPx) / 2);
  const top = Math.floor((sidePx - fitted.heightPx) / 2);
  paste(square, fitted, left, top);
  return square;
}

/** How patches lie in a mosaic: as square as their number allows, row by row. */
export interface MosaicLayout {
  readonly columns: number;
  readonly rows: number;
  readonly patchPx: number;
  readonly gapPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The layout of `count` patches in `widthPx` pixels; the height is even, so that two pixels a unit fit. */
export function mosaicLayout(count: number, widthPx: number): MosaicLayout {
  const gapPx = 2;
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const patchPx = Math.max(Math.floor((widthPx - (columns - 1) * gapPx) / columns), 1);
  const heightPx = rows * (patchPx + gapPx) - gapPx;
  return { columns, rows, patchPx, gapPx, widthPx, heightPx: heightPx + (heightPx % 2) };
}

/** A mosaic without patches yet, white. */
export function emptyMosaic(layout: MosaicLayout, channels: 1 | 3): Picture {
  const { widthPx, heightPx } = layout;
  return filled(widthPx, heightPx, channels, 255);
}

/** Lays a patch of `layout.patchPx` into a mosaic, as number `index`. */
export function layPatch(
  mosaic: Picture,
  patch: Picture,
  layout: MosaicLayout,
  index: number,
): void {
  const { left, top } = patchPlace(layout, index);
  paste(mosaic, patch, left, top);
}

/** Where patch number `index` lies in a mosaic, in pixels. */
export function patchPlace(
  { columns, patchPx, gapPx, widthPx }: MosaicLayout,
  index: number,
): { readonly left: number; readonly top: number } {
  const step = patchPx + gapPx;
  const margin = Math.floor((widthPx - columns * step + gapPx) / 2);
  return { left: margin + (index % columns) * step, top: Math.floor(index / columns) * step };
}

/** The RGB picture with a field's border drawn on it: a coloured line of two pixels, white within. */
export function drawField(source: Picture, field: Rectangle): Picture {
  const data = new Uint8Array(source.data);
  for (let inset = 0; inset < 3; inset++) {
    const colour = inset < 2 ? lineColour : ([255, 255, 255] as const);
    const [left, top] = [field.left + inset, field.top + inset];
    const [right, bottom] = [
      field.left + field.widthPx - 1 - inset,
      field.top + field.heightPx - 1 - inset,
    ];
    for (let x = left; x <= right; x++) {
      for (const y of [top, bottom])
        if (top <= bottom) data.set(colour, 3 * (y * source.widthPx + x));
    }
    for (let y = top; y <= bottom; y++) {
      for (const x of [left, right])
        if (left <= right) data.set(colour, 3 * (y * source.widthPx + x));
    }
  }
  return { ...source, data };
}
