/** @file Whether a file on disk is the one of the catalog: its size and its SHA-256. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { readError, writeWhole } from "../disk/files.ts";
import { codeOf } from "../disk/folders.ts";
import type { CatalogFile } from "./catalog.ts";

/** Files up to this size are read whole at each use, about a second a gigabyte. */
const readWholeBytes = 2 ** 26;

/** What a file must be, and is not: "must have 5 bytes, got 4". */
export type Fault = string;

/** Whether the catalog's numbers are those of what a file unpacks to. */
export function isPacked({ path }: Pick<CatalogFile, "path">): boolean {
  return path.endsWith(".gz");
}

/** Reads all of a file; undefined if it is the catalog's. Throws `bad-file` if it cannot be read. */
export async function faultOf(
  path: string,
  file: CatalogFile,
  signal?: StopSignal,
): Promise<Fault | undefined> {
  try {
    const info = await stat(path);
    if (!info.isFile()) return "must be a plain file, got a folder, pipe or device";
    if (!isPacked(file) && info.size !== file.bytes) return wrongSize(file, info.size);
    const { bytes, sha256, used } = await digestOf(path, file, signal);
    if (bytes > file.bytes) return wrongSize(file, "more");
    if (used !== info.size) return "must be a whole gzip file, got one with more behind it";
    if (sha256 === file.sha256) return undefined;
    return `must have the SHA-256 ${file.sha256}, got ${sha256}`;
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    if (codeOf(cause).startsWith("Z_")) return "must be a whole gzip file, got a broken one";
    throw readError(path, cause);
  }
}

function wrongSize(file: CatalogFile, got: number | string): Fault {
  return `must ${isPacked(file) ? "unpack to" : "have"} ${file.bytes} bytes, got ${got}`;
}

/** Of what it unpacks to if it is packed, and of how many bytes that is made; stops behind the bytes that it should have. */
async function digestOf(
  path: string,
  file: CatalogFile,
  signal: StopSignal | undefined,
): Promise<{ readonly bytes: number; readonly sha256: string; readonly used: number }> {
  const hash = createHash("sha256");
  const source = createReadStream(path, { highWaterMark: 2 ** 20 });
  const gunzip = isPacked(file) ? createGunzip({ chunkSize: 2 ** 20 }) : undefined;
  if (gunzip) source.on("error", (cause) => gunzip.destroy(cause)).pipe(gunzip);
  let bytes = 0;
  try {
    for await (const chunk of (gunzip ?? source) as AsyncIterable<Uint8Array>) {
      throwIfAborted(signal, "fetch");
      hash.update(chunk);
      bytes += chunk.length;
      if (bytes > file.bytes) break;
    }
  } finally {
    source.destroy();
  }
  return { bytes, sha256: hash.digest("hex"), used: gunzip?.bytesWritten ?? bytes };
}

/**
 * As `faultOf`, for files that are used often: a large one is read only if it is another file, or was written to, since
 * it was last found whole, which is remembered in the cache.
 */
export async function faultAtUse(
  path: string,
  file: CatalogFile,
  cache: string,
  signal?: StopSignal,
): Promise<Fault | undefined> {
  if (file.bytes <= readWholeBytes) return faultOf(path, file, signal);
  const identity = await identityOf(path);
  const record = recordOf(file, cache);
  const known = await readFile(record, "utf8").catch(() => undefined);
  if (known === identity) return undefined;
  const fault = await faultOf(path, file, signal);
  // Where the cache cannot be written, the file is read whole each time.
  if (fault === undefined) await writeWhole(record, identity).catch(() => undefined);
  return fault;
}

/** Forgets that a file was found whole. */
export async function forgetUse(file: CatalogFile, cache: string): Promise<void> {
  await rm(recordOf(file, cache), { force: true });
}

function recordOf({ sha256 }: CatalogFile, cache: string): string {
  return join(cache, "checked", sha256);
}

/** Changes whenever the file is written to; the system sets the time of change, whatever others a program sets. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (cause) {
    throw readError(path, cause);
  }
}
