/** @file The work of `limpid activations` for one picture: run, measure, draw every layer, say. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { openNamedModel, platform } from "../bridge.ts";
import { cpus } from "node:os";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { channelSheet, enlargedChannels, type Scaling } from "../../activations/channel-sheet.ts";
import { depthTrend, isComparable, trendSentence } from "../../activations/depth-trend.ts";
import {
  layerStatistics,
  lumaOf,
  type LayerStatistics,
} from "../../activations/layer-statistics.ts";
import { layerValues } from "../../activations/layer-values.ts";
import { observedLayers, type ObservedLayer } from "../../activations/observed-layers.ts";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { requireWritable, writeWhole } from "../../node/files.ts";
import { renderSheet } from "../render-sheet.ts";
import { fileName } from "../../study/filters/part.ts";
import { enlargedChannelNumbers } from "./channels.ts";
import type { ActivationsFolderOptions } from "./folder.ts";
import type { CommandIo } from "../../cli/io.ts";
import { startProgress } from "../../cli/progress.ts";
import { openRuntime } from "../../node/runtimes.ts";
import { readSource, type Source } from "../source.ts";
import { textTable } from "../../wording/text-table.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import { formatPercent } from "../../wording/numbers.ts";

/** As the command line gives them. */
export interface ActivationsOptions extends ActivationsFolderOptions {
  readonly scale: Scaling;
}

/** A layer and what the picture makes of it. */
interface SeenLayer extends ObservedLayer {
  /** [C, H, W] or [C]. */
  readonly values: Tensor;
  readonly statistics: LayerStatistics;
  /** Names of its files in the folder. */
  readonly sheet: string;
  readonly tensor: string;
}

/** Where everything goes, and what is said of it. */
interface Work {
  readonly picturePath: string;
  readonly out: string;
  readonly options: ActivationsOptions;
  readonly io: CommandIo;
}

/**
 * Shows what the layers of a network make of a picture, or of a folder of pictures: sheets, floats, statistics and a
 * chart in a folder. Throws `LimpidError`; files are written whole or not at all.
 */
export async function activations(
  modelPath: string,
  inputPath: string,
  options: ActivationsOptions,
  io: CommandIo,
): Promise<void> {
  if (await isFolder(inputPath)) {
    const { activationsOfFolder } = await import("./folder.ts");
    return activationsOfFolder(modelPath, inputPath, options, io);
  }
  const out = options.out ?? "activations";
  await requireWritable(join(out, resultsName));
  const runtime = await openRuntime(options.runtime);
  try {
    const model = new Model(await openNamedModel(modelPath, options.offline ?? false, io), runtime);
    const source = await readSource(platform, model, inputPath, options.preprocess);
    requireOne(model, source, inputPath);
    if (source.note !== undefined) io.err(`note: ${wordsOf(source.note, commandWords)}\n`);
    const work = { picturePath: inputPath, out, options, io };
    await show(model, basename(modelPath), source, work);
  } finally {
    await runtime.release();
  }
}

const resultsName = "activations.json";

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // What cannot be read is told of by whoever reads it.
    return false;
  }
}

function requireOne(model: Model, { input }: Source, path: string): void {
  model.requirePictures(input);
  if (input.dims[0] === 1) return;
  throw new LimpidError(
    "shape-mismatch",
    `activations: "${path}" must hold one picture [1, C, H, W], got ${input.dims[0]}. give a folder of pictures for statistics over many.`,
  );
}

async function show(model: Model, modelName: string, source: Source, work: Work): Promise<void> {
  const { options, out, io } = work;
  const graph = await model.at(model.batchDims(source.input.dims));
  const layers = observedLayers(graph, options.layer ?? []);
  const channels = enlargedChannelNumbers(layers, options.channel);
  const names = layers.map(({ name }) => name);
  const values = await layerValues(model, names, source.input);
  throwIfAborted(io.signal, "activations");
  const luma = lumaOf(seenBy(source));
  const digits = String(layers.length).length;
  const seen = layers.map((layer, i): SeenLayer => {
    const own = values.get(layer.name)!;
    const stem = `${String(i + 1).padStart(digits, "0")}-${fileName(layer.name)}`;
    const statistics = layerStatistics(own, luma);
    return {
      ...layer,
      values: own,
      statistics,
      sheet: join(out, `${stem}.png`),
      tensor: join(out, `${stem}.npy`),
    };
  });
  await writeLayers(seen, work, () => writeChart(seen, work));
  const enlarged = await writeEnlarged(seen, channels, source, work);
  const report = reportOf(modelName, work.picturePath, seen);
  await writeWhole(join(out, resultsName), `${JSON.stringify(report, null, 1)}\n`);
  if (options.json) io.out(`${JSON.stringify(report)}\n`);
  else
    io.out(
      `${linesOf(seen)}wrote ${seen.length} ${seen.length === 1 ? "sheet" : "sheets"}${enlarged} to ${out}\n`,
    );
}

/** What the network sees; of a tensor, its first channel. */
function seenBy({ seen, input }: Source) {
  if (seen) return seen;
  const [, , heightPx, widthPx] = input.dims as [number, number, number, number];
  const values = (input.data as Float32Array).subarray(0, heightPx * widthPx);
  return pictureOfFloats(values, { channels: 1, heightPx, widthPx }, "stretched");
}

/** The chart's library is loaded when there is nothing else to do. */
async function writeChart(layers: readonly SeenLayer[], { out }: Work): Promise<void> {
  const { depthChart } = await import("./depth-chart.ts");
  await writeWhole(
    join(out, "depth.svg"),
    depthChart(layers.map(chartedLayer), await platform.chartDocument()),
  );
}

/**
 * Sheets are drawn one by one while those before are compressed on the other processors; `meanwhile` is done while
 * the last ones are.
 */
async function writeLayers(
  layers: readonly SeenLayer[],
  work: Work,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const { options, io, picturePath } = work;
  const progress = startProgress(io, { label: "activations", total: layers.length });
  const most = 2 * Math.max(cpus().length, 1);
  const pending = new Set<Promise<void>>();
  let done = 0;
  try {
    for (const layer of layers) {
      throwIfAborted(io.signal, "activations");
      const sheet = channelSheet(layer, options.scale, basename(picturePath));
      const writing = writeLayer(layer, renderSheet(platform, sheet));
      const told = afterwards(writing, () => {
        done += 1;
        progress.update(done, layer.name);
        pending.delete(told);
      });
      pending.add(told);
      if (pending.size > most) await Promise.race(pending);
    }
    await Promise.all([...pending, meanwhile()]);
  } finally {
    await Promise.allSettled(pending);
    progress.end();
  }
}

async function afterwards(work: Promise<void>, then: () => void): Promise<void> {
  await work;
  then();
}

async function writeLayer(layer: SeenLayer, sheet: Promise<Uint8Array>): Promise<void> {
  await writeWhole(layer.sheet, await sheet);
  await writeWhole(layer.tensor, encodeNpy(layer.values));
}

/** The sheet of single channels over the photo, and how it is told of. */
async function writeEnlarged(
  [layer]: readonly SeenLayer[],
  channels: readonly number[],
  source: Source,
  { out }: Work,
): Promise<string> {
  if (!layer || channels.length === 0) return "";
  const name = `${fileName(layer.name)}-channels.png`;
  const sheet = enlargedChannels(layer, channels, seenBy(source));
  await writeWhole(join(out, name), await renderSheet(platform, sheet));
  return ` and ${name}`;
}

function chartedLayer({ isConvolution, shape, statistics }: SeenLayer) {
  return { isConvolution, channels: shape[1]!, statistics };
}

/** The trend of zeros over convolutions behind rectifiers; undefined where there are too few. */
function trendOf(layers: readonly SeenLayer[]) {
  const comparable = layers.filter(isComparable);
  return depthTrend(comparable.map(({ statistics }) => Float64Array.of(statistics.zeroShare)));
}

function reportOf(model: string, picture: string, layers: readonly SeenLayer[]): object {
  const trend = trendOf(layers);
  return {
    model,
    picture,
    layers: layers.map(({ name, operator, values, statistics, sheet, tensor }) => ({
      name,
      operator,
      shape: values.dims,
      ...statistics,
      sheet,
      tensor,
    })),
    ...(trend
      ? {
          trend: {
            correlation: trend.correlation.mean,
            layers: trend.layers,
            sentence: trendSentence(trend),
          },
        }
      : {}),
  };
}

const head = ["layer", "shape", "zeros", "dead", "active", "mean", "spread", "likeness"] as const;

function linesOf(layers: readonly SeenLayer[]): string {
  const rows = layers.map(({ name, values, statistics }) => [
    name,
    values.dims.join(" x "),
    formatPercent(statistics.zeroShare),
    String(statistics.deadChannels.length),
    statistics.effectiveChannels.toFixed(1),
    statistics.mean.toPrecision(3),
    statistics.spread.toPrecision(3),
    statistics.pictureLikeness?.toFixed(2) ?? "",
  ]);
  const trend = trendOf(layers);
  const sentence = trend ? `\n${trendSentence(trend)}\n` : "\n";
  return `${textTable(head, rows, 2)}${sentence}`;
}
