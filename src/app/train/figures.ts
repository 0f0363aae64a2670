/** @file What training shows: its course, its confusions, and the pictures that it gets most wrong. */
import * as Plot from "@observablehq/plot";
import { confusionChart } from "../../drawing/confusion-chart.ts";
import { contactSheet } from "../../drawing/contact-sheet.ts";
import { mostWrong } from "../../evaluate/classification.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Dataset } from "../../image/dataset.ts";
import type { Evaluation } from "../../train/evaluate.ts";
import type { EpochRecord } from "../../train/state.ts";
import { drawChart, seriesColours, type ChartDocument } from "../../drawing/chart.ts";
import type { Platform } from "../platform.ts";
import { renderSheet } from "../render-sheet.ts";
import { formatCount, formatPercent } from "../../wording/numbers.ts";

const [trainingColour, heldOutColour] = seriesColours;

/** Loss and accuracy over the epochs as an SVG document. */
export function historyChart(history: readonly EpochRecord[], document: ChartDocument): string {
  const panel = (title: string, of: "loss" | "accuracy") => ({
    title,
    legend: [
      { label: "training", colour: trainingColour },
      { label: "held out", colour: heldOutColour },
    ],
    plot: {
      x: { label: "epoch", interval: 1 },
      y: { label: null, ...(of === "accuracy" ? { percent: true, label: "%" } : {}) },
      marks: [
        line(history, (entry) => entry.training[of], trainingColour),
        line(history, (entry) => entry.heldOut[of], heldOutColour),
      ],
    },
  });
  return drawChart([panel("Loss", "loss"), panel("Accuracy", "accuracy")], document);
}

function line(history: readonly EpochRecord[], of: (entry: EpochRecord) => number, stroke: string) {
  const points = history.map((entry) => ({ epoch: entry.epoch, value: of(entry) }));
  return Plot.lineY(points, { x: "epoch", y: "value", stroke, marker: "dot", strokeWidth: 2 });
}

/** The confusions of an evaluation as an SVG document. */
export function evaluationChart(
  { accuracy, examples, confusion }: Evaluation,
  classes: readonly string[],
  document: ChartDocument,
): string {
  const title = `${formatPercent(accuracy, 2)} of ${formatCount(examples)} held-out pictures are right`;
  return confusionChart({ title, classes, confusion }, document);
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
