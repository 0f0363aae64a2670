/** @file Masks: parts of a picture, and which cells of a grid they cover. */
import type { Rectangle } from "./raster.ts";

/** A part of a picture [heightPx * widthPx], row-major, 1 inside and 0 outside. */
export interface Mask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly inside: Uint8Array;
}

/** The share of a rectangle, from 0 to 1, that something covers; sides are in any numbers. */
export type CoveredShare = (left: number, top: number, right: number, bottom: number) => number;

/** The share of any rectangle that a mask covers, exactly; nothing is inside beyond its borders. */
export function maskShare({ widthPx, heightPx, inside }: Mask): CoveredShare {
  // Sums of all that lies above and to the left of each corner of a pixel.
  const wide = widthPx + 1;
  const sums = new Float64Array(wide * (heightPx + 1));
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0, row = 0; x < widthPx; x++) {
      row += inside[y * widthPx + x]!;
      sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1]! + row;
    }
  }
  // Between corners the area grows linearly in each direction.
  const areaBefore = (x: number, y: number) => {
    const [atX, atY] = [Math.min(Math.max(x, 0), widthPx), Math.min(Math.max(y, 0), heightPx)];
    const [x0, y0] = [
      Math.min(Math.floor(atX), widthPx - 1),
      Math.min(Math.floor(atY), heightPx - 1),
    ];
    const [dx, dy] = [atX - x0, atY - y0];
    const rowAt = (row: number) =>
      sums[row * wide + x0]! * (1 - dx) + sums[row * wide + x0 + 1]! * dx;
    return rowAt(y0) * (1 - dy) + rowAt(y0 + 1) * dy;
  };
  return (left, top, right, bottom) =>
    (areaBefore(right, bottom) -
      areaBefore(left, bottom) -
      areaBefore(right, top) +
      areaBefore(left, top)) /
    ((right - left) * (bottom - top));
}

/** A rectangle by its sides. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The share of any rectangle that a box covers. */
export function boxShare(box: Box): CoveredShare {
  const common = (from: number, to: number, low: number, high: number) =>
    Math.max(Math.min(to, high) - Math.max(from, low), 0);
  return (left, top, right, bottom) =>
    (common(left, right, box.left, box.right) * common(top, bottom, box.top, box.bottom)) /
    ((right - left) * (bottom - top));
}

/** Shares that rounding alone tells apart. */
const tolerance = 1e-9;

/** A stretch of a side, in any numbers. */
export type Span = readonly [from: number, to: number];

/**
 * The cells of a grid over a rectangle of which at least half is covered, 1 each, row-major; where no cell is covered so
 * far, those that are covered most; none where nothing is.
 */
export function coveredCells(
  share: CoveredShare,
  { left, top, widthPx, heightPx }: Rectangle,
  columns: number,
  rows: number,
): Uint8Array {
  return coveredSpans(share, evenSpans(left, widthPx, columns), evenSpans(top, heightPx, rows));
}

/** Equal parts of a stretch. */
function evenSpans(from: number, length: number, count: number): readonly Span[] {
  const step = length / count;
  return Array.from({ length: count }, (_, i) => [from + i * step, from + (i + 1) * step]);
}

/** As `coveredCells`, of the cells [rows, columns] that columns and rows of any widths have in common. */
export function coveredSpans(
  share: CoveredShare,
  columns: readonly Span[],
  rows: readonly Span[],
): Uint8Array {
  const shares = Float64Array.from({ length: columns.length * rows.length }, (_, cell) => {
    const [left, right] = columns[cell % columns.length]!;
    const [top, bottom] = rows[Math.floor(cell / columns.length)]!;
    return share(left, top, right, bottom);
  });
  const most = shares.reduce((so, each) => Math.max(so, each), 0);
  if (most <= tolerance) return new Uint8Array(shares.length);
  const least = Math.min(most, 0.5) - tolerance;
  return Uint8Array.from(shares, (each) => (each >= least ? 1 : 0));
}
