/** @file What the record of a folder's pictures comes down to, layer by layer. */
import { depthTrend, isComparable, type DepthTrend } from "../../activations/depth-trend.ts";
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import { nearestMeanReadOut, type ReadOut } from "../../activations/read-out.ts";
import type { LayerRecord, SetRecord } from "../../activations/set-record.ts";
import type { LayerSetStatistics } from "../../activations/set-statistics.ts";
import { LimpidError } from "../../errors.ts";
import type { DepthPoint } from "./set-chart.ts";

/** A layer and what was found in it. */
export interface FoundLayer extends ObservedLayer {
  readonly record: LayerRecord;
  readonly statistics: LayerSetStatistics;
  readonly classShare: ReadOut | undefined;
}

/** All that was found. */
export interface FolderFindings {
  readonly layers: readonly FoundLayer[];
  readonly trend: DepthTrend | undefined;
}

/** Sums the record up. */
export function findingsOf(
  record: SetRecord,
  layers: readonly ObservedLayer[],
  labels: readonly number[] | undefined,
): FolderFindings {
  const found = layers.map((layer, i): FoundLayer => {
    const own = record.layers[i]!;
    const classShare = labels && readOutOf(record, own, labels);
    return { ...layer, record: own, statistics: own.statistics.result(), classShare };
  });
  const comparable = found.filter(isComparable);
  const trend = depthTrend(comparable.map((layer) => layer.record.statistics.state.zeroShares));
  return { layers: found, trend };
}

/** None where too few pictures of too few classes could be read. */
function readOutOf(
  { plan, broken }: SetRecord,
  { pooled, sizes }: LayerRecord,
  labels: readonly number[],
): ReadOut | undefined {
  const rows = [...plan.pooled.keys()].filter((row) => !broken.has(plan.pooled[row]!));
  const features = new Float32Array(rows.length * sizes.channels);
  for (const [to, row] of rows.entries()) {
    const part = pooled.subarray(row * sizes.channels, (row + 1) * sizes.channels);
    features.set(part, to * sizes.channels);
  }
  try {
    return nearestMeanReadOut({ features, labels: rows.map((row) => labels[plan.pooled[row]!]!) });
  } catch (error) {
    if (error instanceof LimpidError && error.code === "bad-option") return undefined;
    throw error;
  }
}

/** The points of the chart. */
export function pointsOf({ layers }: FolderFindings): readonly DepthPoint[] {
  return layers.map(({ isConvolution, shape, statistics, classShare }) => ({
    isConvolution,
    zeroShare: statistics.zeroShare,
    deadShare: statistics.deadChannels.length / shape[1]!,
    silentShare: statistics.silentChannels / shape[1]!,
    effectiveShare: statistics.effectiveChannels / shape[1]!,
    ...(classShare
      ? {
          found: {
            mean: classShare.accuracy,
            low: classShare.interval[0],
            high: classShare.interval[1],
          },
        }
      : {}),
  }));
}
