/** @file Random masks of RISE: coarse cells, enlarged smoothly and shifted, and what they are on average. */
import { randomStream } from "../../random.ts";

interface RandomMaskOptions {
  /** Cells on a side. */
  readonly cells: number;
  /** Probability that a cell is visible. */
  readonly keep: number;
  readonly seed: number;
  /** Whether every second mask is the complement of the one before; for a `keep` of one half, of which both are drawn alike. */
  readonly inPairs?: boolean;
}

/** One mask before it is enlarged. */
interface DrawnMask {
  /** [cells, cells], 1 where visible. */
  readonly grid: Float32Array;
  readonly rows: Taps;
  readonly columns: Taps;
}

/** Of each pixel of an axis the two cells that it lies between, and the share of the second. */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float64Array;
}

/** The random masks [H, W] of a seed, from 0 (hidden) to 1, by their index; the mean over all is `keep` at every pixel. */
export class RandomMasks {
  readonly keep: number;
  readonly cells: number;
  readonly height: number;
  readonly width: number;
  readonly #options: RandomMaskOptions;
  readonly #taps: readonly [rows: readonly Taps[], columns: readonly Taps[]];

  constructor(height: number, width: number, options: RandomMaskOptions) {
    this.height = height;
    this.width = width;
    this.keep = options.keep;
    this.cells = options.cells;
    this.#options = options;
    this.#taps = [shiftedTaps(height, options.cells), shiftedTaps(width, options.cells)];
  }

  #draw(index: number): DrawnMask {
    const { cells, keep, seed, inPairs = false } = this.#options;
    const random = randomStream("rise", seed, inPairs ? index >> 1 : index);
    const isComplement = inPairs && index % 2 === 1;
    const grid = Float32Array.from({ length: cells ** 2 }, () =>
      random.uniform() < keep !== isComplement ? 1 : 0,
    );
    const [rows, columns] = this.#taps;
    return {
      grid,
      rows: rows[random.below(rows.length)]!,
      columns: columns[random.below(columns.length)]!,
    };
  }

  /** A mask at every pixel, [H, W], written into `into`. */
  whole(index: number, into = new Float32Array(this.height * this.width)): Float32Array {
    const { grid, rows, columns } = this.#draw(index);
    const { cells } = this.#options;
    const { first, second, share } = columns;
    const line = new Float32Array(cells);
    for (let y = 0; y < this.height; y++) {
      const top = rows.first[y]! * cells;
      const bottom = rows.second[y]! * cells;
      const lower = rows.share[y]!;
      for (let c = 0; c < cells; c++) {
        line[c] = grid[top + c]! * (1 - lower) + grid[bottom + c]! * lower;
      }
      const at = y * this.width;
      for (let x = 0; x < this.width; x++) {
        const farther = share[x]!;
        into[at + x] = line[first[x]!]! * (1 - farther) + line[second[x]!]! * farther;
      }
    }
    return into;
  }

  /**
   * The sum of masks, each by its weight, [H, W]. Masks of one shift are summed before their columns are enlarged, which takes a
   * thirtieth of the time of enlarging each.
   */
  weightedSum(weights: readonly number[]): Float64Array {
    const { cells } = this.#options;
    const [, shifts] = this.#taps;
    const lines = new Map(shifts.map((shift) => [shift, new Float64Array(this.height * cells)]));
    for (const [index, weight] of weights.entries()) {
      const { grid, rows, columns } = this.#draw(index);
      const own = lines.get(columns)!;
      for (let y = 0; y < this.height; y++) {
        const [top, bottom] = [rows.first[y]! * cells, rows.second[y]! * cells];
        const lower = weight * rows.share[y]!;
        for (let c = 0; c < cells; c++) {
          own[y * cells + c]! += (weight - lower) * grid[top + c]! + lower * grid[bottom + c]!;
        }
      }
    }
    const sum = new Float64Array(this.height * this.width);
    for (const [{ first, second, share }, own] of lines) {
      for (let y = 0; y < this.height; y++) {
        for (let x = 0; x < this.width; x++) {
          const [left, right] = [own[y * cells + first[x]!]!, own[y * cells + second[x]!]!];
          sum[y * this.width + x]! += left + share[x]! * (right - left);
        }
      }
    }
    return sum;
  }

  /** A mask at some rows and columns alone, less its mean: [rows, columns]. */
  centredAt(index: number, { ys, xs }: MaskPoints): Float64Array {
    const { grid, rows, columns } = this.#draw(index);
    const { cells } = this.#options;
    const values = new Float64Array(ys.length * xs.length);
    for (const [i, y] of ys.entries()) {
      const [top, bottom, lower] = [
        rows.first[y]! * cells,
        rows.second[y]! * cells,
        rows.share[y]!,
      ];
      for (const [j, x] of xs.entries()) {
        const [left, right] = [columns.first[x]!, columns.second[x]!];
        const mixed = (column: number) =>
          grid[top + column]! * (1 - lower) + grid[bottom + column]! * lower;
        const farther = columns.share[x]!;
        values[i * xs.length + j] =
          mixed(left) * (1 - farther) + mixed(right) * farther - this.keep;
      }
    }
    return values;
  }

  /**
   * How a mask's pixels go together along the rows and along the columns: [points, points'] each. The covariance of two pixels
   * over all masks is `keep (1 - keep)` times the product of both, since cells are drawn one by one and the shift leaves the mean
   * as it is.
   */
  togetherness(
    at: MaskPoints,
    and: MaskPoints,
  ): { readonly rows: Float64Array; readonly columns: Float64Array } {
    const [rows, columns] = this.#taps;
    return { rows: overlaps(rows, at.ys, and.ys), columns: overlaps(columns, at.xs, and.xs) };
  }
}

/** Some rows and columns of a picture. */
export interface MaskPoints {
  readonly ys: readonly number[];
  readonly xs: readonly number[];
}

/** The mean over all shifts of the sum over cells of both points' weights. */
function overlaps(
  taps: readonly Taps[],
  at: readonly number[],
  and: readonly number[],
): Float64Array {
  const sums = new Float64Array(at.length * and.length);
  for (const { first, second, share } of taps) {
    for (const [i, p] of at.entries()) {
      const [a, b, f] = [first[p]!, second[p]!, share[p]!];
      for (const [j, q] of and.entries()) {
        const [c, d, g] = [first[q]!, second[q]!, share[q]!];
        // A cell at the border stands for both of its pixel's.
        const ofA = (a === c ? 1 - g : 0) + (a === d ? g : 0);
        const ofB = (b === c ? 1 - g : 0) + (b === d ? g : 0);
        sums[i * and.length + j]! += ((1 - f) * ofA + f * ofB) / taps.length;
      }
    }
  }
  return sums;
}

/** The taps of each shift, where `cells` are enlarged to `(cells + 1) * cellPx` pixels and cut to `side`. */
function shiftedTaps(side: number, cells: number): readonly Taps[] {
  const cellPx = Math.ceil(side / cells);
  const scale = cells / ((cells + 1) * cellPx);
  return Array.from({ length: cellPx }, (_, shift) => {
    const taps = {
      first: new Int32Array(side),
      second: new Int32Array(side),
      share: new Float64Array(side),
    };
    for (let pixel = 0; pixel < side; pixel++) {
      const position = Math.min(Math.max((pixel + shift + 0.5) * scale - 0.5, 0), cells - 1);
      const first = Math.floor(position);
      taps.first[pixel] = first;
      taps.second[pixel] = Math.min(first + 1, cells - 1);
      taps.share[pixel] = position - first;
    }
    return taps;
  });
}
