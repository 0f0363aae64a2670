/** @file Where a thing of the catalog lies: in the cache, in a mirror, or after a download in the cache. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { closestNames } from "../wording/closest-names.ts";
import { isFailure, LimpidError, type StopSignal } from "../errors.ts";
import {
  catalog,
  isCatalogName,
  type CatalogFile,
  type CatalogItem,
  type DataItem,
  type ModelItem,
} from "./catalog.ts";
import {
  copiesIn,
  copiesOf,
  copyFault,
  isAddress,
  locatedCopy,
  locatedModel,
  mirrorFault,
  placesOf,
  type LocatedItem,
  type Places,
} from "./copies.ts";
import { download, type DownloadOptions } from "./download.ts";
import { withLock } from "./fetch-lock.ts";
import { faultAtUse, faultOf } from "./file-digest.ts";
import { ServerFault } from "./request.ts";
import { unpack } from "./unpack.ts";

export interface LocateOptions {
  /** Never touch the network. */
  readonly offline?: boolean;
  readonly signal?: StopSignal;
  /** Bytes of a file that have come, and its bytes in all where they are known. */
  readonly onDownload?: (done: number, total: number | undefined, file: string) => void;
  /** Told what was found damaged, waited for, or refused by a mirror, a sentence. */
  readonly onNote?: (note: string) => void;
  readonly places?: Places;
  /** What is there to be had; the catalog by default. */
  readonly items?: Readonly<Record<string, CatalogItem>>;
  /** Before the second try of a download; one second by default. */
  readonly waitMs?: number;
  /** How long a server may say nothing; 15 seconds by default. */
  readonly silenceMs?: number;
}

/**
 * A thing by its name: from the cache, from a mirror that is a folder, where it stays, or downloaded into the
 * cache, from a mirror that is an address or from its author. Files are held against the catalog at each use; what is
 * damaged in the cache is fetched again. Throws `bad-option` for an unknown name, and `bad-file` where it cannot be had.
 */
export async function locate(name: string, options: LocateOptions = {}): Promise<LocatedItem> {
  const item = itemOf(name, options.items ?? catalog);
  const places = options.places ?? placesOf();
  const here = await wholeHere(item, places, options.signal);
  for (const fault of here.faults) options.onNote?.(`fetch: ${fault}; it is not used.`);
  if (here.found) return here.found;
  if (options.offline === true) throw notHere(name, here.faults);
  const onWait = (owner: string) =>
    options.onNote?.(`fetch: process ${owner} fetches "${name}", this command waits for it.`);
  return withLock(join(places.cache, `${name}.lock`), { ...options, onWait }, async (signal) => {
    const { found } = await wholeHere(item, places, signal);
    const how = { ...options, places, signal };
    return found ?? (item.kind === "model" ? fetchModel(name, item, how) : fetchData(item, how));
  }).catch((cause: unknown) => {
    throw withFaults(cause, here.faults);
  });
}

/** Why something was to be fetched that seems to be there. */
function withFaults(cause: unknown, faults: readonly string[]): unknown {
  if (!isFailure(cause) || faults.length === 0) return cause;
  const why = ` what is there cannot be used: ${faults.join(", and ")}.`;
  return new LimpidError(cause.code, `${cause.message}${why}`, { cause });
}

function notHere(name: string, faults: readonly string[]): LimpidError {
  const got = faults.length > 0 ? faults.join(", and ") : "neither";
  return new LimpidError(
    "bad-file",
    `fetch: "${name}" must be in the cache or the mirror when offline, got ${got}. run "limpid fetch ${name}" with a network, or name a mirror by LIMPID_MIRROR.`,
  );
}

/** The first copy that is the catalog's, and what is wrong with those before it. */
async function wholeHere(
  item: CatalogItem,
  places: Places,
  signal: StopSignal | undefined,
): Promise<{ readonly found?: LocatedItem; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  for (const copy of copiesOf(item, places)) {
    const look = (at: string, file: CatalogFile) => faultAtUse(at, file, places.cache, signal);
    const fault = await copyFault(copy, look, signal);
    if (fault === undefined) return { found: locatedCopy(copy), faults };
    faults.push(`${fault} (damaged, or another file)`);
  }
  const fault = mirrorFault(places);
  return { faults: [...faults, ...(fault === undefined ? [] : [fault])] };
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

interface FetchOptions extends LocateOptions {
  readonly places: Places;
}

async function fetchModel(
  name: string,
  item: ModelItem,
  options: FetchOptions,
): Promise<LocatedItem> {
  const file = item.files.find(({ url }) => url !== undefined);
  if (!file) {
    throw new LimpidError(
      "bad-file",
      `fetch: "${name}" must lie in a mirror, got none that has it. set LIMPID_MIRROR to a folder with ${item.files[0]!.path}.`,
    );
  }
  const path = await fetchFile(file, options);
  for (const other of item.files) {
    // Another file in the cache would have been taken if it were whole.
    if (other !== file) await rm(join(options.places.cache, other.path), { force: true });
  }
  return locatedModel(file, path, "cache");
}

async function fetchData(item: DataItem, options: FetchOptions): Promise<LocatedItem> {
  const folder = join(options.places.cache, item.folder);
  for (const file of item.files) {
    const path = await fetchFile(file, options);
    if (item.archive) await unpack(path, folder, item.archive, options.signal);
  }
  return { path: folder, from: "cache" };
}

/** The file in the cache, downloaded if it is not there whole: from the mirror's address first. */
async function fetchFile(file: CatalogFile, options: FetchOptions): Promise<string> {
  const { places, signal, onDownload } = options;
  const target = join(places.cache, file.path);
  if (existsSync(target)) {
    if ((await faultOf(target, file, signal)) === undefined) return target;
    // Of use to nobody, once it is known to be broken.
    if (file.path.startsWith("archives/")) await rm(target, { force: true });
  }
  const how = {
    ...options,
    onProgress: (done: number, total: number | undefined) => onDownload?.(done, total, file.path),
  };
  await downloadFrom(addressesOf(file, places), file, target, how);
  return target;
}

function addressesOf({ path, url }: CatalogFile, { mirror }: Places): readonly string[] {
  const isThere = mirror !== undefined && isAddress(mirror);
  return [
    ...(isThere ? [`${mirror.replace(/\/+$/, "")}/${path}`] : []),
    ...(url === undefined ? [] : [url]),
  ];
}

/** The author may have what a mirror lacks; what the mirror said is told either way. */
async function downloadFrom(
  [first, ...others]: readonly string[],
  file: CatalogFile,
  target: string,
  options: FetchOptions & DownloadOptions,
): Promise<void> {
  try {
    await download({ ...file, url: first! }, target, options);
  } catch (cause) {
    if (!(cause instanceof ServerFault) || others.length === 0) throw cause;
    try {
      await downloadFrom(others, file, target, options);
    } catch (next) {
      if (!(next instanceof ServerFault)) throw next;
      throw new LimpidError("bad-file", `${next.message} the mirror before it: ${cause.message}`, {
        cause,
      });
    }
    options.onNote?.(`the mirror: ${cause.message} it came from ${others[0]}.`);
  }
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
    // The user's own copies are what they are.
    const [there] = copiesIn(itemOf(asked, options.items ?? catalog), own, "own");
    if (there) return locatedCopy(there);
  }
  return locate(asked, options);
}
