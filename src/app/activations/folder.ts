/** @file The work of `limpid activations` for a folder: what each channel of each layer looks for, over many pictures. */
import { commandWords, wordsOf } from "../../wording/face.ts";
import { choosePreprocessing, openNamedModel, platform } from "../bridge.ts";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { receptiveFieldsByLayer, type ReceptiveFields } from "../../activations/receptive-field.ts";
import { SetRecord, type SetPlan } from "../../activations/set-record.ts";
import { observedLayers, type ObservedLayer } from "../../activations/observed-layers.ts";
import { LimpidError } from "../../errors.ts";
import { Model } from "../../network/model.ts";
import { readBytes, requireWritable, writeWhole } from "../../node/files.ts";
import { openPictureFolder, type PictureFolder } from "../picture-folder.ts";
import { renderPhotoSheet, renderSheet } from "../render-sheet.ts";
import { setChart } from "./set-chart.ts";
import { randomStream } from "../../random.ts";
import { fileName } from "../../study/filters/part.ts";
import {
  findingsOf,
  linesOf,
  pointsOf,
  reportOf,
  summaryOf,
  type FolderFindings,
} from "./folder-record.ts";
import { enlargedChannelNumbers } from "./channels.ts";
import { channelSheet, patchSheets, sheetGroups, type SheetWork } from "./folder-sheets.ts";
import { streamPictures } from "./stream.ts";
import type { CommandIo } from "../../cli/io.ts";
import { startProgress } from "../../cli/progress.ts";
import { openRuntime } from "../../node/runtimes.ts";
import type { RuntimeName } from "../platform.ts";
import { parseWhole } from "../../scores/selection.ts";

/** As the command line gives them. */
export interface ActivationsFolderOptions {
  readonly offline?: boolean;
  readonly layer?: readonly string[];
  /** Channels of the only layer that get a sheet of their own. */
  readonly channel?: string;
  /** Pictures kept of each channel. */
  readonly top: string;
  readonly preprocess?: string;
  readonly runtime: RuntimeName;
  readonly out?: string;
  readonly json?: boolean;
}

/** What is there when the pictures begin to flow. */
interface Work {
  readonly model: Model;
  readonly modelName: string;
  readonly fieldsOf: (layer: string) => ReceptiveFields;
  readonly folder: PictureFolder;
  readonly layers: readonly ObservedLayer[];
  readonly channels: readonly number[];
  readonly out: string;
  readonly options: ActivationsFolderOptions;
  readonly io: CommandIo;
}

const mostTop = 64;
/** Pooled activations kept for the read-out; of more pictures some are drawn. */
const mostPooledNumbers = 2 ** 26;
const stateName = ".activations-state";

/**
 * Runs all pictures of a folder through a network and writes, into a folder, a sheet a layer, activations.json and a
 * chart. Pictures that cannot be used are told of and left out. If it is stopped, what was gathered is put by there,
 * and the same command goes on with it. Throws `LimpidError` where nothing can be done.
 */
export async function activationsOfFolder(
  modelPath: string,
  folderPath: string,
  options: ActivationsFolderOptions,
  io: CommandIo,
): Promise<void> {
  const k = parseWhole(options.top, "--top", 1, mostTop);
  const folder = await openPictureFolder(platform, folderPath);
  const out = options.out ?? "activations";
  await requireWritable(join(out, stateName));
  const runtime = await openRuntime(options.runtime);
  try {
    const model = new Model(await openNamedModel(modelPath, options.offline ?? false, io), runtime);
    const graph = await model.whole(model.inputDims());
    const layers = observedLayers(graph, options.layer ?? []);
    const channels = enlargedChannelNumbers(layers, options.channel);
    const modelName = basename(modelPath);
    const fieldsOf = receptiveFieldsByLayer(graph);
    const work = { model, modelName, fieldsOf, folder, layers, channels, out, options, io };
    const { note } = await choosePreprocessing(model, options.preprocess);
    if (note !== undefined) io.err(`note: ${wordsOf(note, commandWords)}\n`);
    await gatherAndPresent(work, k);
  } finally {
    await runtime.release();
  }
}

async function gatherAndPresent(work: Work, k: number): Promise<void> {
  const { model, folder, layers, out, io, options } = work;
  const plan: SetPlan = {
    layers: layers.map(({ name, shape }) => ({ name, dims: shape })),
    pictures: folder.paths.length,
    k,
    pooled: pooledPictures(folder, layers),
  };
  const recipe = await recipeOf(work, plan);
  const statePath = join(out, stateName);
  const record = (await earlierRecord(statePath, plan, recipe, io)) ?? new SetRecord(plan);
  try {
    const { paths } = folder;
    await streamPictures({ model, paths, preprocess: options.preprocess, record, io });
    requireSome(record, folder);
    await present(work, record);
  } catch (error) {
    if (error instanceof LimpidError && error.code === "aborted" && record.next > 0) {
      await writeWhole(statePath, record.encode(recipe));
      const message = `activations: stopped after ${record.next} of ${plan.pictures} pictures, which are kept. run the same command again to go on.`;
      throw new LimpidError("aborted", message, { cause: error });
    }
    throw error;
  }
  await rm(statePath, { force: true });
}

/** The pictures whose pooled activations are kept: all, or as many as fit, drawn without a look at them. */
function pooledPictures(
  { paths, labels }: PictureFolder,
  layers: readonly ObservedLayer[],
): readonly number[] {
  if (!labels) return [];
  const channels = layers.reduce((sum, { shape }) => sum + shape[1]!, 0);
  const most = Math.max(Math.floor(mostPooledNumbers / channels), 2);
  const all = [...paths.keys()];
  if (all.length <= most) return all;
  const random = randomStream(0, "read-out");
  return all
    .map((picture) => ({ picture, key: random.uniform() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, most)
    .map(({ picture }) => picture)
    .toSorted((a, b) => a - b);
}

/** Another network, other pictures or another way of preparing them are another record. */
async function recipeOf({ model, folder, options }: Work, plan: SetPlan): Promise<string> {
  const hash = createHash("sha256");
  const { how } = await choosePreprocessing(model, options.preprocess);
  hash.update(JSON.stringify([await model.digest(), how, plan, options.runtime]));
  for (const path of folder.paths) {
    // A link to nothing is told of when the picture is read.
    const info = await stat(path).catch(() => undefined);
    hash.update(JSON.stringify([path, info?.size, info?.mtimeMs]));
  }
  return hash.digest("hex");
}

async function earlierRecord(path: string, plan: SetPlan, recipe: string, io: CommandIo) {
  if (!existsSync(path)) return undefined;
  const record = SetRecord.decode(plan, recipe, await readBytes(path));
  const note = record
    ? `going on after ${record.next} of ${plan.pictures} pictures`
    : "what was put by here is of another command and is replaced";
  io.err(`note: ${note}\n`);
  return record;
}

function requireSome({ broken }: SetRecord, { paths }: PictureFolder): void {
  if (broken.size < paths.length) return;
  throw new LimpidError(
    "bad-file",
    `activations: at least one picture must be usable, got ${broken.size} that are not, for the reasons above.`,
  );
}

async function present(work: Work, record: SetRecord): Promise<void> {
  const { folder, layers, out, options, io, modelName, fieldsOf } = work;
  const findings = findingsOf(record, layers, folder.labels);
  const chance = findings.layers.find(({ classShare }) => classShare)?.classShare?.chance;
  const facts = { model: modelName, folder, record, fieldsOf };
  const sheets = await writeSheets(work, findings);
  await writeWhole(
    join(out, "depth.svg"),
    setChart(pointsOf(findings), chance, await platform.chartDocument()),
  );
  await writeWhole(join(out, "activations.json"), `${JSON.stringify(reportOf(findings, facts))}\n`);
  const written = `wrote ${sheets} ${sheets === 1 ? "sheet" : "sheets"}, depth.svg and activations.json to ${out}\n`;
  if (options.json) io.out(`${JSON.stringify(summaryOf(findings, facts))}\n`);
  else io.out(`${linesOf(findings)}${written}`);
}

/** Writes a sheet a layer and one a channel asked for, and tells how many. */
async function writeSheets(work: Work, { layers }: FolderFindings): Promise<number> {
  const { model, fieldsOf, folder, channels, out, options, io } = work;
  const groups = sheetGroups(layers, model.inputDims()[1] === 1 ? 1 : 3);
  const progress = startProgress(io, { label: "sheets", total: layers.length });
  const common = { model, fieldsOf, paths: folder.paths, preprocess: options.preprocess, io };
  const digits = `${layers.length}`.length;
  let done = 0;
  try {
    for (const group of groups) {
      const before = done;
      const scaled = {
        update: (share: number, text?: string) =>
          progress.update(before + (share * group.length) / 2, text),
        end: () => progress.end(),
      };
      const sheets = await patchSheets({ ...common, progress: scaled }, group);
      for (const [i, sheet] of sheets.entries()) {
        const number = `${before + i + 1}`.padStart(digits, "0");
        const name = `${number}-${fileName(group[i]!.record.name)}.jpg`;
        await writeWhole(join(out, name), await renderPhotoSheet(platform, sheet));
        progress.update(before + (group.length + i + 1) / 2, name);
      }
      done += group.length;
    }
    const sheetWork: SheetWork = { ...common, progress };
    for (const channel of channels) {
      const sheet = await channelSheet(sheetWork, layers[0]!, channel);
      const name = `${fileName(layers[0]!.name)}-channel-${channel}.png`;
      await writeWhole(join(out, name), await renderSheet(platform, sheet));
    }
  } finally {
    progress.end();
  }
  return done + channels.length;
}
