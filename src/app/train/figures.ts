/** @file What training shows: its course, its confusions, and the pictures that it gets most wrong. */
import * as Plot from "@observablehq/plot";
import { confusionChart } from "../../drawing/confusion-chart.ts";
import { contactSheet } from "../../drawing/contact-sheet.ts";
import { mostWrong } from "../../evaluate/classification.ts";
import type { Quality } from "../../evaluate/quality.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Dataset } from "../../image/dataset.ts";
import type { Evaluation } from "../../train/evaluate.ts";
import type { EpochRecord } from "../../train/state.ts";
import { drawChart, seriesColours } from "../../drawing/chart.ts";
import type { ChartDocument } from "../../drawing/chart-document.ts";
import type { Platform } from "../platform.ts";
import { renderSheet } from "../render-sheet.ts";
import { formatCount, formatPercent } from "../../wording/numbers.ts";

const [trainingColour, heldOutColour] = seriesColours;

/** Loss, accuracy and, of segmenters and detectors, their measure over the epochs as an SVG document. */
export function historyChart(
  history: readonly EpochRecord[],
  document: ChartDocument,
  measure?: Quality["measure"],
): string {
  const heldOutLegend = { label: "held out", colour: heldOutColour };
  const panel = (title: string, of: "loss" | "accuracy") => ({
    title,
    legend: [{ label: "training", colour: trainingColour }, heldOutLegend],
    plot: {
      x: { label: "epoch", interval: 1 },
      y: { label: null, ...(of === "accuracy" ? { percent: true, label: "%" } : {}) },
      marks: [
        line(history, (entry) => entry.training[of], trainingColour),
        line(history, (entry) => entry.heldOut[of], heldOutColour),
      ],
    },
  });
  const panels = [panel("Loss", "loss"), panel("Accuracy", "accuracy")];
  if (!measure) return drawChart(panels, document);
  const quality = {
    title: measure,
    legend: [heldOutLegend],
    plot: {
      x: { label: "epoch", interval: 1 },
      y: { percent: true, label: "%" },
      marks: [line(history, (entry) => entry.heldOut.quality ?? 0, heldOutColour)],
    },
  };
  return drawChart([...panels, quality], document);
}

function line(history: readonly EpochRecord[], of: (entry: EpochRecord) => number, stroke: string) {
  const points = history.map((entry) => ({ epoch: entry.epoch, value: of(entry) }));
  return Plot.lineY(points, { x: "epoch", y: "value", stroke, marker: "dot", strokeWidth: 2 });
}

/** What is right or wrong where it is not pictures. */
const countedBy = {
  "mean IoU": "the places of ",
  mAP50: "the objects of ",
} as const satisfies Readonly<Record<Quality["measure"], string>>;

/** The confusions of an evaluation as an SVG document. */
export function evaluationChart(
  { accuracy, examples, confusion, quality }: Evaluation,
  classes: readonly string[],
  document: ChartDocument,
): string {
  const what = quality ? countedBy[quality.measure] : "";
  const title = `${formatPercent(accuracy, 2)} of ${what}${formatCount(examples)} held-out pictures ${quality ? "have" : "are"} ${quality ? "their class found" : "right"}`;
  const all = confusion.length > classes.length ? [...classes, "nothing"] : classes;
  return confusionChart({ title, classes: all, confusion }, document);
}

/** Pictures on the sheet of the most wrong ones. */
const mostShown = 24;

/**
 * The held-out pictures with the largest loss among those whose class was not found, as a PNG sheet;
 * undefined if all were found.
 */
export async function mostWrongSheet(
  platform: Pick<Platform, "typefaces" | "encodePicture">,
  evaluation: Evaluation,
  dataset: Dataset,
): Promise<Uint8Array | undefined> {
  const wrong = mostWrong(evaluation.predictions, ({ loss }) => loss);
  if (wrong.length === 0) return undefined;
  const [channels, heightPx, widthPx] = dataset.dims;
  const cells = [];
  for (const { index, label, predicted } of wrong.slice(0, mostShown)) {
    const { picture } = await dataset.read(index);
    cells.push({
      picture: pictureOfFloats(
        picture,
        { channels: channels === 1 ? 1 : 3, heightPx, widthPx },
        "range",
      ),
      enlarge: widthPx < 64 ? ("squares" as const) : ("smooth" as const),
      title: `${dataset.classes[label]}, found ${dataset.classes[predicted]}`,
      captions: [dataset.title(index).split(/[/\\]/).at(-1)!],
    });
  }
  const sheet = contactSheet({
    title: "Most wrong",
    subtitle: `${wrong.length} of ${evaluation.examples} held-out pictures were given another class; those with the largest loss come first`,
    cells,
    columns: 6,
    cellWidthPx: 144,
  });
  return renderSheet(platform, sheet);
}
