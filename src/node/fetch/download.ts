/** @file Downloads that go on after a broken line, are checked, and take their place whole or not at all. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { LimpidError, throwIfAborted, type StopSignal } from "../../errors.ts";
import { writeError } from "../files.ts";
import { makeFolders } from "../folders.ts";
import type { CatalogFile } from "./catalog.ts";

export interface DownloadOptions {
  readonly signal?: StopSignal;
  /** Bytes that are there, and bytes in all where that is known. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
  /** Before the second try; it doubles with each further one. One second by default. */
  readonly waitMs?: number;
}

/** A line may break so often without a byte in between. */
const mostFailures = 5;

/**
 * Downloads a file to `target`. What has come so far is kept beside it as `.part`, from which the next try goes
 * on, also in another run. Throws `bad-file` if the server refuses or cannot be reached, if the disk is full,
 * and if the file is not the one that the catalog names; `aborted` when the signal fires.
 */
export async function download(
  file: CatalogFile & { readonly url: string },
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  const part = `${target}.part`;
  await makeFolders(dirname(target)).catch((cause: unknown) => {
    throw writeError(target, cause);
  });
  for (let failures = 0; ;) {
    const before = await sizeOf(part);
    try {
      // oxlint-disable-next-line no-await-in-loop -- a try follows the one that failed
      await receive(file, part, options);
      break;
    } catch (cause) {
      if (cause instanceof LimpidError) throw cause;
      // oxlint-disable-next-line no-await-in-loop -- as above
      failures = (await sizeOf(part)) > before ? 0 : failures + 1;
      if (failures >= mostFailures) throw unreachable(file.url, cause);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause((options.waitMs ?? 1000) * 2 ** failures);
      throwIfAborted(options.signal, "fetch");
    }
  }
  await requireSame(part, file, target);
  await rename(part, target);
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  return info?.size ?? 0;
}

/** One request, from where the part ends; a broken line throws what `fetch` throws. */
async function receive(
  { url, bytes }: CatalogFile & { readonly url: string },
  part: string,
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  const had = await sizeOf(part);
  if (bytes !== undefined && had === bytes) return;
  const headers: Record<string, string> = had > 0 ? { Range: `bytes=${had}-` } : {};
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  try {
    if (response.status === 416) {
      await rm(part, { force: true });
      throw new Error("the server has no such range");
    }
    if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
    if (!response.ok || !response.body) {
      throw new LimpidError(
        "bad-file",
        `fetch: "${url}" must be there, got the server's answer ${response.status} ${response.statusText}. try again later, or put the file into a mirror.`,
      );
    }
    const start = response.status === 206 ? had : 0;
    const length = Number(response.headers.get("content-length"));
    const total = length > 0 ? start + length : bytes;
    await save(response.body, { part, start, signal, onProgress, total });
  } finally {
    stop.abort();
  }
}

interface Saving {
  readonly part: string;
  readonly start: number;
  readonly total: number | undefined;
  readonly signal: StopSignal | undefined;
  readonly onProgress: DownloadOptions["onProgress"];
}

async function save(body: AsyncIterable<Uint8Array>, to: Saving): Promise<void> {
  const { part, start, total, signal, onProgress } = to;
  const file = await open(part, start > 0 ? "a" : "w").catch((cause: unknown) => {
    throw writeError(part, cause);
  });
  try {
    let done = start;
    onProgress?.(done, total);
    for await (const chunk of body) {
      throwIfAborted(signal, "fetch");
      await file.writeFile(chunk).catch((cause: unknown) => {
        throw writeError(part, cause);
      });
      done += chunk.length;
      onProgress?.(done, total);
    }
    if (total !== undefined && done < total) throw new Error("the line broke");
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Throws `bad-file`, and throws the part away, if it is not the file that the catalog names. */
async function requireSame(
  part: string,
  { url, sha256 }: CatalogFile,
  target: string,
): Promise<void> {
  if (sha256 === undefined) return;
  const found = await sha256Of(part, target.endsWith(".gz")).catch((cause: unknown) =>
    String(cause),
  );
  if (found === sha256) return;
  await rm(part, { force: true });
  throw new LimpidError(
    "bad-file",
    `fetch: "${url}" must have the SHA-256 ${sha256}, got ${found}. the download was thrown away; try again, and if it stays so, tell us.`,
  );
}

/** SHA-256 of a file in hexadecimal digits; of what it unpacks to if it `isCompressed`. */
async function sha256Of(path: string, isCompressed: boolean): Promise<string> {
  const hash = createHash("sha256");
  const source = createReadStream(path);
  await (isCompressed ? pipeline(source, createGunzip(), hash) : pipeline(source, hash));
  return hash.digest("hex");
}

function unreachable(url: string, cause: unknown): LimpidError {
  const error = cause instanceof Error ? cause : undefined;
  const inner = error?.cause instanceof Error ? `: ${error.cause.message}` : "";
  return new LimpidError(
    "bad-file",
    `fetch: "${url}" must be reachable, got: ${error?.message ?? String(cause)}${inner}. what came is kept and the same command goes on from it; a folder with the file can be named by LIMPID_MIRROR.`,
    { cause },
  );
}
