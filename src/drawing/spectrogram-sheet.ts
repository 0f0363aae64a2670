/** @file The figure of spectrograms: what rows and columns count stands beside them, and nothing is cropped. */
import { colorize, overlay } from "../image/colormap.ts";
import { plane, toRgb, type Picture, type Plane } from "../image/picture.ts";
import { placedPlane, type PlaceCentres } from "../image/placed-plane.ts";
import { resizePicture } from "../image/resize.ts";
import { axisMarks, sideAxisMarks, type AxisRange } from "./axis.ts";
import { heatmapScale } from "./heatmap-scale.ts";
import type { SheetCell, SheetLayout, SheetRow } from "./sheet.ts";

/** A map of a spectrogram, or why there is none. */
type SpectrogramMap =
  | {
      /** The method. */
      readonly title: string;
      readonly where: string;
      readonly map: Plane;
      readonly centres?: PlaceCentres;
      readonly signed: boolean;
      readonly unit: string;
      readonly text: string;
      readonly warnings: readonly string[];
    }
  | { readonly title: string; readonly failure: string };

export interface SpectrogramFigure {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: AxisRange;
  readonly columns: AxisRange;
  /** Whether the first row is shown at the bottom. */
  readonly isUp: boolean;
  readonly sections: readonly {
    /** In grey. */
    readonly photo: Picture;
    readonly heading: string;
    readonly note: string;
    readonly maps: readonly SpectrogramMap[];
  }[];
}

const cell = { cellWidthPx: 330, cellHeightPx: 250 } as const;
const leftPx = 52;
const belowPx = 34;
/** Pixels of a picture, two a unit of the sheet. */
const raster = {
  widthPx: 2 * (cell.cellWidthPx - leftPx),
  heightPx: 2 * (cell.cellHeightPx - belowPx),
};

/** The figure as a sheet: of each map what the network was fed, the map, and both. */
export function spectrogramSheet(figure: SpectrogramFigure): SheetLayout {
  const up = figure.isUp ? "the first row stands at the bottom" : "the first row stands at the top";
  return {
    title: figure.title,
    subtitle: figure.subtitle,
    rows: figure.sections.flatMap((section) =>
      section.maps.map((map, i) => ({
        ...(i === 0 ? { isApart: true, heading: section.heading, note: section.note } : {}),
        ...rowOf(map, section.photo, figure),
      })),
    ),
    ...cell,
    footer: `Nothing is cropped, and ${up}; what rows and columns count is as the user says. Grey goes from the smallest to the largest number that was fed, and colour fades towards 0.`,
  };
}

function rowOf(map: SpectrogramMap, photo: Picture, figure: SpectrogramFigure): SheetRow {
  if ("failure" in map)
    return { cells: [{ title: map.title, empty: "no map" }], warnings: [map.failure] };
  const scale = heatmapScale(map.map, map.signed);
  const large = resizePicture(toRgb(photo), raster.widthPx, raster.heightPx, "nearest");
  const isOfPixels = map.map.widthPx === photo.widthPx && map.map.heightPx === photo.heightPx;
  const spread = isOfPixels
    ? nearest(map.map)
    : placedPlane(map.map, map.centres, raster.widthPx, raster.heightPx);
  const { title, where, unit, text, warnings } = map;
  const cells: readonly SheetCell[] = [
    drawnCell("input", large, figure),
    drawnCell(`${title}, ${where}`, colorize(nearest(map.map), scale), figure),
    drawnCell("over the input", overlay(large, spread, scale), figure),
  ];
  return { cells, bar: { scale, unit, from: 1 }, notes: [text], warnings };
}

function nearest(source: Plane): Plane {
  const { widthPx, heightPx } = raster;
  const data = new Float32Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    const row = Math.floor(((y + 0.5) / heightPx) * source.heightPx) * source.widthPx;
    for (let x = 0; x < widthPx; x++) {
      data[y * widthPx + x] =
        source.data[row + Math.floor(((x + 0.5) / widthPx) * source.widthPx)]!;
    }
  }
  return plane(widthPx, heightPx, data);
}

function drawnCell(
  title: string,
  source: Picture,
  { rows, columns, isUp }: SpectrogramFigure,
): SheetCell {
  const picture = isUp ? upsideDown(source) : source;
  return {
    title,
    drawing: (box, { regular }) => {
      const inner = {
        x: box.x + leftPx,
        y: box.y,
        widthPx: box.widthPx - leftPx,
        heightPx: box.heightPx - belowPx,
      };
      return [
        { kind: "picture", ...inner, picture, enlarge: "squares" },
        ...sideAxisMarks(rows, isUp, inner, regular),
        ...axisMarks(columns, { ...inner, y: inner.y + inner.heightPx }, regular),
      ];
    },
  };
}

function upsideDown({ widthPx, heightPx, channels, data }: Picture): Picture {
  const length = widthPx * channels;
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < heightPx; y++) {
    turned.set(data.subarray(y * length, (y + 1) * length), (heightPx - 1 - y) * length);
  }
  return { widthPx, heightPx, channels, data: turned };
}
