/** @file Downloads that go on after a broken line, are checked, and take their place whole or not at all. */
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm, stat, statfs, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { formatMegabytes } from "../wording/numbers.ts";
import { writeError } from "../disk/files.ts";
import { inFolder } from "../disk/folders.ts";
import { bodyOf, FromTheStart, type Body } from "./answer.ts";
import type { RemoteFile } from "./catalog.ts";
import { faultOf, isPacked } from "./file-digest.ts";
import { request, ServerFault, Silence, type RequestOptions } from "./request.ts";

export interface DownloadOptions extends RequestOptions {
  /** Bytes that are there, and bytes in all where that is known. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
  /** Before the second try; it doubles with each further one. One second by default. */
  readonly waitMs?: number;
}

/** A line may break so often without much in between. */
const mostFailures = 5;

/** A server that is silent for long counts for several broken lines. */
const failuresOfSilence = 3;

/** With so many new bytes a try was no failure. */
const progressBytes = 2 ** 16;

/**
 * Downloads a file to `target`. What has come so far is kept beside it as `.part`, from which the next try goes
 * on, also in another run. Throws `bad-file` if the server refuses or cannot be reached (a `ServerFault`), and if the
 * disk is full; `aborted` when the signal fires.
 */
export async function download(
  file: RemoteFile,
  target: string,
  options: DownloadOptions = {},
): Promise<void> {
  try {
    // Folders that were made for it stay where a part is kept.
    await inFolder(dirname(target), () => receiveSame(file, target, options));
  } catch (cause) {
    throw cause instanceof LimpidError ? cause : writeError(target, cause);
  }
}

/** What was continued may be made of two versions of a file, so it is fetched anew once if it is not the right one. */
async function receiveSame(
  file: RemoteFile,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const part = `${target}.part`;
  for (let isContinued = (await sizeOf(part)) > 0; ; isContinued = false) {
    await requireSpace(target, file.bytes - (await sizeOf(part)));
    await receiveAll(file, part, options);
    const fault = await faultOf(part, file, options.signal);
    if (fault === undefined) break;
    await rm(part, { force: true });
    if (isContinued) continue;
    throw new ServerFault(
      file.url,
      `${fault}. the download was thrown away; try again, and if it stays so, tell us.`,
    );
  }
  await rename(part, target);
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  return info?.size ?? 0;
}

/** Some systems do not say how much is free. */
async function requireSpace(target: string, bytes: number): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(dirname(target));
  const free = bavail * bsize;
  if (blocks === 0 || free >= bytes) return;
  throw new LimpidError(
    "bad-file",
    `write: "${target}" needs ${formatMegabytes(bytes)}, got a disk with ${formatMegabytes(free)} free. make room, or choose another cache by XDG_CACHE_HOME.`,
  );
}

async function receiveAll(file: RemoteFile, part: string, options: DownloadOptions): Promise<void> {
  const { signal, waitMs = 1000 } = options;
  for (let failures = 0, tries = 1; ; tries += 1) {
    throwIfAborted(signal, "fetch");
    const before = await sizeOf(part);
    try {
      await receive(file, part, options);
      return;
    } catch (cause) {
      if (cause instanceof LimpidError) throw cause;
      if (cause instanceof FromTheStart) await rm(part, { force: true });
      const came = (await sizeOf(part)) - before;
      failures = came >= progressBytes ? 0 : failures;
      failures += cause instanceof Silence ? failuresOfSilence : 1;
      if (failures >= mostFailures) throw unreachable(file.url, cause);
      await pauseUntil(performance.now() + waitMs * 2 ** Math.min(tries - 1, 5), signal);
    }
  }
}

async function pauseUntil(endMs: number, signal: StopSignal | undefined): Promise<void> {
  for (let leftMs = 1; leftMs > 0; leftMs = endMs - performance.now()) {
    throwIfAborted(signal, "fetch");
    await pause(Math.min(leftMs, 50));
  }
}

/** One request, from where the part ends; a broken line throws what `fetch` throws. */
async function receive(file: RemoteFile, part: string, options: DownloadOptions): Promise<void> {
  let had = await sizeOf(part);
  if (!isPacked(file) && had === file.bytes) return;
  if (had > 0 && (isPacked(file) ? had > 2 * file.bytes : had > file.bytes)) {
    await rm(part);
    had = 0;
  }
  const headers = { "Accept-Encoding": "identity", ...(had > 0 ? { Range: `bytes=${had}-` } : {}) };
  await request(file.url, headers, options, async (answer, heard) => {
    const body = bodyOf(answer, file, had);
    try {
      await save(body, part, (done, came) => {
        heard(came);
        options.onProgress?.(done, body.total);
      });
    } catch (cause) {
      // Nothing can go on from there.
      if (cause instanceof ServerFault || body.isEncoded) await rm(part, { force: true });
      throw cause;
    }
    if (body.isEncoded && isPacked(file)) await pack(part);
  });
}

async function save(
  body: Body,
  part: string,
  tell: (done: number, came: number) => void,
): Promise<void> {
  const file = await open(part, body.start > 0 ? "a" : "w").catch((cause: unknown) => {
    throw writeError(part, cause);
  });
  try {
    let done = body.start;
    tell(done, 0);
    for await (const chunk of body.chunks) {
      done += chunk.length;
      body.requireLength(done);
      await write(file, chunk, part);
      tell(done, chunk.length);
    }
    body.requireEnd(done);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function write(file: FileHandle, chunk: Uint8Array, part: string): Promise<void> {
  try {
    await file.writeFile(chunk);
  } catch (cause) {
    throw writeError(part, cause);
  }
}

/** Servers that call a .gz file an encoding of its contents have them unpacked on the way. */
async function pack(part: string): Promise<void> {
  const packed = `${part}.gz`;
  await pipeline(createReadStream(part), createGzip(), createWriteStream(packed));
  await rename(packed, part);
}

function unreachable(url: string, cause: unknown): ServerFault {
  const error = cause instanceof Error ? cause : undefined;
  const inner = error?.cause instanceof Error ? `: ${error.cause.message}` : "";
  return new ServerFault(
    url,
    `must be reachable, got: ${error?.message ?? String(cause)}${inner}. what came is kept and the same command goes on from it; a folder with the file can be named by LIMPID_MIRROR.`,
    cause,
  );
}
