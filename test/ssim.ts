/** @file How alike two pictures look: structural similarity. */
import { toRgb, type Picture } from "../src/image/picture.ts";

/** Likeness of two pictures of one size; 1 where they are the same. */
export interface Likeness {
  readonly mean: number;
  /** Of the least similar block of 32 x 32 places, so that a small change on a large page is not lost in the mean. */
  readonly worst: number;
}

const windowPx = 11;
const deviation = 1.5;
const blockPx = 32;
/** Constants of the paper for numbers of 0..255. */
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** Numbers with a place, row by row. */
interface Grid {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Float64Array;
}

/**
 * Structural similarity (Wang, Bovik, Sheikh and Simoncelli 2004, "Image quality assessment: from error visibility to
 * structural similarity", equation 13) in windows of 11 x 11 that lie inside the pictures, of red, green or blue the least.
 * Both pictures must have one size of at least 11 pixels a side.
 */
export function ssim(a: Picture, b: Picture): Likeness {
  const similar = [0, 1, 2].map((c) => similarity(channelOf(a, c), channelOf(b, c)));
  const [{ widthPx, heightPx }] = similar as [Grid, ...Grid[]];
  const data = Float64Array.from({ length: widthPx * heightPx }, (_, i) => {
    return Math.min(...similar.map((grid) => grid.data[i]!));
  });
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  return { mean, worst: leastBlock({ widthPx, heightPx, data }) };
}

function channelOf(source: Picture, channel: number): Grid {
  const { widthPx, heightPx, data } = toRgb(source);
  const values = Float64Array.from(
    { length: widthPx * heightPx },
    (_, i) => data[3 * i + channel]!,
  );
  return { widthPx, heightPx, data: values };
}

function similarity(x: Grid, y: Grid): Grid {
  const meanX = smoothed(x);
  const meanY = smoothed(y);
  const squareX = smoothed(product(x, x));
  const squareY = smoothed(product(y, y));
  const both = smoothed(product(x, y));
  const data = meanX.data.map((mx, i) => {
    const my = meanY.data[i]!;
    const covariance = both.data[i]! - mx * my;
    const variances = squareX.data[i]! - mx * mx + (squareY.data[i]! - my * my);
    const likeness = (2 * mx * my + c1) * (2 * covariance + c2);
    return likeness / ((mx * mx + my * my + c1) * (variances + c2));
  });
  return { ...meanX, data };
}

function product(x: Grid, y: Grid): Grid {
  return { ...x, data: x.data.map((value, i) => value * y.data[i]!) };
}

/** Weighted means in windows inside the grid, first of rows and then of columns. */
function smoothed({ widthPx, heightPx, data }: Grid): Grid {
  const weights = gaussian();
  const [width, height] = [widthPx - windowPx + 1, heightPx - windowPx + 1];
  const across = new Float64Array(width * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < windowPx; k++) sum += weights[k]! * data[y * widthPx + x + k]!;
      across[y * width + x] = sum;
    }
  }
  const result = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < windowPx; k++) sum += weights[k]! * across[(y + k) * width + x]!;
      result[y * width + x] = sum;
    }
  }
  return { widthPx: width, heightPx: height, data: result };
}

function gaussian(): Float64Array {
  const weights = Float64Array.from({ length: windowPx }, (_, k) => {
    return Math.exp(-((k - (windowPx - 1) / 2) ** 2) / (2 * deviation ** 2));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function leastBlock({ widthPx, heightPx, data }: Grid): number {
  let least = 1;
  for (let top = 0; top < heightPx; top += blockPx) {
    for (let left = 0; left < widthPx; left += blockPx) {
      const [right, bottom] = [
        Math.min(left + blockPx, widthPx),
        Math.min(top + blockPx, heightPx),
      ];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += data[y * widthPx + x]!;
      }
      least = Math.min(least, sum / ((right - left) * (bottom - top)));
    }
  }
  return least;
}
