/** @file The confusion matrix of a classifier as SVG: a row for each true class, a column for each found one. */
import * as Plot from "@observablehq/plot";
import { drawChart } from "./chart.ts";
import type { ChartDocument } from "./chart-document.ts";
import { largest } from "../statistics.ts";

export interface ConfusionChart {
  readonly title: string;
  readonly classes: readonly string[];
  /** Numbers of examples [true class, found class]. */
  readonly confusion: readonly (readonly number[])[];
}

interface Cell {
  readonly label: string;
  readonly predicted: string;
  readonly count: number;
  /** Of the row. */
  readonly share: number;
}

/** The matrix as an SVG document. Most counts lie on the diagonal, so colours go with the share of the row. */
export function confusionChart(
  { title, classes, confusion }: ConfusionChart,
  document: ChartDocument,
): string {
  const cells = confusion.flatMap((row, label): readonly Cell[] => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({
      label: classes[label]!,
      predicted: classes[predicted]!,
      count,
      share: count / Math.max(total, 1),
    }));
  });
  const scale = { domain: classes, padding: 0.05 };
  const plot = {
    grid: false,
    marginTop: 10,
    marginLeft: 44 + 7 * largest(classes.map((name) => name.length)),
    x: { ...scale, label: "found" },
    y: { ...scale, label: "true" },
    color: { scheme: "blues" as const, domain: [0, 1] },
    marks: [
      Plot.cell(cells, { x: "predicted", y: "label", fill: "share" }),
      Plot.text(cells, {
        x: "predicted",
        y: "label",
        text: ({ count }: Cell) => (count > 0 ? String(count) : ""),
        fill: ({ share }: Cell) => (share > 0.5 ? "white" : "#222"),
      }),
    ],
  };
  return drawChart([{ title, plot }], document);
}
