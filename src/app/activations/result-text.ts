/** @file What `limpid activations` prints: a table of layers, and what it comes down to. */
import type { ActivationsResult } from "./activations.ts";
import type { FolderFindings } from "./folder-findings.ts";
import { pictureTrend, type PictureActivations } from "./picture.ts";
import { trendSentence } from "../../activations/depth-trend.ts";
import { formatPercent, formatPlain } from "../../wording/numbers.ts";
import { textLines } from "../../wording/shown-text.ts";
import { textTable } from "../../wording/text-table.ts";

/** The lines of a result that was written to a folder. */
export function linesOf(result: ActivationsResult, out: string): string {
  if (result.kind === "folder") {
    const { findings, sheets } = result;
    const written = `wrote ${counted(sheets)}, depth.svg and activations.json to ${out}`;
    return `${folderLines(findings)}${textLines([written])}`;
  }
  const { found } = result;
  const enlarged = result.enlarged === undefined ? "" : ` and ${result.enlarged}`;
  const written = `wrote ${counted(found.layers.length)}${enlarged} to ${out}`;
  return `${pictureLines(found)}${textLines([written])}`;
}

function counted(sheets: number): string {
  return `${sheets} ${sheets === 1 ? "sheet" : "sheets"}`;
}

const pictureHead = "layer shape zeros dead active mean spread likeness".split(" ");

function pictureLines(found: PictureActivations): string {
  const rows = found.layers.map(({ name, values, statistics }) => [
    name,
    values.dims.join(" x "),
    formatPercent(statistics.zeroShare),
    String(statistics.deadChannels.length),
    statistics.effectiveChannels.toFixed(1),
    statistics.mean.toPrecision(3),
    statistics.spread.toPrecision(3),
    statistics.pictureLikeness?.toFixed(2) ?? "",
  ]);
  const trend = pictureTrend(found);
  const sentence = trend ? `\n${textLines([trendSentence(trend)])}` : "\n";
  return `${textTable(pictureHead, rows, 2)}${sentence}`;
}

function folderLines({ layers, trend }: FolderFindings): string {
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
  return `${textTable(head, rows, 2)}\n${textLines(sentences)}`;
}
