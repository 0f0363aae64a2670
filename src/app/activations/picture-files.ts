/** @file The figures of one picture's activations, and the folder that they go to. */
import type { ChosenPreparation } from "../preparation.ts";
import { preprocessingRecord } from "../preprocessing-record.ts";
import { channelSheet, enlargedChannels } from "../../activations/channel-sheet.ts";
import type { Scaling } from "../../activations/scaling.ts";
import { throwIfAborted } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { seenPartText } from "../../image/seen-part.ts";
import { fileNames } from "../../wording/file-names.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { inParallel } from "../in-parallel.ts";
import { renderSheet } from "../render-sheet.ts";
import type { PictureActivations, SeenLayer } from "./picture.ts";
import { pictureRecord, type LayerFiles } from "./picture-record.ts";
import { recordName, type PictureRecord } from "./schema.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** What was written. */
export interface PictureFiles {
  readonly record: PictureRecord;
  /** Name of the sheet of enlarged channels, if there is one. */
  readonly enlarged?: string;
}

/** What a picture and its network are called, and the folder of the results. */
export interface PicturePlace {
  readonly folder: string;
  readonly picture: string;
  readonly model: string;
  /** How the picture was prepared; undefined for tensors. */
  readonly chosen: ChosenPreparation | undefined;
  readonly scale: Scaling;
}

/** Writes a sheet and the numbers of each layer, a chart over depth, the sheet of enlarged channels, and the record. */
export async function writePictureFiles(
  found: PictureActivations,
  place: PicturePlace,
  context: JobContext,
): Promise<PictureFiles> {
  const { folder, picture, model } = place;
  const names = fileNames(found.layers.map(({ name }) => name));
  const files = layerFiles(found.layers, folder, names);
  await writeLayers(found, files, place, context);
  const enlarged = await writeEnlarged(found, folder, names, context);
  const preprocessing = place.chosen && preprocessingRecord(place.chosen);
  const record = pictureRecord(found, { model, picture, preprocessing, files });
  const text = `${jsonText(record, 1)}\n`;
  await context.platform.writeWhole(joinPath(folder, recordName), text);
  return { record, ...(enlarged === undefined ? {} : { enlarged }) };
}

/** Numbered, so that they sort as layers follow each other. */
function layerFiles(
  layers: readonly SeenLayer[],
  folder: string,
  names: ReadonlyMap<string, string>,
): readonly LayerFiles[] {
  const digits = String(layers.length).length;
  return layers.map(({ name }, i) => {
    const stem = `${String(i + 1).padStart(digits, "0")}-${names.get(name)!}`;
    return { sheet: joinPath(folder, `${stem}.png`), tensor: joinPath(folder, `${stem}.npy`) };
  });
}

/** The chart comes last, so that its library is loaded while the last sheets are compressed. */
async function writeLayers(
  found: PictureActivations,
  files: readonly LayerFiles[],
  { folder, picture, scale }: PicturePlace,
  context: JobContext,
): Promise<void> {
  const { platform, signal } = context;
  const { layers, part } = found;
  const name = baseName(picture);
  const shownName = part ? `${seenPartText(part)} of ${name}` : name;
  const progress = tellProgress(context, { what: "activations", total: layers.length });
  let done = 0;
  const writeLayer = async (layer: SeenLayer, { sheet, tensor }: LayerFiles) => {
    throwIfAborted(signal, "activations");
    const drawn = channelSheet(layer, scale, shownName);
    await platform.writeWhole(sheet, await renderSheet(platform, drawn));
    await platform.writeWhole(tensor, encodeNpy(layer.values));
    done += 1;
    progress.update(done, layer.name);
  };
  const works = [
    ...layers.map((layer, i) => () => writeLayer(layer, files[i]!)),
    () => writeChart(found, folder, context),
  ];
  try {
    await inParallel(works, 2 * platform.processors);
  } finally {
    progress.end();
  }
}

async function writeChart(
  { layers }: PictureActivations,
  folder: string,
  { platform }: JobContext,
): Promise<void> {
  const { depthChart } = await import("./depth-chart.ts");
  const charted = layers.map(({ isConvolution, shape, statistics }) => ({
    isConvolution,
    channels: shape[1]!,
    statistics,
  }));
  const chart = depthChart(charted, await platform.chartDocument());
  await platform.writeWhole(joinPath(folder, "depth.svg"), chart);
}

/** The sheet of single channels over the photo: its name, or undefined if none is wanted. */
async function writeEnlarged(
  { layers: [layer], channels, seen }: PictureActivations,
  folder: string,
  names: ReadonlyMap<string, string>,
  { platform }: JobContext,
): Promise<string | undefined> {
  if (!layer || channels.length === 0) return undefined;
  const name = `${names.get(layer.name)!}-channels.png`;
  const sheet = await renderSheet(platform, enlargedChannels(layer, channels, seen));
  await platform.writeWhole(joinPath(folder, name), sheet);
  return name;
}
