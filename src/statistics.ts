/** @file Plain statistics: medians, correlations, and intervals of what a few pictures show. */

/** The middle of some numbers: of an even count, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)]! + sorted[Math.ceil(at)]!) / 2;
}

/** Spearman's rank correlation of two lists, -1 to 1; ties share their mean rank. NaN where one does not vary. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  return correlation(ranks(a), ranks(b));
}

function ranks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const alike = values.filter((other) => other === value).length;
    return below + (alike + 1) / 2;
  });
}

/** Pearson's correlation, -1 to 1. NaN where one list does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = a.length;
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < count; i++) {
    sumA += a[i]!;
    sumB += b[i]!;
  }
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [x, y] = [a[i]! - sumA / count, b[i]! - sumB / count];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return product / Math.sqrt(squareA * squareB);
}

/** The 95 % interval of a share found in so many trials (Wilson 1927). */
export function shareInterval(share: number, trials: number): readonly [number, number] {
  const z = 1.959964;
  const scale = 1 + (z * z) / trials;
  const middle = share + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [(middle - reach) / scale, (middle + reach) / scale];
}

/** A mean with the ends of its 95 % interval; both are the mean where one picture alone was measured. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % quantile of the normal distribution. */
const z = 1.959964;

/**
 * The mean over pictures with Student's 95 % interval, mean ± t s / sqrt(n), kept inside `limits`; the pictures
 * are taken for a random draw. NaN of no number.
 */
export function meanInterval(
  values: ArrayLike<number>,
  limits: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): MeanInterval {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  if (count < 2) return { mean, low: mean, high: mean };
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2;
  const reach = studentQuantile(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return {
    mean,
    low: Math.max(mean - reach, limits[0]),
    high: Math.min(mean + reach, limits[1]),
  };
}

/**
 * 97.5 % quantile of Student's t for whole degrees of freedom: exact for 1 and 2, beyond it the expansion in
 * 1 / degrees of Abramowitz and Stegun 1964, 26.7.5, within 0.004.
 */
function studentQuantile(degrees: number): number {
  if (degrees === 1) return 12.7062;
  if (degrees === 2) return 4.30265;
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((total, term, i) => total + term / degrees ** i, 0);
}

/** The largest of any number of numbers, where `Math.max` takes only so many; minus infinity of none. */
export function largest(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest of any number of numbers; infinity of none. */
export function smallest(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}
