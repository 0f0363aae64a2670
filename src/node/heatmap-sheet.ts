/** @file The figure of what an attribution method found, as a PNG file. */
import { attributionMethod } from "../attribution/index.ts";
import type { Heatmap } from "../attribution/heatmap.ts";
import type { Tensor } from "../graph/tensor.ts";
import { heatmapSheet, type HeatmapEntry } from "../image/heatmap-sheet.ts";
import { plane, type Picture, type Plane } from "../image/picture.ts";
import { renderSheet } from "./render-sheet.ts";

export interface HeatmapContext {
  /** What the network saw, for one picture. */
  readonly seen: Picture | undefined;
  /** The tensor that was fed, [N, C, H, W]; it is shown where there is no picture. */
  readonly input: Tensor;
  readonly labels: readonly string[] | undefined;
  /** The method's name for people. */
  readonly title: string;
}

/** The figure as a PNG file: a row a map; one colour scale a row, whose bar names its true numbers. */
export async function drawHeatmaps(
  maps: readonly Heatmap[],
  context: HeatmapContext,
): Promise<Uint8Array> {
  const first = maps[0]!;
  const where =
    first.dims.length === 2
      ? `layer ${first.layer}`
      : `input "${first.layer}", of its channels the number farthest from 0`;
  const { description } = attributionMethod(first.method).info;
  return renderSheet(
    heatmapSheet({
      title: context.title,
      subtitle: `${description}  ·  ${where}`,
      entries: maps.map((map, row) => entryOf(map, row, context)),
    }),
  );
}

function entryOf(map: Heatmap, row: number, context: HeatmapContext): HeatmapEntry {
  const { target, probability, logit, unit } = map;
  const label = context.labels?.[target];
  return {
    photo: context.seen ?? inputPicture(context.input, row),
    map: planeOf(map),
    title: context.title,
    signed: map.data.some((value) => value < 0),
    unit,
    target,
    ...(label === undefined ? {} : { label }),
    probability,
    logit,
    warnings: map.warnings.map((warning) => warning.message),
  };
}

/** A map as one plane: layer maps as they are, of pixel maps the channel that is farthest from 0. */
function planeOf({ data, dims }: Heatmap): Plane {
  if (dims.length === 2) return plane(dims[1]!, dims[0]!, data);
  const [channels, heightPx, widthPx] = dims as [number, number, number];
  const strongest = new Float32Array(heightPx * widthPx);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < strongest.length; i++) {
      const value = data[c * strongest.length + i]!;
      if (!(Math.abs(value) <= Math.abs(strongest[i]!))) strongest[i] = value;
    }
  }
  return plane(widthPx, heightPx, strongest);
}

/** A fed tensor as a picture, stretched from its smallest to its largest number. */
function inputPicture(input: Tensor, row: number): Picture {
  const [, channels, heightPx, widthPx] = input.dims as [number, number, number, number];
  const places = heightPx * widthPx;
  const all = input.data as Float32Array;
  const values = all.subarray(row * channels * places, (row + 1) * channels * places);
  const smallest = values.reduce(
    (least, value) => Math.min(least, value),
    Number.POSITIVE_INFINITY,
  );
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const extent = largest - smallest || 1;
  const shown = channels === 3 ? 3 : 1;
  const data = new Uint8Array(shown * places);
  for (let i = 0; i < places; i++) {
    for (let c = 0; c < shown; c++) {
      data[i * shown + c] = Math.round((255 * (values[c * places + i]! - smallest)) / extent);
    }
  }
  return { widthPx, heightPx, channels: shown, data };
}
