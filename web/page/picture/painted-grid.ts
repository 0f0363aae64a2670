/** @file A grid over what the network sees that a brush paints. */
import type { PaintedGrid, ShownRegion } from "../../shown-region.ts";
import type { Pixels } from "../../protocol.ts";
import type { BrushStyle } from "./brush-style.ts";

/** A place of the grid, not rounded. */
export interface BrushPlace {
  readonly x: number;
  readonly y: number;
}

/** Of the longer side, as fine as a finger paints; smaller pictures have a place a pixel. */
const mostPlaces = 56;

/** With the proportions of what the network sees, and nothing painted. */
export function emptyGrid({ width, height }: Pick<Pixels, "width" | "height">): PaintedGrid {
  const times = Math.min(1, mostPlaces / Math.max(width, height));
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.round(side * times))) as [
    number,
    number,
  ];
  return { width: columns, height: rows, inside: new Uint8Array(columns * rows) };
}

/** What is painted of a part, on a grid for what the network sees; of a grid of another size, or a box, the places whose middles lie in it. */
export function gridOfRegion(
  region: ShownRegion | undefined,
  seen: Pick<Pixels, "width" | "height">,
): PaintedGrid {
  const grid = emptyGrid(seen);
  if (!region) return grid;
  const inside = grid.inside.map((_, i) => {
    const x = ((i % grid.width) + 0.5) / grid.width;
    const y = (Math.floor(i / grid.width) + 0.5) / grid.height;
    return isInside(region, x, y) ? 1 : 0;
  });
  return { ...grid, inside };
}

function isInside(region: ShownRegion, x: number, y: number): boolean {
  if (region.kind === "box") {
    return x >= region.left && x < region.right && y >= region.top && y < region.bottom;
  }
  const { width, height, inside } = region;
  return inside[Math.floor(y * height) * width + Math.floor(x * width)] === 1;
}

/** Painted, or erased, around a place, and along the way from the last one; at least the place itself. */
export function paintedBetween(
  { width, height, inside }: PaintedGrid,
  from: BrushPlace,
  to: BrushPlace,
  { radius, isErasing }: BrushStyle,
): PaintedGrid {
  const own = Math.min(Math.max(Math.floor(to.y), 0), height - 1) * width;
  const under = own + Math.min(Math.max(Math.floor(to.x), 0), width - 1);
  const painted = inside.map((one, i) => {
    const place = { x: (i % width) + 0.5, y: Math.floor(i / width) + 0.5 };
    const isMet = i === under || distanceToWay(place, from, to) <= radius;
    return isMet ? Number(!isErasing) : one;
  });
  return { width, height, inside: painted };
}

function distanceToWay(place: BrushPlace, from: BrushPlace, to: BrushPlace): number {
  const [across, down] = [to.x - from.x, to.y - from.y];
  const length = across * across + down * down;
  const along = (place.x - from.x) * across + (place.y - from.y) * down;
  const share = length === 0 ? 0 : Math.min(Math.max(along / length, 0), 1);
  return Math.hypot(place.x - from.x - share * across, place.y - from.y - share * down);
}
