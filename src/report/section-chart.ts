/** @file Charts of a study as SVG documents. */
import * as Plot from "@observablehq/plot";
import type { ChartDescription } from "./section.ts";
import { drawChart, seriesColours, type ChartDocument } from "../drawing/chart.ts";

/** Text of axes, so that it can be read where a chart is shown small. */
const style = { fontSize: "13px" };

/** The chart as an SVG document; `name` keeps its markers apart from those of other charts on a page. */
export function studyChart(chart: ChartDescription, name: string, document: ChartDocument): string {
  return withOwnMarkers(
    chart.kind === "cells" ? matrix(chart, document) : curves(chart, document),
    name,
  );
}

/** Plot numbers markers by how many the process has drawn, which is another number when work goes on. */
function withOwnMarkers(svg: string, name: string): string {
  const numbers = [...new Set(svg.match(/(?<=plot-marker-)\d+/g))];
  return svg.replaceAll(
    /plot-marker-(\d+)/g,
    (_, number: string) => `${name}-marker-${numbers.indexOf(number)}`,
  );
}

function curves({ title, x, y, kind, series }: ChartDescription, document: ChartDocument): string {
  const names = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  const longest = Math.max(...names.map((name) => name.length));
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
    style,
    marginLeft: 58,
    marginBottom: turned ? 34 + Math.min(5 * longest, 80) : 42,
    x: kind === "bars" ? scale : { ...scale, type: "point" as const },
    y: { label: y, nice: true, ...(kind === "bars" ? { zero: true } : {}) },
    marks,
  };
  return drawChart([{ title, plot, ...(series.length > 1 ? { legend } : {}) }], document);
}

/** Most counts lie on the diagonal; the scale of colours goes with the share of the row. */
function matrix({ title, x, y, series }: ChartDescription, document: ChartDocument): string {
  const cells = series.flatMap(({ label, points }) => {
    const total = points.reduce((sum, point) => sum + point.y, 0);
    return points.map((point) => ({
      row: label,
      column: point.x,
      count: point.y,
      share: point.y / Math.max(total, 1),
    }));
  });
  const names = series.map(({ label }) => label);
  const scale = { domain: names, padding: 0.05 };
  const plot = {
    style,
    grid: false,
    marginLeft: 30 + 7 * Math.max(...names.map((name) => name.length)),
    marginBottom: 40,
    x: { ...scale, label: x },
    y: { ...scale, label: y },
    color: { scheme: "blues" as const, domain: [0, 1] },
    marks: [
      Plot.cell(cells, { x: "column", y: "row", fill: "share" }),
      Plot.text(cells, {
        x: "column",
        y: "row",
        text: (cell: { readonly count: number }) => (cell.count > 0 ? String(cell.count) : ""),
        fill: (cell: { readonly share: number }) => (cell.share > 0.5 ? "white" : "#222"),
      }),
    ],
  };
  return drawChart([{ title, plot }], document);
}
