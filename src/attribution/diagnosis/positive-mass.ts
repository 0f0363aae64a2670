/** @file How the positive mass of a map lies: within a part, in how few places, how evenly; and what is negative beside it. */
import { LimpidError } from "../../errors.ts";
import { maskShare, type Mask } from "../../image/mask.ts";
import { orderOf } from "../../image/placed-plane.ts";
import { clamped, type PlaceMap } from "./place-map.ts";

/** A rectangle in shares of the picture, from its upper left corner: 0..1, `left` < `right`, `top` < `bottom`. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** THE list of halves that weight is compared between. */
export const halves = {
  left: { left: 0, top: 0, right: 0.5, bottom: 1 },
  right: { left: 0.5, top: 0, right: 1, bottom: 1 },
  upper: { left: 0, top: 0, right: 1, bottom: 0.5 },
  lower: { left: 0, top: 0.5, right: 1, bottom: 1 },
} as const satisfies Readonly<Record<string, Box>>;

/**
 * Share of the positive mass that lies within a box; a place that the box cuts counts by its area inside.
 * NaN without positive numbers. Throws `bad-option` for a box without area or beyond the picture.
 */
export function positiveMassWithin(map: PlaceMap, box: Box): number {
  requireBox(box);
  const columns = overlaps(map.centres?.x, map.width, [box.left, box.right]);
  const rows = overlaps(map.centres?.y, map.height, [box.top, box.bottom]);
  let inside = 0;
  let total = 0;
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const mass = Math.max(map.data[y * map.width + x]!, 0);
      total += mass;
      inside += mass * rows[y]! * columns[x]!;
    }
  }
  return inside / total;
}

function requireBox({ left, top, right, bottom }: Box): void {
  if (left >= 0 && left < right && right <= 1 && top >= 0 && top < bottom && bottom <= 1) return;
  throw new LimpidError(
    "bad-option",
    `box: it must lie inside the picture, 0 <= left < right <= 1 and 0 <= top < bottom <= 1, got ${left}, ${top}, ${right}, ${bottom}. give shares of the picture's sides.`,
  );
}

/** The borders of `count` places: halfway between their centres, and as far from the outermost ones on both sides. */
function edgesOf(centres: readonly number[] | undefined, count: number): readonly number[] {
  if (!centres || count === 1) return Array.from({ length: count + 1 }, (_, i) => i / count);
  const inner = centres.slice(1).map((centre, i) => (centres[i]! + centre) / 2);
  const [first, last] = [2 * centres[0]! - inner[0]!, 2 * centres.at(-1)! - inner.at(-1)!];
  return [first, ...inner, last].map(clamped);
}

/** Of each place, the share that lies between two numbers; of one without extent all or nothing. */
function overlaps(
  centres: readonly number[] | undefined,
  count: number,
  [from, to]: readonly [number, number],
): readonly number[] {
  const order = centres ? orderOf(centres) : [...Array(count).keys()];
  const edges = edgesOf(
    centres?.toSorted((a, b) => a - b),
    count,
  );
  const shares = edges.slice(1).map((end, i) => {
    const begin = edges[i]!;
    if (!(end > begin)) return begin >= from && begin <= to ? 1 : 0;
    return Math.max(Math.min(to, end) - Math.max(from, begin), 0) / (end - begin);
  });
  const placed = new Float64Array(count);
  for (const [rank, place] of order.entries()) placed[place] = shares[rank]!;
  return [...placed];
}

/**
 * Smallest share of the picture whose places hold a share of the positive mass, half by default. The last
 * place counts by the part of it that is needed, so that maps of few places compare with maps of many. NaN
 * without positive numbers.
 */
export function areaHolding({ data }: PlaceMap, share = 0.5): number {
  const masses = Float64Array.from(data, (value) => Math.max(value, 0))
    .sort()
    .reverse();
  const wanted = share * masses.reduce((sum, mass) => sum + mass, 0);
  if (!(wanted > 0)) return Number.NaN;
  let held = 0;
  for (const [count, mass] of masses.entries()) {
    if (held + mass >= wanted) return (count + (wanted - held) / mass) / masses.length;
    held += mass;
  }
  // Rounding may leave the sum of the parts just under the whole.
  return masses.findIndex((mass) => mass === 0) / masses.length;
}

/** -sum p log p / log n over the positive mass of n places: 0 in one place, 1 the same everywhere. NaN without positive numbers. */
export function positiveEntropy({ data }: PlaceMap): number {
  const masses = Float64Array.from(data, (value) => Math.max(value, 0));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  if (!(total > 0)) return Number.NaN;
  const sum = masses.reduce((entropy, mass) => {
    const p = mass / total;
    return p > 0 ? entropy - p * Math.log(p) : entropy;
  }, 0);
  return masses.length > 1 ? sum / Math.log(masses.length) : 1;
}

/** Share of the sum of all sizes that negative numbers make up; NaN of a map of zeros. */
export function negativeMassShare({ data }: PlaceMap): number {
  let negative = 0;
  let total = 0;
  for (const value of data) {
    if (value < 0) negative -= value;
    total += Math.abs(value);
  }
  return negative / total;
}

/** Share of the positive mass of a map that lies within a mask over the whole picture. NaN without positive numbers. */
export function massWithin(map: PlaceMap, mask: Mask): number {
  const share = maskShare(mask);
  const columns = cellsOf(map.centres?.x, map.width, mask.widthPx);
  const rows = cellsOf(map.centres?.y, map.height, mask.heightPx);
  let [inside, total] = [0, 0];
  for (const [y, [top, bottom]] of rows.entries()) {
    for (const [x, [left, right]] of columns.entries()) {
      const mass = Math.max(map.data[y * map.width + x]!, 0);
      total += mass;
      if (mass > 0) inside += mass * share(left, top, right, bottom);
    }
  }
  return inside / total;
}

/** From where to where each place reaches, of sides of so many pixels; one without extent is a small piece. */
function cellsOf(
  centres: readonly number[] | undefined,
  count: number,
  px: number,
): readonly (readonly [number, number])[] {
  const order = centres ? orderOf(centres) : [...Array(count).keys()];
  const edges = edgesOf(
    centres?.toSorted((a, b) => a - b),
    count,
  );
  const cells = Array<readonly [number, number]>(count);
  for (const [rank, place] of order.entries()) {
    const from = Math.min(edges[rank]! * px, px - 1e-6);
    cells[place] = [from, Math.max(edges[rank + 1]! * px, from + 1e-6)];
  }
  return cells;
}
