/** @file The figure of heatmaps: the picture, the map in colour, and the map over the picture. */
import { colorize, overlay, type ColorScale } from "../image/colormap.ts";
import type { Picture, Plane } from "../image/picture.ts";
import { placedPlane, type PlaceCentres } from "../image/placed-plane.ts";
import { resizePicture, resizePlane } from "../image/resize.ts";
import { beyondNote } from "../wording/scale-ends.ts";
import {
  boxesFooter,
  cellSizeOf,
  cutFooter,
  inputCell,
  placedIn,
  type ShownInput,
} from "./cut-photo.ts";
import { heatmapScale } from "./heatmap-scale.ts";
import { outlined } from "./mask-outline.ts";
import { referenceCell } from "./reference-cell.ts";
import type { SheetCell, SheetLayout, SheetRow } from "./sheet.ts";

/** One row of the figure. */
export interface HeatmapEntry extends ShownInput {
  /** At its own resolution. */
  readonly map: Plane;
  /** Where its places lie on the picture; the plain grid by default. */
  readonly centres?: PlaceCentres;
  /** Over the map, for example "Grad-CAM". */
  readonly title: string;
  /** True gives a scale symmetric around 0, whatever the numbers are. */
  readonly signed: boolean;
  /** Unit of the map's numbers. */
  readonly unit: string;
  /** What is explained: a class's name. */
  readonly heading: string;
  /** Its numbers: class, probability, logit. */
  readonly note: string;
  readonly warnings: readonly string[];
}

export interface HeatmapFigure {
  readonly title: string;
  readonly subtitle?: string;
  readonly entries: readonly HeatmapEntry[];
}

/** About the longer side of a cell, in units of the sheet, of which a raster makes two pixels. */
const usualCellPx = 260;

const heatmapFooter =
  "Colours show the numbers as they are. Over the input, colour fades towards 0, and maps of fewer places are smoothed.";
const meantFooter = "What lies inside of the double line is explained.";

/** The figure as a sheet: a row an entry, each with its own scale. */
export function heatmapSheet(figure: HeatmapFigure): SheetLayout {
  const [first] = figure.entries;
  const rows = figure.entries.map(heatmapRow);
  const goesBeyond = rows.some((row) => row.bar?.scale.beyond);
  return {
    title: figure.title,
    ...(figure.subtitle === undefined ? {} : { subtitle: figure.subtitle }),
    rows,
    ...inputCellSize(first),
    gapPx: 22,
    footer: footerOf(goesBeyond, first),
  };
}

/** Of the first input that a sheet shows; of none as small as can be. */
export function inputCellSize(shown: ShownInput | undefined) {
  if (!shown) return { cellWidthPx: 1, cellHeightPx: 1 };
  return cellSizeOf(shown, enlargementOf(shown.photo) / 2);
}

/** What is said below maps, some of which have numbers beyond their bar's ends or lie on a part of a photo. */
export function footerOf(
  goesBeyond: boolean,
  { cut, meant, boxes }: Partial<ShownInput> = {},
): string {
  const parts = [
    heatmapFooter,
    ...(goesBeyond ? [beyondNote] : []),
    ...(boxes ? [boxesFooter] : []),
    ...(meant ? [meantFooter] : []),
    ...(cut ? [cutFooter] : []),
  ];
  return parts.join(" ");
}

function heatmapRow(entry: HeatmapEntry): SheetRow {
  const { photo, map, centres, unit, reference } = entry;
  const scale = heatmapScale(map, entry.signed);
  const placed = placedIn(entry);
  const shown = [
    placed({ ...inputCell(entry), picture: withMeant(entry, photo, "smooth") }),
    ...(reference ? [referenceCell(reference)] : []),
  ];
  const maps: readonly SheetCell[] = [
    {
      title: `${entry.title}, ${sizeOf(map)}`,
      picture: withMeant(entry, colorize(map, scale), "squares"),
      isStretched: true,
    },
    {
      title: "over the input",
      picture: withMeant(entry, heatOver(photo, map, scale, centres), "smooth"),
    },
  ];
  return {
    heading: entry.heading,
    note: entry.note,
    cells: [...shown, ...maps.map(placed)],
    bar: { scale, unit, from: shown.length },
    warnings: entry.warnings,
  };
}

/** A map over its photo, at the resolution of the raster; its places lie on the plain grid, or where their centres are. */
export function heatOver(
  photo: Picture,
  map: Plane,
  scale: ColorScale,
  centres?: PlaceCentres,
): Picture {
  const times = Math.max(enlargementOf(photo), 1);
  const large = resizePicture(photo, photo.widthPx * times, photo.heightPx * times, "bicubic");
  const isOfPixels = map.widthPx === photo.widthPx && map.heightPx === photo.heightPx;
  const { widthPx, heightPx } = large;
  const spread = centres
    ? placedPlane(map, centres, widthPx, heightPx)
    : resizePlane(map, widthPx, heightPx, { filter: isOfPixels ? "nearest" : "bilinear" });
  return overlay(large, spread, scale);
}

/** A picture of all of an input with the outline of what is meant of it; the picture itself where nothing is. */
export function withMeant(
  { photo, meant }: ShownInput,
  picture: Picture,
  enlarge: "squares" | "smooth",
): Picture {
  if (!meant) return picture;
  const times = Math.max(enlargementOf(photo), 1);
  const size = { widthPx: photo.widthPx * times, heightPx: photo.heightPx * times };
  return outlined(picture, meant, size, enlarge);
}

/** Pixels of the raster a pixel of the input; a whole number where pixels are enlarged, so that all are alike. */
function enlargementOf({ widthPx, heightPx }: { widthPx: number; heightPx: number }): number {
  const ideal = (2 * usualCellPx) / Math.max(widthPx, heightPx);
  return ideal < 0.75 ? ideal : Math.max(Math.round(ideal), 1);
}

export function sizeOf({ widthPx, heightPx }: Picture | Plane): string {
  return `${widthPx} × ${heightPx}`;
}
