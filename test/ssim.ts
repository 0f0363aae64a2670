/** @file How alike two pictures look: structural similarity. */
import { toRgb, type Picture } from "../src/image/picture.ts";
import { crop, type Rectangle } from "../src/image/raster.ts";

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
export function ssim(first: Picture, second: Picture): Likeness {
  const [a, b] = [toRgb(first), toRgb(second)];
  const [width, height] = [a.widthPx - windowPx + 1, a.heightPx - windowPx + 1];
  let [sum, worst] = [0, 1];
  for (let top = 0; top < height; top += blockPx) {
    for (let left = 0; left < width; left += blockPx) {
      const widthPx = Math.min(blockPx, width - left);
      const heightPx = Math.min(blockPx, height - top);
      const total = similarityOf(a, b, { left, top, widthPx, heightPx });
      sum += total;
      worst = Math.min(worst, total / (widthPx * heightPx));
    }
  }
  return { mean: sum / (width * height), worst };
}

/** The sum over the windows that start in a block; where both are the same nothing is computed. */
function similarityOf(a: Picture, b: Picture, block: Rectangle): number {
  const windows = {
    ...block,
    widthPx: block.widthPx + windowPx - 1,
    heightPx: block.heightPx + windowPx - 1,
  };
  const [x, y] = [crop(a, windows), crop(b, windows)];
  if (x.data.every((value, i) => value === y.data[i])) return block.widthPx * block.heightPx;
  const [red, green, blue] = [0, 1, 2].map((c) => similarity(channelOf(x, c), channelOf(y, c)));
  return red!.reduce((sum, value, i) => sum + Math.min(value, green![i]!, blue![i]!), 0);
}

function channelOf({ widthPx, heightPx, data }: Picture, channel: number): Grid {
  const values = new Float64Array(widthPx * heightPx);
  for (let i = 0; i < values.length; i++) values[i] = data[3 * i + channel]!;
  return { widthPx, heightPx, data: values };
}

function similarity(x: Grid, y: Grid): Float64Array {
  const meanX = smoothed(x).data;
  const meanY = smoothed(y).data;
  const squareX = smoothed(product(x, x)).data;
  const squareY = smoothed(product(y, y)).data;
  const both = smoothed(product(x, y)).data;
  return meanX.map((mx, i) => {
    const my = meanY[i]!;
    const covariance = both[i]! - mx * my;
    const variances = squareX[i]! - mx * mx + (squareY[i]! - my * my);
    const likeness = (2 * mx * my + c1) * (2 * covariance + c2);
    return likeness / ((mx * mx + my * my + c1) * (variances + c2));
  });
}

function product(x: Grid, y: Grid): Grid {
  return { ...x, data: x.data.map((value, i) => value * y.data[i]!) };
}

const weights = bellCurve();

/** Weighted means in windows inside the grid, first of rows and then of columns. */
function smoothed({ widthPx, heightPx, data }: Grid): Grid {
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

function bellCurve(): Float64Array {
  const heights = Float64Array.from({ length: windowPx }, (_, k) => {
    return Math.exp(-((k - (windowPx - 1) / 2) ** 2) / (2 * deviation ** 2));
  });
  const total = heights.reduce((sum, value) => sum + value, 0);
  return heights.map((value) => value / total);
}
