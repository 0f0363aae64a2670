/** @file Whether a measure rises or falls with depth, over pictures. */
import { operatorsWith } from "../graph/operators.ts";
import { meanInterval, rankCorrelation, type MeanInterval } from "../statistics.ts";
import type { ObservedLayer } from "./observed-layers.ts";

/** A trend over layers. */
export interface DepthTrend {
  /** Spearman's rank correlation with depth, -1..1: mean over pictures with its 95 % interval. */
  readonly correlation: MeanInterval;
  /** Pictures whose measure varies over the layers; the others have no correlation. */
  readonly pictures: number;
  readonly layers: number;
}

/**
 * Whether zeros of a layer can be compared with those of others: convolutions behind a function that makes zeros.
 * Linear ones have none by construction, and pools behind a rectifier have fewer.
 */
export function isComparable({ isConvolution, operator }: ObservedLayer): boolean {
  return isConvolution && operatorsWith("makesZeros").has(operator);
}

/**
 * The trend of a measure over layers from early to late, which hold one number a picture each (NaN: not seen).
 * Undefined where there are fewer than three layers or no picture whose measure varies.
 */
export function depthTrend(layers: readonly Float64Array[]): DepthTrend | undefined {
  const [first] = layers;
  if (!first || layers.length < 3) return undefined;
  const depths = [...layers.keys()];
  const correlations = Array.from(first, (_, picture) =>
    rankCorrelation(
      depths,
      layers.map((values) => values[picture]!),
    ),
  ).filter((value) => !Number.isNaN(value));
  if (correlations.length === 0) return undefined;
  const correlation = meanInterval(correlations, [-1, 1]);
  return { correlation, pictures: correlations.length, layers: layers.length };
}

/** A weaker correlation of one picture alone, which has no interval, is called none. */
const leastOfOne = 0.5;

/** The trend of the share of zeros over comparable layers as a plain sentence. */
export function trendSentence({ correlation, pictures, layers }: DepthTrend): string {
  const { mean, low, high } = correlation;
  const isClear = pictures === 1 ? Math.abs(mean) >= leastOfOne : low > 0 || high < 0;
  const claim = isClear
    ? `The share of zeros ${mean > 0 ? "grows" : "falls"} with depth by and large`
    : "The share of zeros neither grows nor falls with depth beyond doubt";
  const among =
    pictures === 1
      ? "one picture"
      : `95 % interval over ${pictures} pictures ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `${claim}: rank correlation ${mean.toFixed(2)} over ${layers} convolutions with rectifiers (${among}).`;
}
