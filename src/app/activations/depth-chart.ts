/** @file What one picture shows over the depth of a network, as an SVG chart. */
import * as Plot from "@observablehq/plot";
import type { LayerStatistics } from "../../activations/layer-statistics.ts";
import { drawChart, seriesColours, type ChartPanel } from "../../drawing/chart.ts";
import type { ChartDocument } from "../../drawing/chart-document.ts";

/** A layer in the chart. */
export interface ChartedLayer {
  readonly isConvolution: boolean;
  readonly channels: number;
  readonly statistics: LayerStatistics;
}

/** Panels of zeros, of channels that are active or dead, and of likeness to the picture, from early to late layers. */
export function depthChart(layers: readonly ChartedLayer[], document: ChartDocument): string {
  const points = layers.map((layer, i) => ({ ...layer, depth: i + 1 }));
  const kinds = [
    { label: "convolutions", colour: seriesColours[0], of: points.filter((p) => p.isConvolution) },
    { label: "others", colour: seriesColours[1], of: points.filter((p) => !p.isConvolution) },
  ].filter(({ of }) => of.length > 0);
  const axes = (label: string) => ({
    x: {
      label: "layer",
      tickFormat: "d",
      ...(points.length > 12 ? { nice: true } : { interval: 1 }),
    },
    y: { domain: label === "%" ? [0, 100] : [0, 1], percent: label === "%", label },
  });
  type Point = (typeof points)[number];
  const dots = (y: (point: Point) => number | undefined) =>
    kinds.map(({ of, colour }) => Plot.dot(of, { x: "depth", y, fill: colour, r: 3 }));
  const line = (y: (point: Point) => number, colour: string) =>
    Plot.line(points, { x: "depth", y, stroke: colour, strokeWidth: 2 });
  const [, , green, purple] = seriesColours;
  const panels: readonly ChartPanel[] = [
    {
      title: "Zeros",
      legend: kinds,
      plot: { ...axes("%"), marks: dots(({ statistics }) => statistics.zeroShare) },
    },
    {
      title: "Channels",
      legend: [
        { label: "active, effectively", colour: green },
        { label: "dead", colour: purple },
      ],
      plot: {
        ...axes("%"),
        marks: [
          line((point) => point.statistics.effectiveChannels / point.channels, green),
          line((point) => point.statistics.deadChannels.length / point.channels, purple),
        ],
      },
    },
    {
      title: "Likeness to the picture",
      legend: kinds,
      plot: { ...axes("correlation"), marks: dots((point) => point.statistics.pictureLikeness) },
    },
  ];
  return drawChart(panels, document);
}
