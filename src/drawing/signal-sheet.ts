/** @file The figure of signals: each method's map behind the lines of what the network saw. */
import { scaleFor } from "../image/colormap.ts";
import { plane, type Plane } from "../image/picture.ts";
import type { AxisRange } from "./axis.ts";
import { signalPlot, signalPlotHeight } from "./signal-plot.ts";
import type { SheetLayout, SheetRow } from "./sheet.ts";

/** A map of a signal. */
export interface SignalMap {
  /** The method. */
  readonly title: string;
  /** What the map lies on: "of samples", "on conv3, 25 places". */
  readonly where: string;
  /** [channels, samples] for maps of samples; one row for those of layers. */
  readonly map: Plane;
  readonly signed: boolean;
  readonly unit: string;
  /** The map in words. */
  readonly text: string;
  readonly warnings: readonly string[];
}

/** A map that there is not. */
interface FailedSignalMap {
  readonly title: string;
  readonly failure: string;
}

/** Everything about one signal and one thing that is explained. */
interface SignalSection {
  /** [channels, samples]. */
  readonly signal: Plane;
  readonly heading: string;
  readonly note: string;
  readonly maps: readonly (SignalMap | FailedSignalMap)[];
}

export interface SignalFigure {
  readonly title: string;
  readonly subtitle: string;
  readonly axis: AxisRange;
  /** "channel 0", "value" ...: what one row of the signal is called. */
  readonly names: readonly string[];
  readonly sections: readonly SignalSection[];
}

const plotWidthPx = 820;
/** More channels are not told apart; those with the largest numbers are shown. */
const mostChannels = 64;

/** The figure as a sheet: one plot a map, each with its own scale. */
export function signalSheet(figure: SignalFigure): SheetLayout {
  const rows = figure.sections.flatMap((section) => sectionRows(section, figure));
  const [first] = figure.sections;
  const channels = first?.signal.heightPx ?? 1;
  const left =
    channels > mostChannels
      ? ` Of ${channels} channels the ${mostChannels} with the largest numbers of the map are shown.`
      : "";
  return {
    title: figure.title,
    subtitle: figure.subtitle,
    rows,
    cellWidthPx: plotWidthPx,
    cellHeightPx: signalPlotHeight(Math.min(channels, mostChannels)),
    footer: `Lines are what the network was fed, each channel from its smallest to its largest number; colours behind them are the map's numbers as they are, fading towards 0.${left}`,
  };
}

function sectionRows(section: SignalSection, { axis, names }: SignalFigure): readonly SheetRow[] {
  return section.maps.map((map, i) => {
    const heading = i === 0 ? { heading: section.heading, note: section.note, isApart: true } : {};
    if ("failure" in map) {
      const size = { cellWidthPx: plotWidthPx, cellHeightPx: 40 };
      return {
        ...heading,
        size,
        cells: [{ title: map.title, empty: "no map" }],
        warnings: [map.failure],
      };
    }
    const scale = scaleFor(map.map.data, { signed: map.signed });
    const kept = keptChannels(section.signal, map.map);
    const of = (source: Plane) => (source.heightPx === 1 ? source : rowsOf(source, kept));
    const drawing = signalPlot({
      signal: of(section.signal),
      map: of(map.map),
      scale,
      names: kept.map((channel) => names[channel]!),
      axis,
    });
    return {
      ...heading,
      cells: [
        {
          title: `${map.title}, ${map.where}`,
          drawing,
          bar: { scale, unit: map.unit },
          notes: [map.text],
        },
      ],
      warnings: map.warnings,
    };
  });
}

/** The channels that are shown, in their order. */
function keptChannels(signal: Plane, map: Plane): readonly number[] {
  const all = Array.from({ length: signal.heightPx }, (_, channel) => channel);
  if (all.length <= mostChannels) return all;
  const reach = all.map((channel) => {
    let most = 0;
    const row = map.heightPx === 1 ? 0 : channel;
    for (let i = 0; i < map.widthPx; i++)
      most = Math.max(most, Math.abs(map.data[row * map.widthPx + i]!));
    return most;
  });
  return all
    .toSorted((a, b) => reach[b]! - reach[a]! || a - b)
    .slice(0, mostChannels)
    .toSorted((a, b) => a - b);
}

function rowsOf({ widthPx, data }: Plane, kept: readonly number[]): Plane {
  const rows = new Float32Array(kept.length * widthPx);
  for (const [i, row] of kept.entries())
    rows.set(data.subarray(row * widthPx, (row + 1) * widthPx), i * widthPx);
  return plane(widthPx, kept.length, rows);
}
