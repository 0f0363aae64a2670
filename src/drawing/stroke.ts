/** @file Lines as pixels: how much of each pixel a line of some width covers. */

/** Coverage 0..255 of a part of a raster, row by row. */
export interface Coverage {
  readonly left: number;
  readonly top: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

type Point = readonly [x: number, y: number];

/** The pixels of a line through points, in pixels of a raster; its joints and ends are round. Undefined of no point. */
export function strokeOf(points: readonly Point[], widthPx: number): Coverage | undefined {
  if (points.length === 0) return undefined;
  const reach = widthPx / 2 + 1;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const start = [Math.floor(left - reach), Math.floor(top - reach)] as const;
  const size = [Math.ceil(right + reach) - start[0], Math.ceil(bottom + reach) - start[1]] as const;
  const coverage = {
    left: start[0],
    top: start[1],
    widthPx: size[0],
    heightPx: size[1],
    data: new Uint8Array(size[0] * size[1]),
  };
  for (let i = 0; i < Math.max(points.length - 1, 1); i++) {
    cover(coverage, points[i]!, points[i + 1] ?? points[i]!, widthPx / 2);
  }
  return coverage;
}

/** Covers what lies within a distance of a piece of the line; what is covered already keeps the more. */
function cover(
  { left, top, widthPx, heightPx, data }: Coverage,
  a: Point,
  b: Point,
  half: number,
): void {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const squared = dx * dx + dy * dy;
  const reach = half + 1;
  const fromX = Math.max(Math.floor(Math.min(a[0], b[0]) - reach) - left, 0);
  const toX = Math.min(Math.ceil(Math.max(a[0], b[0]) + reach) - left, widthPx);
  const fromY = Math.max(Math.floor(Math.min(a[1], b[1]) - reach) - top, 0);
  const toY = Math.min(Math.ceil(Math.max(a[1], b[1]) + reach) - top, heightPx);
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const [px, py] = [x + left + 0.5 - a[0], y + top + 0.5 - a[1]];
      const along = squared > 0 ? Math.min(Math.max((px * dx + py * dy) / squared, 0), 1) : 0;
      const distance = Math.hypot(px - along * dx, py - along * dy);
      const covered = Math.min(Math.max(half + 0.5 - distance, 0), 1) * 255;
      const at = y * widthPx + x;
      if (covered > data[at]!) data[at] = covered;
    }
  }
}
