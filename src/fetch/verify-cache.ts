/** @file All of the cache against the catalog: what is damaged is fetched again. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isFailure, LimpidError } from "../errors.ts";
import { catalog, type CatalogItem } from "./catalog.ts";
import { faultOf, forgetUse } from "./file-digest.ts";
import { sumsPath } from "./folder-sums.ts";
import { copiesOf, copyFault, placesOf, type Copy } from "./copies.ts";
import { locate, type LocateOptions } from "./locate.ts";

/** What became of a thing in the cache. */
export interface VerifiedItem {
  readonly name: string;
  readonly path: string;
  /**
   * "replaced" was damaged and is whole now; "damaged" still is; of "unknown" there is nothing to hold it against, as of
   * photos that were not unpacked here.
   */
  readonly state: "whole" | "replaced" | "damaged" | "unknown";
  /** What was wrong, and why it could not be had again. */
  readonly fault?: string;
}

/**
 * Reads what the cache has of the names, of the whole catalog by default, and fetches again what is damaged, unless
 * `offline`. Throws `bad-option` for an unknown name, `aborted` when the signal fires.
 */
export async function verify(
  names: readonly string[],
  options: LocateOptions = {},
): Promise<readonly VerifiedItem[]> {
  const items: Readonly<Record<string, CatalogItem>> = options.items ?? catalog;
  const { cache } = options.places ?? placesOf();
  const verified: VerifiedItem[] = [];
  for (const name of names.length > 0 ? names : Object.keys(items)) {
    // Complains of names that are unknown.
    if (!Object.hasOwn(items, name)) await locate(name, options);
    for (const copy of copiesOf(items[name]!, { cache })) {
      verified.push({ name, path: copy.path, ...(await verifyCopy(name, copy, cache, options)) });
    }
  }
  return verified;
}

async function verifyCopy(
  name: string,
  copy: Copy,
  cache: string,
  options: LocateOptions,
): Promise<Pick<VerifiedItem, "state" | "fault">> {
  const look = () =>
    copyFault(copy, (path, file) => faultOf(path, file, options.signal), options.signal);
  if (copy.files.length === 0 && !existsSync(sumsPath(copy.path))) return { state: "unknown" };
  const fault = await look();
  if (fault === undefined) return { state: "whole" };
  for (const file of copy.files) await forgetUse(file, cache);
  try {
    await locate(name, { ...options, onNote: () => {} });
    // A mirror, or another file of the same network, may have taken its place.
    if ((await look()) !== undefined) await removeCopy(copy);
    return { state: "replaced", fault };
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    return { state: "damaged", fault: options.offline === true ? fault : cause.message };
  }
}

async function removeCopy({ files, root, path }: Copy): Promise<void> {
  const paths =
    files.length > 0 ? files.map((file) => join(root, file.path)) : [sumsPath(path), path];
  for (const each of paths) await rm(each, { recursive: true, force: true });
}

const stateTexts: Readonly<Record<VerifiedItem["state"], string>> = {
  whole: "whole",
  replaced: "was damaged, is whole now",
  damaged: "damaged",
  unknown: "no SHA-256 beside it, so that nobody knows",
};

/** What became of a thing, in a line. */
export function verifiedText({ name, path, state, fault }: VerifiedItem): string {
  return `${name}: ${path}: ${stateTexts[state]}${fault === undefined ? "" : ` (${fault})`}\n`;
}

/** Throws `bad-file` if something stays damaged. */
export function requireWhole(items: readonly VerifiedItem[]): void {
  const damaged = items.filter(({ state }) => state === "damaged").map(({ name }) => name);
  if (damaged.length === 0) return;
  throw new LimpidError(
    "bad-file",
    `fetch: what is in the cache must be whole, got damaged: ${damaged.join(", ")}. the same command with a network fetches it again.`,
  );
}
