/** @file Signals as lines over their attribution in colour, one channel below the other, with numbers on the axes. */
import { overlay, type ColorScale } from "../image/colormap.ts";
import { plane, type Plane } from "../image/picture.ts";
import { filled } from "../image/raster.ts";
import { resizePlane } from "../image/resize.ts";
import { formatNumber } from "../wording/numbers.ts";
import { axisMarks, type AxisRange } from "./axis.ts";
import type { Colour, Mark } from "./marks.ts";
import type { Box, CellDrawing } from "./sheet.ts";
import { fitText, type Typeface } from "./typeface.ts";

/** A signal and its map; both are planes of one row a channel. */
export interface SignalPlot {
  /** [channels, samples]. */
  readonly signal: Plane;
  /** One row a channel of the signal, or one for all, of as many or of fewer places. */
  readonly map: Plane;
  readonly scale: ColorScale;
  /** Names of the channels that are shown. */
  readonly names: readonly string[];
  readonly axis: AxisRange;
}

const ink: Colour = [27, 27, 31];
const faint: Colour = [102, 102, 110];
const frame: Colour = [217, 217, 222];
const paper: Colour = [255, 255, 255];

/** Beside the lines, for names and numbers; below them, for the axis. */
const leftPx = 74;
const belowPx = 32;
const betweenPx = 6;
const lettersPx = 9.5;
/** Pixels of the map's picture a unit of the sheet. */
const density = 2;

/** Height of a plot of so many channels: few are high, many get a line each. */
export function signalPlotHeight(channels: number): number {
  return channels * (panelHeight(channels) + betweenPx) - betweenPx + belowPx;
}

function panelHeight(channels: number): number {
  return Math.round(Math.min(Math.max(420 / channels, 20), 130));
}

/** The plot, as high as `signalPlotHeight` says. */
export function signalPlot(plot: SignalPlot): CellDrawing {
  const { signal, names } = plot;
  return (box, { regular: face }) => {
    const height = panelHeight(signal.heightPx);
    const panels = names.flatMap((_, channel) => {
      const y = box.y + channel * (height + betweenPx);
      const panel = { x: box.x + leftPx, y, widthPx: box.widthPx - leftPx, heightPx: height };
      return channelMarks(plot, channel, panel, face);
    });
    const below = box.y + box.heightPx - belowPx;
    const across = { x: box.x + leftPx, y: below, widthPx: box.widthPx - leftPx, heightPx: 1 };
    return [...panels, ...axisMarks(plot.axis, across, face)];
  };
}

/** One signal as a line from its smallest to its largest number, in a frame that fills the cell. */
export function linePlot(values: Float32Array): CellDrawing {
  return (box) => {
    const [low, high] = rangeOf(values);
    const { x, y } = box;
    const points = pointsOf(values, [low, high], box);
    return [
      { kind: "frame", ...box, colour: frame },
      ...(low < 0 && high > 0
        ? [zeroLine(box, (high / (high - low)) * (box.heightPx - 2 * insetPx) + insetPx)]
        : []),
      { kind: "line", x, y, points, widthPx: 1.25, colour: ink },
    ];
  };
}

function channelMarks(
  plot: SignalPlot,
  channel: number,
  panel: Box,
  face: Typeface,
): readonly Mark[] {
  const { signal, names } = plot;
  const values = signal.data.subarray(channel * signal.widthPx, (channel + 1) * signal.widthPx);
  const [low, high] = rangeOf(values);
  const line = {
    kind: "line",
    x: panel.x,
    y: panel.y,
    points: pointsOf(values, [low, high], panel),
  } as const;
  const label = (text: string, y: number, colour: Colour): Mark => ({
    kind: "text",
    text,
    face,
    sizePx: lettersPx,
    colour,
    x: panel.x - 8 - face.width(text, lettersPx),
    y,
  });
  const middle = panel.y + panel.heightPx / 2 + 3.5;
  const hasNumbers = panel.heightPx >= 36;
  return [
    { kind: "frame", ...panel, colour: frame },
    { kind: "picture", ...panel, picture: backgroundOf(plot, channel, panel), enlarge: "squares" },
    ...(low < 0 && high > 0
      ? [zeroLine(panel, (high / (high - low)) * (panel.heightPx - 2 * insetPx) + insetPx)]
      : []),
    { ...line, widthPx: 3, colour: paper },
    { ...line, widthPx: 1.25, colour: ink },
    label(fitText(face, names[channel]!, lettersPx, leftPx - 10), middle, ink),
    ...(hasNumbers
      ? [
          label(formatNumber(high), panel.y + lettersPx, faint),
          ...(low < high ? [label(formatNumber(low), panel.y + panel.heightPx - 1, faint)] : []),
        ]
      : []),
  ];
}

function zeroLine({ x, y, widthPx }: Box, at: number): Mark {
  return { kind: "rectangle", x, y: y + at, widthPx, heightPx: 0.5, colour: faint };
}

/** The line keeps off the edges of its panel. */
const insetPx = 4;

/** Of the finite numbers. */
function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Of more samples than columns the smallest and the largest of each column, so that no peak is lost. */
function pointsOf(
  values: Float32Array,
  [low, high]: readonly [number, number],
  { widthPx, heightPx }: Box,
): readonly (readonly [number, number])[] {
  const count = values.length;
  const room = heightPx - 2 * insetPx;
  const place = (i: number): readonly [number, number] => {
    const share = high > low ? (high - values[i]!) / (high - low) : 0.5;
    return [((i + 0.5) / count) * widthPx, insetPx + share * room];
  };
  const finite = Array.from(values.keys()).filter((i) => Number.isFinite(values[i]!));
  if (count === 1 && finite.length === 1) {
    const [, y] = place(0);
    return [
      [0, y],
      [widthPx, y],
    ];
  }
  const columns = widthPx * density;
  if (count <= 2 * columns) return finite.map(place);
  const kept = new Map<number, { least: number; most: number }>();
  for (const i of finite) {
    const column = Math.floor((i / count) * columns);
    const known = kept.get(column) ?? { least: i, most: i };
    if (values[i]! < values[known.least]!) known.least = i;
    if (values[i]! > values[known.most]!) known.most = i;
    kept.set(column, known);
  }
  return [...kept.values()].flatMap(({ least, most }) => {
    const ends = least < most ? [least, most] : [most, least];
    return ends[0] === ends[1] ? [place(least)] : ends.map(place);
  });
}

/** The colours behind a channel's line, one row. */
function backgroundOf({ map, signal, scale }: SignalPlot, channel: number, { widthPx }: Box) {
  const row = map.heightPx === 1 ? 0 : channel;
  const values = map.data.subarray(row * map.widthPx, (row + 1) * map.widthPx);
  const columns = Math.max(Math.round(widthPx * density), 1);
  const isOfSamples = map.widthPx === signal.widthPx;
  const spread = isOfSamples
    ? farthestIn(values, columns)
    : resizePlane(plane(values.length, 1, values), columns, 1).data;
  return overlay(filled(columns, 1, 3, 255), plane(columns, 1, spread), scale);
}

/** In each column the number that is farthest from 0; of fewer numbers than columns the nearest. */
function farthestIn(values: Float32Array, columns: number): Float32Array {
  return Float32Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column / columns) * values.length);
    const to = Math.max(Math.ceil(((column + 1) / columns) * values.length), from + 1);
    let farthest = values[from]!;
    for (let i = from + 1; i < Math.min(to, values.length) && values.length > columns; i++) {
      if (Math.abs(values[i]!) > Math.abs(farthest)) farthest = values[i]!;
    }
    return farthest;
  });
}
