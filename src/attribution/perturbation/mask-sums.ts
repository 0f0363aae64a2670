/** @file Sums over random masks and their scores, of which maps and their errors are made without looking at pixels again. */
import { errorGroups } from "./estimate-error.ts";
import { solveSymmetric } from "./least-squares.ts";
import type { MaskPoints, RandomMasks } from "./random-masks.ts";

/** The paper's sum of masks, or the one with a linear fit taken out. */
export type Fit = "plain" | "fitted";

/** Points on a side at which masks are looked at: no more than a fit of some hundred scores can tell apart. */
const mostPoints = 12;

/** A fit counts as much against one without slopes as so many masks. */
const shrinkage = 40;

/**
 * The score is fitted by a line, s = b_0 + b (m - keep), in the mask m at points that are spread over the picture. What it
 * leaves is summed mask by mask, as RISE sums the scores; the line's own part needs no masks, as the covariance of any two
 * pixels over all masks is known (a control variate: Glasserman 2003, section 4.1). Both together have RISE's
 * expectation, whatever the line is, and their variance is that of what the line leaves.
 */
export class MaskSums {
  readonly #masks: RandomMasks;
  readonly #points: MaskPoints;
  /** Features of the fit: 1 and each point. */
  readonly #size: number;
  /** Of each group, [size, size], the lower half. */
  readonly #normals: readonly Float64Array[];
  /** Of each group, [size]. */
  readonly #rights: readonly Float64Array[];
  /** Covariance of the points over all masks, [points, points]. */
  readonly #covariance: Float64Array;

  constructor(masks: RandomMasks) {
    this.#masks = masks;
    this.#points = { ys: spread(masks.height, masks.cells), xs: spread(masks.width, masks.cells) };
    this.#size = 1 + this.#points.ys.length * this.#points.xs.length;
    const groups = Array.from({ length: errorGroups });
    this.#normals = groups.map(() => new Float64Array(this.#size ** 2));
    this.#rights = groups.map(() => new Float64Array(this.#size));
    this.#covariance = this.#covarianceAt(this.#points);
  }

  /** Takes the score of a mask; a mask and its complement, which follows it, are in one group. */
  add(index: number, score: number): void {
    const group = (index >> 1) % errorGroups;
    const row = this.#features(index);
    const [normal, right] = [this.#normals[group]!, this.#rights[group]!];
    for (let i = 0; i < this.#size; i++) {
      right[i]! += score * row[i]!;
      for (let j = 0; j <= i; j++) normal[i * this.#size + j]! += row[i]! * row[j]!;
    }
  }

  /** The map at the points, without the masks of one group if it is named. */
  estimate(form: Fit, without?: number): Float64Array {
    const sums = this.#sums(without);
    const count = sums.normal[0]!;
    const { keep } = this.#masks;
    const own = sums.right.subarray(1);
    if (form === "plain") {
      return own.map((sum, i) => {
        const seen = sums.normal[(i + 1) * this.#size]! + keep * count;
        return seen > 0 ? (sum + keep * sums.right[0]!) / seen : sums.right[0]! / count;
      });
    }
    const fit = this.#solve(sums);
    return own.map((sum, i) => {
      let [covariance, fitted] = [0, 0];
      for (let j = 0; j < this.#size; j++) {
        fitted += at(sums.normal, this.#size, i + 1, j) * fit[j]!;
        if (j > 0) covariance += this.#covariance[i * own.length + j - 1]! * fit[j]!;
      }
      return fit[0]! + (covariance + (sum - fitted) / count) / keep;
    });
  }

  /** The line of all masks: b_0 and the slope of each point. */
  fit(): Float64Array {
    return this.#solve(this.#sums());
  }

  /** What a line leaves of the score of a mask. */
  rest(fit: Float64Array, index: number, score: number): number {
    return this.#features(index).reduce((left, value, i) => left - fit[i]! * value, score);
  }

  /** The covariance of a line with the mask of every pixel, over all masks: [H * W]. */
  fittedCovariance(fit: Float64Array): Float64Array {
    const { height, width } = this.#masks;
    const whole = { ys: [...Array(height).keys()], xs: [...Array(width).keys()] };
    const { rows, columns } = this.#masks.togetherness(whole, this.#points);
    const [down, across] = [this.#points.ys.length, this.#points.xs.length];
    const variance = this.#masks.keep * (1 - this.#masks.keep);
    const values = new Float64Array(height * width);
    const line = new Float64Array(across);
    for (let y = 0; y < height; y++) {
      for (let j = 0; j < across; j++) {
        line[j] = 0;
        for (let i = 0; i < down; i++) line[j]! += rows[y * down + i]! * fit[1 + i * across + j]!;
      }
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let j = 0; j < across; j++) sum += columns[x * across + j]! * line[j]!;
        values[y * width + x] = variance * sum;
      }
    }
    return values;
  }

  #features(index: number): Float64Array {
    const row = new Float64Array(this.#size);
    row[0] = 1;
    row.set(this.#masks.centredAt(index, this.#points), 1);
    return row;
  }

  #covarianceAt(points: MaskPoints): Float64Array {
    const { rows, columns } = this.#masks.togetherness(points, points);
    const [down, across] = [points.ys.length, points.xs.length];
    const count = down * across;
    const variance = this.#masks.keep * (1 - this.#masks.keep);
    return Float64Array.from({ length: count ** 2 }, (_, at) => {
      const [a, b] = [Math.floor(at / count), at % count];
      const row = rows[Math.floor(a / across) * down + Math.floor(b / across)]!;
      return variance * row * columns[(a % across) * across + (b % across)]!;
    });
  }

  #sums(without?: number): Sums {
    const normal = new Float64Array(this.#size ** 2);
    const right = new Float64Array(this.#size);
    for (let group = 0; group < errorGroups; group++) {
      if (group === without) continue;
      for (const [i, value] of this.#normals[group]!.entries()) normal[i]! += value;
      for (const [i, value] of this.#rights[group]!.entries()) right[i]! += value;
    }
    return { normal, right };
  }

  /** Slopes are shrunk by as much as masks that all have the same score would do. */
  #solve({ normal, right }: Sums): Float64Array {
    const count = this.#size - 1;
    const matrix = normal.slice();
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        const at = (i + 1) * this.#size + j + 1;
        matrix[at]! += shrinkage * this.#covariance[i * count + j]!;
        // Points in one cell are one and the same.
        if (i === j) matrix[at]! += 1e-6 * shrinkage;
      }
    }
    return solveSymmetric(matrix, right.slice(), this.#size)!;
  }
}

interface Sums {
  readonly normal: Float64Array;
  readonly right: Float64Array;
}

/** A number of a symmetric matrix of which the lower half is there. */
function at(matrix: Float64Array, size: number, i: number, j: number): number {
  return matrix[Math.max(i, j) * size + Math.min(i, j)]!;
}

/** Pixels at even distances along a side: one more than there are cells, as far as there are. */
function spread(side: number, cells: number): readonly number[] {
  const count = Math.min(side, cells + 1, mostPoints);
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * side) / count));
}
