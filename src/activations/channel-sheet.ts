/** @file All channels of a layer as one contact sheet, and single ones enlarged over the photo. */
import type { Tensor } from "../graph/tensor.ts";
import { colorize, scaleFor, type ColorScale } from "../image/colormap.ts";
import { contactSheet } from "../drawing/contact-sheet.ts";
import { cutFooter, inputCell, placedIn, type ShownInput } from "../drawing/cut-photo.ts";
import { heatOver, inputCellSize, sizeOf } from "../drawing/heatmap-sheet.ts";
import type { PlaceCentres } from "../image/placed-plane.ts";
import type { Plane } from "../image/picture.ts";
import type { SheetCell, SheetLayout, SheetRow } from "../drawing/sheet.ts";
import type { LayerStatistics } from "./layer-statistics.ts";
import { kindOfValues, shownChannels } from "./layer-planes.ts";
import { channelPlanes } from "./layer-values.ts";
import { largest, smallest } from "../statistics.ts";
import { linePlot } from "../drawing/signal-plot.ts";
import type { Scaling } from "./scaling.ts";
import { formatNumber, formatPercent } from "../wording/numbers.ts";
import { beyondNote } from "../wording/scale-ends.ts";

/** A layer's maps of one picture. */
export interface ChannelMaps {
  readonly name: string;
  /** [C, H, W] or [C]; of signals [C, T], of volumes [C, D, H, W]. */
  readonly values: Tensor;
  readonly statistics: LayerStatistics;
  /** Where the places lie on the picture; the plain grid by default. */
  readonly centres?: PlaceCentres;
}

/** A few places that stand out would leave all others black. */
const beyondShare = 0.005;

/** Sides of a channel's map, in units of the sheet. */
const smallestPx = 24;
const largestPx = 96;
/** Width of the line of a signal. */
const linePx = 204;

/** The contact sheet of a layer, 16 channels to a row. Dead channels say so instead of being painted. */
export function channelSheet(
  { name, values, statistics }: ChannelMaps,
  scaling: Scaling,
  picture: string,
): SheetLayout {
  const shown = shownChannels(values);
  const isSignal = kindOfValues(values) === "signal";
  const planes = shown.map(({ map }) => map);
  const [first] = planes;
  const signed = isSigned(values);
  const shared = scaling === "layer" ? scaleFor(data(values), { signed, beyondShare }) : undefined;
  const dead = new Set(statistics.deadChannels);
  const cellWidthPx = isSignal
    ? linePx
    : Math.min(Math.max(first!.widthPx, slicePx(values)), largestPx);
  const cells = planes.map((map, channel): SheetCell => {
    const { slice } = shown[channel]!;
    const title = slice === undefined ? String(channel) : `${channel}, slice ${slice}`;
    if (dead.has(channel)) return { title, empty: "dead" };
    if (isSignal) return { title, drawing: linePlot(map.data), captions: [rangeText(map)] };
    if (shared) return { title, picture: colorize(map, shared) };
    const scale = scaleFor(map.data, { signed });
    return { title, picture: colorize(map, scale), captions: [reachOf(scale)] };
  });
  const scaleText = shared
    ? "one scale for all channels"
    : `each channel in its own scale, from ${signed ? "minus the number below it" : "0"} to the number below it`;
  return contactSheet({
    title: name,
    subtitle: `${planes.length} channels of ${sidesOf(values, first!)} for ${picture}; ${isSignal ? "each line from its smallest to its largest number" : scaleText}; ${zeroText(statistics)}`,
    ...(shared && !isSignal ? { bar: { scale: shared, unit: "activation" } } : {}),
    ...(shared?.beyond && !isSignal ? { footer: beyondNote } : {}),
    cells,
    ...(isSignal ? { columns: 4 } : {}),
    cellWidthPx,
    cellHeightPx: isSignal
      ? linePx / 3
      : Math.max(Math.round((cellWidthPx * first!.heightPx) / first!.widthPx), 1),
  });
}

/** Titles of slices need more room than numbers of channels. */
function slicePx(values: Tensor): number {
  return kindOfValues(values) === "volume" ? largestPx : smallestPx;
}

/** What a channel's places are. */
function sidesOf(values: Tensor, first: Plane): string {
  const sides = values.dims.slice(1).join(" x ");
  switch (kindOfValues(values)) {
    case "signal":
      return `${sides} places`;
    case "volume":
      return `${sides} voxels, each the slice across the depth through its maximum,`;
    default:
      return sizeOf(first);
  }
}

function rangeText({ data: numbers }: Plane): string {
  return `${formatNumber(smallest(numbers))} to ${formatNumber(largest(numbers))}`;
}

function data(values: Tensor): Float32Array {
  return values.data as Float32Array;
}

function isSigned(values: Tensor): boolean {
  return data(values).some((value) => value < 0);
}

function reachOf({ min, max }: ColorScale): string {
  return formatNumber(Math.max(max, -min));
}

function zeroText({ zeroShare, deadChannels }: LayerStatistics): string {
  const dead = deadChannels.length === 0 ? "none" : String(deadChannels.length);
  return `${formatPercent(zeroShare)} of the numbers are 0, ${dead} of the channels ${deadChannels.length === 1 ? "is" : "are"} dead`;
}

/** Single channels of a layer: a row each with the photo, the map in its own scale, and the map over the photo. */
export function enlargedChannels(
  layer: ChannelMaps,
  channels: readonly number[],
  shown: ShownInput,
): SheetLayout {
  const planes = channelPlanes(layer.values);
  const placed = placedIn(shown);
  const rows = channels.map((channel) => enlargedRow(planes[channel]!, channel, shown, layer));
  return {
    title: layer.name,
    subtitle: "Each channel in its own scale. Over the photo, colour fades towards 0.",
    rows: rows.map((row) => ({ ...row, cells: row.cells.map(placed) })),
    ...inputCellSize(shown),
    gapPx: 22,
    ...(shown.cut ? { footer: cutFooter } : {}),
  };
}

function enlargedRow(
  map: Plane,
  channel: number,
  shown: ShownInput,
  { statistics, centres }: ChannelMaps,
): SheetRow {
  const { photo } = shown;
  const heading = `channel ${channel}`;
  const input = inputCell(shown);
  if (statistics.deadChannels.includes(channel)) {
    const note = "0 everywhere for this picture";
    return { heading, note, cells: [input, { title: sizeOf(map), empty: "dead" }] };
  }
  const scale = scaleFor(map.data, { signed: map.data.some((value) => value < 0) });
  const cells = [
    input,
    { title: sizeOf(map), picture: colorize(map, scale), isStretched: true },
    { title: "over the input", picture: heatOver(photo, map, scale, centres) },
  ];
  return { heading, cells, bar: { scale, unit: "activation", from: 1 } };
}
