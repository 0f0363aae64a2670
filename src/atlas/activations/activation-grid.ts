/**
 * @file The activation atlas of a layer (Carter et al. 2019, doi:10.23915/distill.00015): what photos make of single places, laid
 * out so that near ones are alike, and averaged over the cells of a grid.
 */
import type { StopSignal } from "../../errors.ts";
import { randomStream } from "../../random.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { nearestRows, type Rows } from "../maps/nearest-rows.ts";
import { umapPlaces } from "../maps/umap.ts";

/** As the paper's: more neighbours than the usual 15, so that the whole holds together. */
const [neighboursEach, closest] = [50, 0.05] as const;

/** A cell of fewer places has no average, since a few photos would decide it. */
export const leastMembers = 6;

/** Places for each cell of the grid on the whole: about half of the cells stay empty. */
const placesForCell = 10;

/** Columns and rows of a grid. */
const [leastSide, mostSide] = [5, 20] as const;

/** With fewer places there is no grid. */
export const leastPlaces = placesForCell * leastSide ** 2;

/** Columns, and rows, of the grid of so many places: about ten of them a cell, 20 columns at most. */
export function gridSide(places: number): number {
  const side = Math.floor(Math.sqrt(places / placesForCell));
  return Math.min(Math.max(side, leastSide), mostSide);
}

/** The most cells that so many places can fill. */
export function mostCells(places: number): number {
  return Math.min(gridSide(places) ** 2, Math.floor(places / leastMembers));
}

interface GridCell {
  readonly column: number;
  readonly row: number;
  /** Rows of the activations that lie in it, those that point most like their average first. */
  readonly members: readonly number[];
}

/** Cells with enough members, row by row, and their averages. */
export interface ActivationGrid {
  readonly side: number;
  readonly cells: readonly GridCell[];
  /** [cells, channels]. */
  readonly means: Float32Array;
}

export interface GridOptions {
  readonly runtime: Runtime;
  /** What is drawn at random depends on it alone. */
  readonly key: string;
  readonly signal?: StopSignal;
  onShare?(share: number): void;
}

/** The grid of activations, a row a place, each with a length above 0; at least `leastPlaces`. Throws `aborted`. */
export async function activationGrid(rows: Rows, options: GridOptions): Promise<ActivationGrid> {
  const { runtime, key, signal, onShare } = options;
  const near = await nearestRows(runtime, rows, neighboursEach, signal);
  const laid = umapPlaces(near, {
    random: randomStream("activation grid", key),
    closest,
    ...(signal ? { signal } : {}),
    ...(onShare ? { onShare } : {}),
  });
  return cellsOf(rows, inCells(laid, gridSide(near.count)));
}

/** Of each place [column, row], by number row * side + column. */
interface Placed {
  readonly side: number;
  readonly cells: Int32Array;
}

/** How far beyond the inner 98 % of places the grid reaches on each side, as a share of their extent. */
const beyond = 0.1;

/**
 * The cells of places [count, 2]: the grid spans the inner 98 % of them along each axis and a tenth more on each side, as the
 * paper's code has it, and what lies farther out is in the outermost cells.
 */
export function inCells(places: Float64Array, side: number): Placed {
  const along = (axis: 0 | 1) => {
    const sorted = places.filter((_, i) => i % 2 === axis).toSorted();
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    const [least, most] = [at(0.01), at(0.99)];
    const margin = beyond * (most - least);
    return { from: least - margin, extent: Math.max(most - least + 2 * margin, 1e-12) };
  };
  const [across, down] = [along(0), along(1)];
  const cellAlong = (value: number, { from, extent }: ReturnType<typeof along>) =>
    Math.min(Math.max(Math.floor((side * (value - from)) / extent), 0), side - 1);
  const cells = Int32Array.from({ length: places.length / 2 }, (_, i) => {
    const [column, row] = [cellAlong(places[2 * i]!, across), cellAlong(places[2 * i + 1]!, down)];
    return row * side + column;
  });
  return { side, cells };
}

/** The cells that have enough members, with their averages. */
export function cellsOf({ data, length }: Rows, { side, cells }: Placed): ActivationGrid {
  const members = new Map<number, number[]>();
  for (const [i, cell] of cells.entries()) {
    const own = members.get(cell);
    if (own) own.push(i);
    else members.set(cell, [i]);
  }
  const filled = [...members]
    .filter(([, own]) => own.length >= leastMembers)
    .toSorted(([a], [b]) => a - b);
  const means = new Float32Array(filled.length * length);
  const found = filled.map(([cell, own], i): GridCell => {
    const mean = meanOf(data, length, own);
    means.set(mean, i * length);
    return {
      column: cell % side,
      row: Math.floor(cell / side),
      members: likestFirst(data, mean, own),
    };
  });
  return { side, cells: found, means };
}

function meanOf(data: Float32Array, length: number, rows: readonly number[]): Float64Array {
  const sum = new Float64Array(length);
  for (const row of rows) for (let i = 0; i < length; i++) sum[i]! += data[row * length + i]!;
  return sum.map((value) => value / rows.length);
}

function likestFirst(
  data: Float32Array,
  mean: Float64Array,
  rows: readonly number[],
): readonly number[] {
  const cosineOf = (row: number) => {
    let [product, square] = [0, 0];
    for (const [i, value] of mean.entries()) {
      const own = data[row * mean.length + i]!;
      product += own * value;
      square += own * own;
    }
    return product / Math.sqrt(square);
  };
  return rows
    .map((row) => ({ row, cosine: cosineOf(row) }))
    .toSorted((a, b) => b.cosine - a.cosine)
    .map(({ row }) => row);
}
