/** @file What a set of pictures shows over the depth of a network, as an SVG chart. */
import * as Plot from "@observablehq/plot";
import type { MeanInterval } from "../statistics.ts";
import { drawChart, seriesColours, type ChartPanel } from "./chart.ts";

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

const style = { fontSize: "12px" };

/** Panels of zeros, of active and silent channels and, where classes are known, of what the layer tells of them. */
export function setChart(layers: readonly DepthPoint[], chance: number | undefined): string {
  const points = layers.map((layer, i) => ({ ...layer, depth: i + 1 }));
  const kinds = [
    { label: "convolutions", colour: seriesColours[0], of: points.filter((p) => p.isConvolution) },
    { label: "others", colour: seriesColours[1], of: points.filter((p) => !p.isConvolution) },
  ].filter(({ of }) => of.length > 0);
  const axes = {
    style,
    x: {
      label: "layer",
      tickFormat: "d",
      ...(points.length > 12 ? { nice: true } : { interval: 1 }),
    },
    y: { domain: [0, 100], percent: true, label: "%" },
  };
  const zeros: ChartPanel = {
    title: "Zeros",
    legend: kinds,
    plot: {
      ...axes,
      marks: kinds.flatMap(({ of, colour }) => intervals(of, (p) => p.zeroShare, colour)),
    },
  };
  const [, orange, green, purple] = seriesColours;
  const counts = [
    { label: "active, effectively", colour: green, y: "effectiveShare" },
    { label: "0 in one picture", colour: purple, y: "silentShare" },
    { label: "in all", colour: orange, y: "deadShare" },
  ] as const;
  const active: ChartPanel = {
    title: "Channels",
    legend: counts,
    plot: {
      ...axes,
      marks: counts.map(({ colour, y }) =>
        Plot.dot(points, { x: "depth", y, fill: colour, r: 2.5 }),
      ),
    },
  };
  const told = points.filter((point) => point.found);
  if (told.length === 0) return drawChart([zeros, active]);
  const classes: ChartPanel = {
    title: "Classes found",
    legend: kinds,
    plot: {
      ...axes,
      marks: [
        Plot.ruleY([chance ?? 0], { stroke: "currentColor", strokeDasharray: "4 3" }),
        ...kinds.flatMap(({ of, colour }) =>
          intervals(
            of.filter((p) => p.found),
            (p) => p.found!,
            colour,
          ),
        ),
      ],
    },
  };
  return drawChart([zeros, active, classes]);
}

function intervals<T extends { readonly depth: number }>(
  points: readonly T[],
  of: (point: T) => MeanInterval,
  colour: string,
): Plot.Markish[] {
  return [
    Plot.ruleX(points, {
      x: "depth",
      y1: (point: T) => of(point).low,
      y2: (point: T) => of(point).high,
      stroke: colour,
      strokeOpacity: 0.5,
      strokeWidth: 2,
    }),
    Plot.dot(points, { x: "depth", y: (point: T) => of(point).mean, fill: colour, r: 2.5 }),
  ];
}
