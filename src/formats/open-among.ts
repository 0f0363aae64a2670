/** @file Which of several formats a file is, and opening it; what it takes to know folders and what is no model comes when it is needed. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { say } from "../wording/face.ts";
import type { FolderSource } from "./folder-source.ts";
import type { Format } from "./format.ts";
import type { ByteSource } from "./source.ts";
import { isZip } from "./zip-start.ts";

const startBytes = 256;

/** A model that some format knows. */
export interface FoundModel {
  /** What messages call it. */
  readonly name: string;
  open(): Promise<Graph>;
}

/** The graph of a model in the first of the formats that knows it. Throws as `openGraph`. */
export async function openAmong(
  formats: readonly Format[],
  source: ByteSource | FolderSource,
): Promise<Graph> {
  const found = await named(source.name, () => findModel(formats, source));
  return named(found.name, () => found.open());
}

/** Puts the name of a file before what is wrong with it. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    throw new LimpidError("bad-file", say`"${name}": ${cause.said}`, { cause });
  }
}

/** The model of a file or folder. Throws `bad-file` where there is none. */
export async function findModel(
  formats: readonly Format[],
  source: ByteSource | FolderSource,
): Promise<FoundModel> {
  if ("files" in source) return (await forFolders()).findInFolder(formats, source);
  const start = await startOf(source);
  if (isZip(start)) return (await forFolders()).findInFolder(formats, await unzipped(source));
  const format = await formatOf(formats, start, source.name);
  if (!format?.file) throw (await forFolders()).unknownFile(formats, start, source);
  const { file } = format;
  return { name: source.name, open: async () => withUsual(format, await file.open(source)) };
}

function forFolders() {
  return import("./folder-models.ts");
}

/** The first format that a file is of; what only may be of one is, unless its bytes are known as something else. */
export async function formatOf(
  formats: readonly Format[],
  start: Uint8Array,
  name: string,
): Promise<Format | undefined> {
  for (const format of formats) {
    const isOf = format.file?.matches(start, name) ?? false;
    if (isOf === true || (isOf === "perhaps" && (await isUnknown(start)))) return format;
  }
  return undefined;
}

async function isUnknown(start: Uint8Array): Promise<boolean> {
  const { fileKindOf } = await import("./file-kind.ts");
  return fileKindOf(start) === undefined;
}

/** The graph with what is usual for its format. */
export function withUsual({ usualPreprocessing: usual }: Format, graph: Graph): Graph {
  if (usual === undefined) return graph;
  const { usualPreprocessing } = metadataKeys;
  return { ...graph, metadata: new Map([[usualPreprocessing, usual], ...graph.metadata]) };
}

/** The archive as a folder; what unpacks is imported where there is something to unpack. */
export async function unzipped(archive: ByteSource, most?: number): Promise<FolderSource> {
  return (await import("./zip-folder.ts")).zipFolder(archive, most);
}

/** The first bytes, by which formats know a file. */
export function startOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, Math.min(source.size, startBytes));
}
