/** @file The figures of one picture's activations, and the folder that they go to. */
import { channelSheet, enlargedChannels, type Scaling } from "../../activations/channel-sheet.ts";
import { throwIfAborted } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { fileNames } from "../../wording/file-names.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { inParallel } from "../in-parallel.ts";
import { renderSheet } from "../render-sheet.ts";
import type { PictureActivations, SeenLayer } from "./picture.ts";

/** Where a layer's sheet and its numbers are. */
export interface LayerFiles {
  /** A PNG file of all channels. */
  readonly sheet: string;
  /** An .npy file, float32 [C, H, W] or [C]. */
  readonly tensor: string;
}

/** What was written. */
export interface PictureFiles {
  /** One a layer, in their order. */
  readonly layers: readonly LayerFiles[];
  /** Name of the sheet of enlarged channels, if there is one. */
  readonly enlarged?: string;
}

export interface PictureFolder {
  readonly folder: string;
  /** What the picture is called. */
  readonly picture: string;
  readonly scale: Scaling;
}

/** Writes a sheet and the numbers of each layer, a chart over depth, and the sheet of enlarged channels. */
export async function writePictureFiles(
  found: PictureActivations,
  { folder, picture, scale }: PictureFolder,
  context: JobContext,
): Promise<PictureFiles> {
  const { platform, signal } = context;
  const { layers } = found;
  const names = fileNames(layers.map(({ name }) => name));
  const digits = String(layers.length).length;
  const files = layers.map(({ name }, i): LayerFiles => {
    const stem = `${String(i + 1).padStart(digits, "0")}-${names.get(name)!}`;
    return { sheet: joinPath(folder, `${stem}.png`), tensor: joinPath(folder, `${stem}.npy`) };
  });
  const progress = tellProgress(context, { what: "activations", total: layers.length });
  let done = 0;
  const writeLayer = async (layer: SeenLayer, { sheet, tensor }: LayerFiles) => {
    throwIfAborted(signal, "activations");
    const drawn = channelSheet(layer, scale, baseName(picture));
    await platform.writeWhole(sheet, await renderSheet(platform, drawn));
    await platform.writeWhole(tensor, encodeNpy(layer.values));
    done += 1;
    progress.update(done, layer.name);
  };
  // The chart comes last, so that its library is loaded while the last sheets are compressed.
  const works = [
    ...layers.map((layer, i) => () => writeLayer(layer, files[i]!)),
    () => writeChart(found, folder, context),
  ];
  try {
    await inParallel(works, 2 * platform.processors);
  } finally {
    progress.end();
  }
  const enlarged = await writeEnlarged(found, folder, names, context);
  return { layers: files, ...(enlarged === undefined ? {} : { enlarged }) };
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
