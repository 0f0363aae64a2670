/** @file Charts of a study as SVG documents. */
import * as Plot from "@observablehq/plot";
import type { ChartDescription, CurvesDescription } from "./section.ts";
import { drawChart, seriesColours } from "../drawing/chart.ts";
import type { ChartDocument } from "../drawing/chart-document.ts";
import { confusionChart } from "../drawing/confusion-chart.ts";
import { largest, smallest } from "../statistics.ts";

/** The chart as an SVG document. */
export function studyChart(chart: ChartDescription, document: ChartDocument): string {
  return chart.kind === "confusion" ? confusionChart(chart, document) : curves(chart, document);
}

/** Ticks of an axis of few counts, which has none between whole numbers. */
const mostTicks = 6;

/** From 0 on. Where all bars are 0 the axis still needs an extent, or Plot draws each over the whole height. */
function barAxis(series: CurvesDescription["series"]) {
  const values = series.flatMap(({ points }) => points.map(({ y }) => y));
  const [least, most] = [smallest([0, ...values]), largest([0, ...values])];
  const domain = least === most ? [0, 1] : [least, most];
  const extent = domain[1]! - domain[0]!;
  const isFewCounts = extent <= mostTicks && values.every(Number.isInteger);
  return isFewCounts ? { domain, ticks: extent, tickFormat: "d" } : { domain };
}

function curves({ title, x, y, kind, series }: CurvesDescription, document: ChartDocument): string {
  const names = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  const longest = largest(names.map((name) => name.length));
  const turned = longest * names.length > 44;
  const marks = series.flatMap(({ points }, i) => {
    const colour = seriesColours[i % seriesColours.length]!;
    return kind === "bars"
      ? [Plot.barY(points, { x: "x", y: "y", fill: colour })]
      : [Plot.lineY(points, { x: "x", y: "y", stroke: colour, strokeWidth: 2, marker: "dot" })];
  });
  const legend = series.map(({ label }, i) => ({
    label,
    colour: seriesColours[i % seriesColours.length]!,
  }));
  const scale = { domain: names, label: turned ? null : x, tickRotate: turned ? -35 : 0 };
  const plot = {
    marginLeft: 58,
    marginBottom: turned ? 34 + Math.min(5 * longest, 80) : 44,
    x: kind === "bars" ? scale : { ...scale, type: "point" as const },
    y: { label: y, nice: true, ...(kind === "bars" ? barAxis(series) : {}) },
    marks,
  };
  return drawChart([{ title, plot, ...(series.length > 1 ? { legend } : {}) }], document);
}
