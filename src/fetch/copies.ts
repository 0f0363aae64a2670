/** @file Where things of the catalog may already lie, and whether what lies there is theirs. */
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { isFailure, LimpidError, type StopSignal } from "../errors.ts";
import type { CatalogFile, CatalogItem, ModelFile } from "./catalog.ts";
import type { Fault } from "./file-digest.ts";
import { folderFault } from "./folder-sums.ts";

/** Where things are looked for; by default as the environment says. */
export interface Places {
  /** The cache. */
  readonly cache: string;
  /** A folder, or an address that begins with http: or https:. */
  readonly mirror?: string;
}

/** A thing that is on this machine. */
export interface LocatedItem {
  /** A model's file, or a data set's folder. */
  readonly path: string;
  readonly from: "own" | "cache" | "mirror" | "disk";
  /** Of models: how pictures are prepared and whose classes it knows. */
  readonly model?: Pick<ModelFile, "preprocessing" | "classes">;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** LIMPID_MIRROR of an environment. */
export function mirrorOf(env: Environment = process.env): string | undefined {
  return env["LIMPID_MIRROR"] || undefined;
}

/** The cache (XDG_CACHE_HOME, else ~/.cache) and the mirror of an environment. Throws `bad-file` where nobody is at home. */
export function placesOf(env: Environment = process.env): Places {
  const told = env["XDG_CACHE_HOME"] ?? "";
  // As its standard says, a path from the current folder on is none.
  const cache = join(isAbsolute(told) ? told : join(homeFolder(), ".cache"), "limpid");
  const mirror = mirrorOf(env);
  return mirror === undefined ? { cache } : { cache, mirror };
}

function homeFolder(): string {
  try {
    const home = homedir();
    if (isAbsolute(home)) return home;
  } catch {
    // Users without a home are told as those whose home has no name.
  }
  throw new LimpidError(
    "bad-file",
    "fetch: the cache must have a place, got no home folder. name a folder by XDG_CACHE_HOME.",
  );
}

export function isAddress(mirror: string): boolean {
  return /^https?:\/\//.test(mirror);
}

/** What is wrong with a mirror that can be neither a folder nor an address. */
export function mirrorFault({ mirror }: Places): Fault | undefined {
  if (mirror === undefined || isAddress(mirror)) return undefined;
  if (statSync(mirror, { throwIfNoEntry: false })?.isDirectory() === true) return undefined;
  return `LIMPID_MIRROR must name a folder, or an address of http: or https:, got "${mirror}"`;
}

/** Something that lies where a thing of the catalog should. */
export interface Copy extends LocatedItem {
  /** What can be held against the catalog; none of an unpacked archive. */
  readonly files: readonly CatalogFile[];
  /** Of an unpacked archive: how many files it has. */
  readonly count?: number;
  /** The folder of the cache or the mirror. */
  readonly root: string;
}

/** Copies of an item that are there by their names, from the cache on. */
export function copiesOf(item: CatalogItem, { cache, mirror }: Places): readonly Copy[] {
  const own = copiesIn(item, cache, "cache");
  return mirror === undefined || isAddress(mirror)
    ? own
    : [...own, ...copiesIn(item, mirror, "mirror")];
}

/** As `copiesOf`, of one folder that is laid out as a mirror. */
export function copiesIn(
  item: CatalogItem,
  root: string,
  from: LocatedItem["from"],
): readonly Copy[] {
  if (item.kind === "model") {
    return item.files
      .filter(({ path }) => existsSync(join(root, path)))
      .map((file) => ({ files: [file], root, ...locatedModel(file, join(root, file.path), from) }));
  }
  const { archive, folder, files } = item;
  // An unpacked archive takes its place whole, so its folder is enough.
  const needed = archive ? [folder] : files.map(({ path }) => path);
  if (!needed.every((path) => existsSync(join(root, path)))) return [];
  const place = { root, path: join(root, folder), from };
  return [archive ? { ...place, files: [], count: archive.count } : { ...place, files }];
}

export function locatedModel(
  file: ModelFile,
  path: string,
  from: LocatedItem["from"],
): LocatedItem {
  const { preprocessing, classes } = file;
  return { path, from, model: { preprocessing, ...(classes ? { classes } : {}) } };
}

export function locatedCopy({ path, from, model }: Copy): LocatedItem {
  return { path, from, ...(model ? { model } : {}) };
}

/** What is wrong with a copy, by the name of the file. `look` reads a file; one that cannot be read is wrong too. */
export async function copyFault(
  { files, count, root, path }: Copy,
  look: (path: string, file: CatalogFile) => Promise<Fault | undefined>,
  signal?: StopSignal,
): Promise<Fault | undefined> {
  try {
    if (count !== undefined) return named(path, await folderFault(path, count, signal));
    for (const file of files) {
      const at = join(root, file.path);
      const fault = named(at, await look(at, file));
      if (fault !== undefined) return fault;
    }
    return undefined;
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    return cause.message.replace(/\.$/, "");
  }
}

function named(path: string, fault: Fault | undefined): Fault | undefined {
  return fault && `"${path}" ${fault}`;
}
