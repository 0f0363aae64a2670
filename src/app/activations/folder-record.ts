/** @file What is said of a folder of pictures: as JSON, as lines for people, as points of a chart. */
import {
  depthTrend,
  isComparable,
  trendSentence,
  type DepthTrend,
} from "../../activations/depth-trend.ts";
import type { ObservedLayer } from "../../activations/observed-layers.ts";
import { nearestMeanReadOut, type ReadOut } from "../../activations/read-out.ts";
import type { ReceptiveFields } from "../../activations/receptive-field.ts";
import type { LayerRecord, SetRecord } from "../../activations/set-record.ts";
import type { LayerSetStatistics } from "../../activations/set-statistics.ts";
import { LimpidError } from "../../errors.ts";
import type { DepthPoint } from "./set-chart.ts";
import type { PictureFolder } from "../picture-folder.ts";
import { textTable } from "../../wording/text-table.ts";
import { formatPercent, formatPlain } from "../../wording/numbers.ts";

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

/** What the findings are of. */
export interface FolderFacts {
  readonly model: string;
  readonly folder: PictureFolder;
  readonly record: SetRecord;
  readonly fieldsOf: (layer: string) => ReceptiveFields;
}

/** The JSON that `--json` prints: one entry a layer. */
export function summaryOf({ layers, trend }: FolderFindings, facts: FolderFacts): object {
  return {
    ...factsOf(facts),
    layers: layers.map(layerSummary),
    ...(trend ? { trend: { ...trend, sentence: trendSentence(trend) } } : {}),
  };
}

/** The JSON of the file: the same with the strongest pictures of every channel. */
export function reportOf({ layers, trend }: FolderFindings, facts: FolderFacts): object {
  return {
    ...factsOf(facts),
    paths: facts.folder.paths,
    layers: layers.map((layer) => ({
      ...layerSummary(layer),
      channels: channelsOf(layer, facts.fieldsOf(layer.name)),
    })),
    ...(trend ? { trend: { ...trend, sentence: trendSentence(trend) } } : {}),
  };
}

function factsOf({ model, folder, record }: FolderFacts) {
  const broken = [...record.broken].map(([number, message]) => ({
    path: folder.paths[number]!,
    message,
  }));
  return {
    model,
    pictures: folder.paths.length - broken.length,
    ...(folder.classes ? { classes: folder.classes } : {}),
    broken,
  };
}

function layerSummary({ name, operator, shape, statistics, classShare }: FoundLayer) {
  const { zeroShare, ...others } = statistics;
  return {
    name,
    operator,
    shape,
    zeroShare: zeroShare.mean,
    zeroShareInterval: [zeroShare.low, zeroShare.high],
    ...others,
    ...(classShare ? { classShare } : {}),
  };
}

function channelsOf({ record }: FoundLayer, fieldOf: ReceptiveFields): readonly object[] {
  return Array.from({ length: record.sizes.channels }, (_, channel) => ({
    channel,
    top: record.tops.of(channel).map(({ picture, value, y, x }) => ({
      picture,
      value,
      place: [y, x],
      field: fieldOf({ y, x, channel }),
    })),
  }));
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

/** A table for people, and what it comes down to. */
export function linesOf({ layers, trend }: FolderFindings): string {
  const told = layers.find(({ classShare }) => classShare)?.classShare;
  const rows = layers.map(({ name, shape, statistics, classShare }) => [
    name,
    shape.slice(1).join(" x "),
    formatPercent(statistics.zeroShare.mean),
    `${statistics.deadChannels.length}`,
    statistics.effectiveChannels.toFixed(1),
    formatPlain(statistics.mean),
    formatPlain(statistics.spread),
    ...(told ? [classShare ? formatPercent(classShare.accuracy) : ""] : []),
  ]);
  const head = [
    "layer",
    "shape",
    "zeros",
    "dead",
    "active",
    "mean",
    "spread",
    ...(told ? ["class"] : []),
  ];
  const sentences = [
    ...(trend ? [trendSentence(trend)] : []),
    ...(told
      ? [
          `"class": share of ${told.pictures} pictures whose class the nearest class mean of pooled activations finds, cross-validated in ${told.folds} parts; guessing finds ${formatPercent(told.chance)}.`,
        ]
      : []),
  ];
  return [textTable(head, rows, 2), ...sentences, ""].join("\n");
}
