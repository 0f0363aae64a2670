/** @file Which of several formats a file or folder is, and opening it. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { fileKindOf } from "./file-kind.ts";
import { folderKindOf } from "./folder-kind.ts";
import type { FolderSource } from "./folder-source.ts";
import type { Format } from "./format.ts";
import type { ByteSource } from "./source.ts";
import { isZip, zipFolder } from "./zip-folder.ts";

const startBytes = 256;

/** Files of a folder that are looked into. */
const mostLookedInto = 1000;

/** The graph of a model in the first of the formats that knows it. Throws as `openGraph`. */
export async function openAmong(
  formats: readonly Format[],
  source: ByteSource | FolderSource,
): Promise<Graph> {
  try {
    if ("files" in source) return await openFolder(formats, source);
    const start = await startOf(source);
    if (isZip(start)) return await openFolder(formats, await zipFolder(source));
    const format = formats.find(({ file }) => file?.matches(start, source.name));
    if (!format?.file) throw unknownFile(formats, start, source.size);
    return await format.file.open(source);
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    throw new LimpidError("bad-file", `"${source.name}": ${cause.message}`, { cause });
  }
}

function startOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, Math.min(source.size, startBytes));
}

async function openFolder(formats: readonly Format[], folder: FolderSource): Promise<Graph> {
  const format = formats.find((each) => each.folder?.matches(folder.files));
  if (format?.folder) return format.folder.open(folder);
  const models = await modelsIn(formats, folder);
  if (models.length === 1) return openAmong(formats, models[0]!);
  if (models.length === 0) throw unknownFolder(formats, folder);
  const names = models.map(({ name }) => `"${name}"`).sort();
  throw new LimpidError(
    "bad-file",
    `open: a folder must hold one model, got ${names.length}: ${names.join(", ")}. name the one.`,
  );
}

/** The files of a folder that some format knows; text is one only by its name, as it may begin with anything. */
async function modelsIn(
  formats: readonly Format[],
  folder: FolderSource,
): Promise<readonly ByteSource[]> {
  const likely = folder.files.filter((path) => !neverModels.test(path));
  if (likely.length > mostLookedInto) {
    const got = `${likely.length} files`;
    throw new LimpidError(
      "bad-file",
      `open: a folder must hold one model, got ${got}. name the file.`,
    );
  }
  const models: ByteSource[] = [];
  for (const path of likely) {
    const source = await folder.file(path);
    const start = await startOf(source);
    const kind = fileKindOf(start);
    const known = (bytes: Uint8Array) => formats.some(({ file }) => file?.matches(bytes, path));
    const isSure = kind !== undefined && !kind.isText;
    if (known(isSure ? start : new Uint8Array())) models.push(source);
  }
  return models;
}

const neverModels = /\.(jpe?g|png|gif|webp|bmp|txt|md|csv|html|m?js|py|ipynb)$/i;

function unknownFile(formats: readonly Format[], start: Uint8Array, size: number): LimpidError {
  const kind = fileKindOf(start);
  const got = kind?.name ?? `${size} bytes of no known kind`;
  const advice = kind?.advice ?? "check that the download is complete";
  return new LimpidError(
    "bad-file",
    `open: the file must be ${wanted(formats)}, got ${got}. ${advice}.`,
  );
}

function unknownFolder(formats: readonly Format[], { files }: FolderSource): LimpidError {
  const { name, advice } = folderKindOf(files);
  return new LimpidError(
    "bad-file",
    `open: the folder must hold ${wanted(formats)}, got ${name}. ${advice}.`,
  );
}

function wanted(formats: readonly Format[]): string {
  return formats.map(({ name }) => name).join(" or ");
}
