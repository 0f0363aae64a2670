/** @file Where a thing of the catalog lies: in the cache, in a mirror, or after a download in the cache. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { closestNames } from "../../wording/closest-names.ts";
import { LimpidError, type StopSignal } from "../../errors.ts";
import {
  catalog,
  isCatalogName,
  type CatalogFile,
  type CatalogItem,
  type CatalogName,
  type DataItem,
  type ModelFile,
  type ModelItem,
} from "./catalog.ts";
import { download } from "./download.ts";
import { unpack } from "./unpack.ts";

/** Where things are looked for; by default as the environment says. */
export interface Places {
  /** The cache. */
  readonly cache: string;
  /** A folder, or an address that begins with http: or https:. */
  readonly mirror?: string;
}

export interface LocateOptions {
  /** Never touch the network. */
  readonly offline?: boolean;
  readonly signal?: StopSignal;
  /** Bytes of a file that have come, and its bytes in all where they are known. */
  readonly onProgress?: (done: number, total: number | undefined, file: string) => void;
  readonly places?: Places;
  /** What is there to be had; the catalog by default. */
  readonly items?: Readonly<Record<string, CatalogItem>>;
  /** Before the second try of a download; one second by default. */
  readonly waitMs?: number;
}

/** A thing that is on this machine. */
export interface LocatedItem {
  /** A model's file, or a data set's folder. */
  readonly path: string;
  readonly from: "own" | "cache" | "mirror" | "disk";
  /** Of models: how pictures are prepared and whose classes it knows. */
  readonly model?: Pick<ModelFile, "preprocessing" | "classes">;
}

/** The cache (XDG_CACHE_HOME, else ~/.cache) and the mirror (LIMPID_MIRROR) of an environment. */
export function placesOf(env: Readonly<Record<string, string | undefined>> = process.env): Places {
  const root = env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const mirror = env["LIMPID_MIRROR"];
  return { cache: join(root, "limpid"), ...(mirror ? { mirror } : {}) };
}

/**
 * A thing by its name: from the cache, from a mirror that is a folder, where it stays, or downloaded into the
 * cache, from a mirror that is an address or from its author. Throws `bad-option` for an unknown name, and
 * `bad-file` where it cannot be had.
 */
export async function locate(name: string, options: LocateOptions = {}): Promise<LocatedItem> {
  const item = itemOf(name, options.items ?? catalog);
  const places = options.places ?? placesOf();
  const there = findHere(item, places);
  if (there) return there;
  if (options.offline === true) {
    throw new LimpidError(
      "bad-file",
      `fetch: "${name}" must be in the cache or the mirror when offline, got neither. run "limpid fetch ${name}" with a network, or name a mirror by LIMPID_MIRROR.`,
    );
  }
  return item.kind === "model"
    ? fetchModel(name, item, places, options)
    : fetchData(item, places, options);
}

/** The thing where it already is, without touching the network. Throws `bad-option` for an unknown name. */
export function findThere(name: CatalogName, places: Places = placesOf()): LocatedItem | undefined {
  return findHere(catalog[name], places);
}

function itemOf(name: string, items: Readonly<Record<string, CatalogItem>>): CatalogItem {
  if (Object.hasOwn(items, name)) return items[name]!;
  const close = closestNames(name, Object.keys(items));
  const meant = close.length > 0 ? ` did you mean ${close.join(" or ")}?` : "";
  throw new LimpidError(
    "bad-option",
    `fetch: the name must be one of ${Object.keys(items).join(", ")}, got "${name}".${meant}`,
  );
}

function findHere(item: CatalogItem, { cache, mirror }: Places): LocatedItem | undefined {
  const roots = [{ root: cache, from: "cache" as const }];
  const isFolder = mirror !== undefined && !isAddress(mirror);
  for (const { root, from } of [
    ...roots,
    ...(isFolder ? [{ root: mirror, from: "mirror" as const }] : []),
  ]) {
    const path = item.kind === "model" ? undefined : join(root, item.folder);
    if (path !== undefined && holdsAll(item as DataItem, root)) return { path, from };
    if (item.kind === "data") continue;
    const file = item.files.find((candidate) => existsSync(join(root, candidate.path)));
    if (file) return locatedModel(file, join(root, file.path), from);
  }
  return undefined;
}

/** An unpacked archive takes its place whole, so its folder is enough. */
function holdsAll(item: DataItem, root: string): boolean {
  const needed = item.archive ? [item.folder] : item.files.map(({ path }) => path);
  return needed.every((path) => existsSync(join(root, path)));
}

function isAddress(mirror: string): boolean {
  return /^https?:\/\//.test(mirror);
}

function locatedModel(file: ModelFile, path: string, from: LocatedItem["from"]): LocatedItem {
  const { preprocessing, classes } = file;
  return { path, from, model: { preprocessing, ...(classes ? { classes } : {}) } };
}

async function fetchModel(
  name: string,
  item: ModelItem,
  places: Places,
  options: LocateOptions,
): Promise<LocatedItem> {
  const file = item.files.find(({ url }) => url !== undefined);
  if (!file) {
    throw new LimpidError(
      "bad-file",
      `fetch: "${name}" must lie in a mirror, got none that has it. set LIMPID_MIRROR to a folder with ${item.files[0]!.path}.`,
    );
  }
  return locatedModel(file, await fetchFile(file, places, options), "cache");
}

async function fetchData(
  item: DataItem,
  places: Places,
  options: LocateOptions,
): Promise<LocatedItem> {
  const folder = join(places.cache, item.folder);
  for (const file of item.files) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other keeps progress readable
    const path = await fetchFile(file, places, options);
    if (!item.archive) continue;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await unpack(path, folder, item.archive);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await rm(path, { force: true });
  }
  return { path: folder, from: "cache" };
}

/** The file in the cache, downloaded if it is not there: from the mirror's address first. */
async function fetchFile(
  file: CatalogFile,
  { cache, mirror }: Places,
  { signal, onProgress, waitMs }: LocateOptions,
): Promise<string> {
  const target = join(cache, file.path);
  if (existsSync(target)) return target;
  const how = {
    ...(signal ? { signal } : {}),
    ...(waitMs === undefined ? {} : { waitMs }),
    onProgress: (done: number, total: number | undefined) => onProgress?.(done, total, file.path),
  };
  if (mirror !== undefined && isAddress(mirror)) {
    const url = `${mirror.replace(/\/$/, "")}/${file.path}`;
    try {
      await download({ ...file, url }, target, how);
      return target;
    } catch (cause) {
      // The author may have what a mirror lacks.
      const isMissing = cause instanceof LimpidError && cause.code === "bad-file";
      if (!isMissing || file.url === undefined) throw cause;
    }
  }
  await download({ ...file, url: file.url! }, target, how);
  return target;
}

export interface PlaceOptions extends LocateOptions {
  /** A folder of the user's own, laid out as a mirror, that comes before cache and mirror. */
  readonly own?: string;
  /** What is asked for is a name, even where a file is called so. */
  readonly asName?: boolean;
}

/**
 * The path that a user means: a file or folder that exists, else what the catalog has by that name. Other
 * words come back as they are, for whoever opens them to complain. Throws as `locate`.
 */
export async function placeOf(
  asked: string,
  { own, asName = false, ...options }: PlaceOptions = {},
): Promise<LocatedItem> {
  const isName = asName || (!existsSync(asked) && isCatalogName(asked));
  if (!isName) return { path: asked, from: "disk" };
  if (own !== undefined) {
    const there = findHere(itemOf(asked, options.items ?? catalog), { cache: own });
    if (there) return { ...there, from: "own" };
  }
  return locate(asked, options);
}
