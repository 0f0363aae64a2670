/** @file Fills outlines with exact coverage, so that text has the same pixels in Node and in every browser. */
import { largest, smallest } from "../statistics.ts";

/** One step of a glyph's outline, in font units with y downwards; curves as TrueType and PostScript fonts have them. */
export type OutlineStep =
  | { readonly type: "M" | "L"; readonly x: number; readonly y: number }
  | {
      readonly type: "Q";
      readonly x1: number;
      readonly y1: number;
      readonly x: number;
      readonly y: number;
    }
  | {
      readonly type: "C";
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: "Z" };

/** How much of each pixel an outline covers, 0..255, row by row. */
export interface Coverage {
  /** Of the first pixel, from the outline's origin. */
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Straight pieces of a curve: at the size of text their error is far below what a pixel shows. */
const pieces = 8;

/** Corners of the outline as closed polygons [x, y, x, y, ...], in pixels. */
function polygonsOf(steps: readonly OutlineStep[], scale: number, shiftX: number): number[][] {
  const polygons: number[][] = [];
  let [x, y] = [0, 0];
  for (const step of steps) {
    if (step.type === "Z") continue;
    if (step.type === "M") polygons.push([]);
    const polygon = polygons.at(-1)!;
    const count = step.type === "Q" || step.type === "C" ? pieces : 1;
    for (let i = 1; i <= count; i++) {
      const [px, py] = pointAt(step, x, y, i / count);
      polygon.push(px * scale + shiftX, py * scale);
    }
    [x, y] = [step.x, step.y];
  }
  return polygons;
}

type Drawn = Exclude<OutlineStep, { readonly type: "Z" }>;

/** The point of a step that starts at (x, y), t from 0 to 1 (Bernstein form). */
function pointAt(step: Drawn, x: number, y: number, t: number): readonly [number, number] {
  const s = 1 - t;
  switch (step.type) {
    case "M":
    case "L":
      return [step.x, step.y];
    case "Q":
      return [
        s * s * x + 2 * s * t * step.x1 + t * t * step.x,
        s * s * y + 2 * s * t * step.y1 + t * t * step.y,
      ];
    case "C":
      return [
        s ** 3 * x + 3 * s * s * t * step.x1 + 3 * s * t * t * step.x2 + t ** 3 * step.x,
        s ** 3 * y + 3 * s * s * t * step.y1 + 3 * s * t * t * step.y2 + t ** 3 * step.y,
      ];
  }
}

/**
 * The pixels of an outline, `scale` pixels a unit and `shiftX` pixels to the right. Overlapping contours of
 * one direction join; those of the other cut holes. Signed areas are summed from left to right (Levien 2016,
 * "Inside the fastest font renderer in the world").
 */
export function coverageOf(steps: readonly OutlineStep[], scale: number, shiftX: number): Coverage {
  const polygons = polygonsOf(steps, scale, shiftX);
  const points = polygons.flat();
  if (points.length === 0) {
    return { left: 0, top: 0, widthPx: 0, heightPx: 0, data: new Uint8Array(0) };
  }
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const [left, top] = [Math.floor(smallest(xs)), Math.floor(smallest(ys))];
  const widthPx = Math.ceil(largest(xs)) - left + 1;
  const heightPx = Math.ceil(largest(ys)) - top;
  const areas = new Float64Array(widthPx * heightPx + 1);
  for (const polygon of polygons) {
    for (let i = 0; i < polygon.length; i += 2) {
      const next = (i + 2) % polygon.length;
      addEdge(
        areas,
        widthPx,
        [polygon[i]! - left, polygon[i + 1]! - top],
        [polygon[next]! - left, polygon[next + 1]! - top],
      );
    }
  }
  return { left, top, widthPx, heightPx, data: summed(areas, widthPx, heightPx) };
}

function summed(areas: Float64Array, widthPx: number, heightPx: number): Uint8Array {
  const data = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    let sum = 0;
    for (let x = 0; x < widthPx; x++) {
      sum += areas[y * widthPx + x]!;
      data[y * widthPx + x] = Math.round(255 * Math.min(Math.abs(sum), 1));
    }
  }
  return data;
}

type Point = readonly [number, number];

/** Adds what an edge changes: the pixels right of it gain its height, those it crosses a part of it. */
function addEdge(areas: Float64Array, widthPx: number, from: Point, to: Point): void {
  if (from[1] === to[1]) return;
  const sign = from[1] < to[1] ? 1 : -1;
  const [upper, lower] = sign > 0 ? [from, to] : [to, from];
  const slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
  let x = upper[0];
  for (let y = Math.floor(upper[1]); y < lower[1]; y++) {
    const height = Math.min(y + 1, lower[1]) - Math.max(y, upper[1]);
    const next = x + slope * height;
    addSpan(areas, y * widthPx, Math.min(x, next), Math.max(x, next), sign * height);
    x = next;
  }
}

/** Adds an edge's part inside one row, from x = `x0` to `x1`. */
function addSpan(areas: Float64Array, row: number, x0: number, x1: number, height: number): void {
  const first = Math.floor(x0);
  const end = Math.ceil(x1);
  if (end <= first + 1) {
    const middle = (x0 + x1) / 2 - first;
    areas[row + first]! += height * (1 - middle);
    areas[row + first + 1]! += height * middle;
    return;
  }
  // Of each pixel, the area left of the edge so far; what one adds to the next is the difference.
  const perPixel = height / (x1 - x0);
  let before = 0;
  for (let x = first; x <= end; x++) {
    const [a, b] = [Math.max(x0, x), Math.min(x1, x + 1)];
    const crossed = b > a ? perPixel * (b - a) * (x + 1 - (a + b) / 2) : 0;
    const passed = perPixel * (Math.min(Math.max(x, x0), x1) - x0);
    areas[row + x]! += passed + crossed - before;
    before = passed + crossed;
  }
}
