/** @file What a set of pictures shows over the depth of a network, as an SVG chart. */
import * as Plot from "@observablehq/plot";
import type { MeanInterval } from "../../statistics.ts";
import { drawChart, seriesColours, type ChartPanel } from "../../drawing/chart.ts";
import type { ChartDocument } from "../../drawing/chart-document.ts";

/** A layer in the chart; shares are 0..1. */
export interface DepthPoint {
  readonly isConvolution: boolean;
  readonly zeroShare: MeanInterval;
  /** Of the layer's channels: 0 in every picture; 0 in one; those that carry the activity of one. */
  readonly deadShare: number;
  readonly silentShare: number;
  readonly effectiveShare: number;
  /** How often the class is found, with its interval. */
  readonly found?: MeanInterval;
}

type Point = DepthPoint & { readonly depth: number };

/** Panels of zeros, of active and silent channels and, where classes are known, of what the layer tells of them. */
export function setChart(
  layers: readonly DepthPoint[],
  chance: number | undefined,
  document: ChartDocument,
): string {
  const points = layers.map((layer, i): Point => ({ ...layer, depth: i + 1 }));
  const axes = {
    x: {
      label: "layer",
      tickFormat: "d",
      ...(points.length > 12 ? { nice: true } : { interval: 1 }),
    },
    y: { domain: [0, 100], percent: true, label: "%" },
  };
  const panels = [zerosPanel(points), channelsPanel(points)];
  if (points.some((point) => point.found)) panels.push(classesPanel(points, chance ?? 0));
  const plots = panels.map((panel) => ({ ...panel, plot: { ...axes, ...panel.plot } }));
  return drawChart(plots, document);
}

/** Convolutions and the rest have colours of their own. */
function kindsOf(points: readonly Point[]) {
  return [
    { label: "convolutions", colour: seriesColours[0], of: points.filter((p) => p.isConvolution) },
    { label: "others", colour: seriesColours[1], of: points.filter((p) => !p.isConvolution) },
  ].filter(({ of }) => of.length > 0);
}

function zerosPanel(points: readonly Point[]): ChartPanel {
  const kinds = kindsOf(points);
  const marks = kinds.flatMap(({ of, colour }) => intervals(of, (p) => p.zeroShare, colour));
  return { title: "Zeros", legend: kinds, plot: { marks } };
}

function channelsPanel(points: readonly Point[]): ChartPanel {
  const [, orange, green, purple] = seriesColours;
  const counts = [
    { label: "active, effectively", colour: green, y: "effectiveShare" },
    { label: "0 in one picture", colour: purple, y: "silentShare" },
    { label: "in all", colour: orange, y: "deadShare" },
  ] as const;
  const marks = counts.map(({ colour, y }) =>
    Plot.dot(points, { x: "depth", y, fill: colour, r: 2.5 }),
  );
  return { title: "Channels", legend: counts, plot: { marks } };
}

/** With a broken line where guessing would be. */
function classesPanel(points: readonly Point[], chance: number): ChartPanel {
  const kinds = kindsOf(points.filter((point) => point.found));
  const marks = [
    Plot.ruleY([chance], { stroke: "currentColor", strokeDasharray: "4 3" }),
    Plot.text(["guessing"], { y: [chance], frameAnchor: "right", textAnchor: "end", dy: 9 }),
    ...kinds.flatMap(({ of, colour }) => intervals(of, (p) => p.found!, colour)),
  ];
  return { title: "Classes found", legend: kinds, plot: { marks } };
}

function intervals(
  points: readonly Point[],
  of: (point: Point) => MeanInterval,
  colour: string,
): Plot.Markish[] {
  return [
    Plot.ruleX(points, {
      x: "depth",
      y1: (point: Point) => of(point).low,
      y2: (point: Point) => of(point).high,
      stroke: colour,
      strokeOpacity: 0.5,
      strokeWidth: 2,
    }),
    Plot.dot(points, { x: "depth", y: (point: Point) => of(point).mean, fill: colour, r: 2.5 }),
  ];
}
