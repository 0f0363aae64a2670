/** @file The figure of heatmaps: photo, map and overlay, a row a picture. */
import type { Heatmap } from "../attribution/heatmap.ts";
import type { Tensor } from "../graph/tensor.ts";
import { colorize, overlay, scaleFor } from "../image/colormap.ts";
import type { Picture } from "../image/picture.ts";
import { resizePicture, resizePlane } from "../image/resize.ts";
import { formatNumber, renderSheet, type SheetCell } from "../image/sheet.ts";
import { pngAddress, rasterizeSvg } from "./codecs.ts";
import { loadTypefaces } from "./typefaces.ts";

export interface HeatmapContext {
  /** What the network saw, for one picture. */
  readonly seen: Picture | undefined;
  /** The tensor that was fed, [N, C, H, W]; it is shown where there is no picture. */
  readonly input: Tensor;
  readonly labels: readonly string[] | undefined;
  readonly title: string;
}

/** Side of a cell in the sheet's units. */
const cellPx = 260;

/** The sheet as PNG: a row a map; one colour scale a row, whose bar names its true numbers. */
export async function drawHeatmaps(
  maps: readonly Heatmap[],
  context: HeatmapContext,
): Promise<Uint8Array> {
  const rows: SheetCell[][] = [];
  for (const [i, map] of maps.entries()) rows.push(await heatmapRow(map, i, context));
  const first = maps[0]!;
  const where =
    first.dims.length === 2
      ? `layer ${first.layer}, ${first.dims.join(" x ")}`
      : "every pixel of the input";
  const svg = renderSheet(
    {
      title: `${context.title}: what speaks for the class`,
      subtitle: where,
      rows,
      cellWidthPx: cellPx,
      cellHeightPx: Math.round((cellPx * context.input.dims[2]!) / context.input.dims[3]!),
      footer: "Numbers are shown as they are: no clipping, no rescaling. Made by Limpid.",
    },
    loadTypefaces(),
  );
  return rasterizeSvg(svg);
}

async function heatmapRow(
  map: Heatmap,
  row: number,
  context: HeatmapContext,
): Promise<SheetCell[]> {
  const photo = context.seen ?? inputPicture(context.input, row);
  const plane = planeOf(map);
  const [heightPx, widthPx] = plane.size;
  const signed = plane.data.some((value) => value < 0);
  const scale = scaleFor(plane.data, signed);
  const side = Math.max(1, Math.round((2 * cellPx) / photo.widthPx));
  const large = resizePicture(photo, photo.widthPx * side, photo.heightPx * side);
  const smooth = resizePlane(
    { data: plane.data, widthPx, heightPx },
    large.widthPx,
    large.heightPx,
  ).data;
  const name = context.labels?.[map.target] ?? `class ${map.target}`;
  const warnings = map.warnings.map((warning) => `! ${warning.message}`);
  return [
    {
      title: name,
      picture: { href: await pngAddress(large) },
      captions: [
        `class ${map.target}, probability ${map.probability.toFixed(3)}`,
        `logit ${formatNumber(map.logit)}`,
        ...warnings,
      ],
    },
    {
      title: plane.title,
      picture: { href: await pngAddress(colorize(plane.data, widthPx, heightPx, scale)) },
      bar: { scale, unit: map.unit },
    },
    {
      title: "over the picture",
      picture: { href: await pngAddress(overlay(large, smooth, scale)) },
      bar: { scale, unit: map.unit },
    },
  ];
}

/** A map as one plane: layer maps as they are, pixel maps as the channel sum of their own sign. */
function planeOf(map: Heatmap): {
  data: Float32Array;
  size: readonly [number, number];
  title: string;
} {
  if (map.dims.length === 2) {
    const [height, width] = map.dims as [number, number];
    return {
      data: map.data,
      size: [height, width],
      title: `${map.method} at ${height} x ${width}`,
    };
  }
  const [channels, height, width] = map.dims as [number, number, number];
  const data = new Float32Array(height * width);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < data.length; i++) {
      const value = map.data[c * data.length + i]!;
      if (Math.abs(value) > Math.abs(data[i]!)) data[i] = value;
    }
  }
  return { data, size: [height, width], title: `${map.method}, strongest channel` };
}

/** A fed tensor as a picture, stretched from its smallest to its largest number. */
function inputPicture(input: Tensor, row: number): Picture {
  const [, channels, heightPx, widthPx] = input.dims as [number, number, number, number];
  const plane = heightPx * widthPx;
  const values = (input.data as Float32Array).subarray(
    row * channels * plane,
    (row + 1) * channels * plane,
  );
  const scale = scaleFor(Float32Array.from(values), false);
  const smallest = values.reduce((least, value) => Math.min(least, value), scale.max);
  const shown = channels === 3 ? 3 : 1;
  const data = new Uint8Array(shown * plane);
  const extent = Math.max(scale.max - smallest, 1e-12);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < shown; c++) {
      data[i * shown + c] = Math.round((255 * (values[c * plane + i]! - smallest)) / extent);
    }
  }
  return { widthPx, heightPx, channels: shown, data };
}
