/** @file Pictures of many bands in figures: which bands are shown, and how much each of them weighs. */
import { attributionMethod } from "../../attribution/registry.ts";
import { bandSums } from "../../attribution/diagnosis/band-sums.ts";
import { barList, barListHeight } from "../../drawing/bar-list.ts";
import { evenRows } from "../../drawing/even-rows.ts";
import type { SheetCell, SheetLayout } from "../../drawing/sheet.ts";
import { plane, type Picture } from "../../image/picture.ts";
import { bandsPicture } from "../../image/stretch.ts";
import type { AttributionFigure } from "./figure.ts";

/** Whether a picture has other channels than grey and colour pictures have. */
export function hasBands({ seen, input }: Pick<AttributionFigure, "seen" | "input">): boolean {
  const channels = input.dims[1]!;
  return seen === undefined && channels !== 1 && channels !== 3;
}

/** The bands that are shown, from 0: what the user says, else the first three, or the first of two. */
function shownBands({
  shown,
  input,
}: Pick<AttributionFigure, "shown" | "input">): readonly number[] {
  return shown?.bands ?? (input.dims[1]! < 3 ? [0] : [0, 1, 2]);
}

/** A row of the tensor by the bands that are shown, each from its own 2nd to its 98th percentile. */
export function bandsOfRow(figure: AttributionFigure, row: number): Picture {
  const { dims, data } = figure.input;
  const [, channels, heightPx, widthPx] = dims as [number, number, number, number];
  const places = heightPx * widthPx;
  const bands = shownBands(figure).map((band) => {
    const start = (row * channels + band) * places;
    return plane(widthPx, heightPx, (data as Float32Array).subarray(start, start + places));
  });
  return bandsPicture(bands, figure.nodata);
}

/** As wide as two pictures at most. */
const cellWidthPx = 260;
const perRow = 3;

/** The sheet with the sum of each band below its maps of pixels, and what is said of how bands are shown. */
export function withBandSums(layout: SheetLayout, figure: AttributionFigure): SheetLayout {
  const channels = figure.input.dims[1]!;
  const cells: readonly SheetCell[] = figure.sections.flatMap(({ heading, results }) =>
    results.flatMap((result) => {
      if (!("map" in result) || result.map.dims.length !== 3) return [];
      const bars = bandSums(result.map).map((value, i) => ({ name: `band ${i + 1}`, value }));
      const { title } = attributionMethod(result.method).info;
      const of = figure.sections.length > 1 ? `, ${heading}` : "";
      return [
        {
          title: `${title}${of}`,
          drawing: barList(bars),
          captions: [result.map.unit],
        },
      ];
    }),
  );
  const size = { cellWidthPx, cellHeightPx: barListHeight(channels) };
  const rows = evenRows(cells, perRow).map((row, i) => ({
    size,
    cells: row,
    ...(i === 0
      ? {
          isApart: true,
          heading: "sums of bands",
          note: "over all places, signs and all",
        }
      : {}),
  }));
  return {
    ...layout,
    rows: [...layout.rows, ...rows],
    footer: [layout.footer, remarkOf(figure)].join(" "),
  };
}

function remarkOf(figure: AttributionFigure): string {
  const bands = shownBands(figure).map((band) => band + 1);
  const as =
    bands.length === 1
      ? `number ${bands[0]} is shown in grey`
      : `numbers ${bands[0]}, ${bands[1]} and ${bands[2]} are shown as red, green and blue`;
  const without =
    figure.nodata === undefined ? "" : `, those without data (${figure.nodata}) aside and black`;
  return `Of ${figure.input.dims[1]!} bands, ${as}, each from the 2nd to the 98th percentile of its numbers${without}.`;
}
