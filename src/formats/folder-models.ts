/** @file The model of a folder or an archive: what a format knows as a whole, or the one model file that lies in it. */
import { isFailure, LimpidError } from "../errors.ts";
import { say } from "../wording/face.ts";
import { alternatives } from "../wording/listed-names.ts";
import { baseName } from "../wording/paths.ts";
import { configurationsBeside, mostConfigurationBytes } from "./configurations.ts";
import { fileKindOf } from "./file-kind.ts";
import { folderKindOf, knownByName, listed } from "./folder-kind.ts";
import type { FolderSource } from "./folder-source.ts";
import type { Format } from "./format.ts";
import { labelFilesBeside } from "./label-files.ts";
import {
  findModel,
  formatOf,
  startOf,
  unzipped,
  withUsual,
  type FoundModel,
} from "./open-among.ts";
import type { ByteSource } from "./source.ts";
import { isZip } from "./zip-start.ts";

/** Files of a folder that are looked into. */
const mostLookedInto = 1000;

/** Archives of a folder that are looked into, and files of each. */
const [mostArchives, mostFilesWithin] = [20, 10_000];

/** The model that a folder is, or the one that lies in it. Throws `bad-file` for none, and for several. */
export async function findInFolder(
  formats: readonly Format[],
  folder: FolderSource,
): Promise<FoundModel> {
  const found = knownFolder(formats, folder);
  if (found) return found;
  // The numbers of weights are files of their own here, which may begin as anything does.
  if (folder.files.includes("data.pkl")) throw unknownFolder(formats, folder);
  const paths = await modelsIn(formats, folder);
  if (paths.length === 0) throw unknownFolder(formats, folder);
  if (paths.length > 1) {
    const names = listed(paths);
    throw new LimpidError(
      "bad-file",
      `open: a folder must hold one model, got ${names}. name the one that is meant.`,
    );
  }
  const path = paths[0]!;
  const { name, open } = await findModel(formats, await folder.file(path));
  return {
    name,
    open: async () => {
      const graph = await open();
      const beside = await configurationsBeside(path, (each) => textOf(folder, each));
      const labels = await labelsIn(folder, path);
      return { ...graph, metadata: new Map([...labels, ...beside, ...graph.metadata]) };
    },
  };
}

function knownFolder(formats: readonly Format[], source: FolderSource): FoundModel | undefined {
  const format = formats.find((each) => each.folder?.matches(source.files));
  if (!format?.folder) return undefined;
  const { folder } = format;
  return {
    name: source.name,
    open: async () => {
      const graph = withUsual(format, await folder.open(source));
      const labels = await labelsIn(source, "model");
      return { ...graph, metadata: new Map([...labels, ...graph.metadata]) };
    },
  };
}

function labelsIn(folder: FolderSource, model: string): Promise<ReadonlyMap<string, string>> {
  return labelFilesBeside(model, folder.files, (path, most) => textOf(folder, path, most));
}

async function textOf(
  folder: FolderSource,
  path: string,
  mostBytes = mostConfigurationBytes,
): Promise<string | undefined> {
  if (!folder.files.includes(path)) return undefined;
  const source = await folder.file(path);
  if (source.size === 0 || source.size > mostBytes) return undefined;
  return new TextDecoder().decode(await source.read(0, source.size));
}

/** Paths of files that are models by themselves. */
async function modelsIn(
  formats: readonly Format[],
  folder: FolderSource,
): Promise<readonly string[]> {
  const likely = folder.files.filter((path) => !neverModels.test(path));
  if (likely.length > mostLookedInto) throw tooMany(`${likely.length} files`);
  const models: string[] = [];
  let archives = 0;
  for (const path of likely) {
    const source = await folder.file(path);
    const start = await startOf(source);
    if (isZip(start) && ++archives > mostArchives)
      throw tooMany(`more than ${mostArchives} archives`);
    if (await isModel(formats, source, start)) models.push(path);
  }
  return models;
}

function tooMany(got: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `open: a folder must hold one model, got ${got}. name the model's own.`,
  );
}

/** Whether a file is a model by itself, and no part of another one. */
export async function isOneModel(formats: readonly Format[], source: ByteSource): Promise<boolean> {
  return !neverModels.test(source.name) && isModel(formats, source, await startOf(source));
}

async function isModel(
  formats: readonly Format[],
  source: ByteSource,
  start: Uint8Array,
): Promise<boolean> {
  if (isZip(start)) return holdsModel(formats, source);
  const kind = fileKindOf(start);
  // Text, and bytes of no known kind, may begin as anything does; graphs of TensorFlow have but their name.
  const isTold = (kind && !kind.isText) || /\.pb$/i.test(source.name);
  const sure = isTold ? start : new Uint8Array();
  return (await formatOf(formats, sure, source.name)) !== undefined;
}

/** Archives that are broken, or of more files than a model has, are none. */
async function holdsModel(formats: readonly Format[], archive: ByteSource): Promise<boolean> {
  try {
    return knownFolder(formats, await unzipped(archive, mostFilesWithin)) !== undefined;
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    return false;
  }
}

const neverModels = /\.(jpe?g|png|gif|webp|bmp|txt|md|csv|html|m?js|py|ipynb|npz)$/i;

/** Of a file of no format. */
export function unknownFile(
  formats: readonly Format[],
  start: Uint8Array,
  { name, size }: ByteSource,
): LimpidError {
  const told = fileKindOf(start);
  const kind = told && !told.isText ? told : (knownByName([baseName(name)]) ?? told);
  const got = kind?.name ?? `${size} bytes of no known kind`;
  const advice = kind?.advice ?? "check that the download is complete";
  return new LimpidError(
    "bad-file",
    say`open: the file must be ${wanted(formats)}, got ${got}. ${advice}.`,
  );
}

function unknownFolder(formats: readonly Format[], { files }: FolderSource): LimpidError {
  const { name, advice } = folderKindOf(files);
  return new LimpidError(
    "bad-file",
    say`open: the folder must hold ${wanted(formats)}, got ${name}. ${advice}.`,
  );
}

function wanted(formats: readonly Format[]): string {
  return alternatives(formats.map(({ name }) => name));
}
