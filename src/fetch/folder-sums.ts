/** @file The SHA-256 of every file of an unpacked archive, beside its folder in the form of `sha256sum`. */
import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted, type StopSignal } from "../errors.ts";
import { readError } from "../disk/files.ts";
import { codeOf } from "../disk/folders.ts";
import type { Fault } from "./file-digest.ts";

/** A file by its path from the folder, with `/`, and its SHA-256 in hexadecimal digits. */
export interface FileSum {
  readonly name: string;
  readonly sha256: string;
}

/** A name whose parts cannot lead out of a folder, and are no leftovers of a Mac's (`._cat.jpg`). */
export const plainName = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

export function sumsPath(folder: string): string {
  return `${folder}.sha256`;
}

export function sumsText(sums: readonly FileSum[]): string {
  return sums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

/**
 * Reads all files that the sums name; undefined if each of the `count` is as it was, or if there are no sums, as in a
 * mirror.
 */
export async function folderFault(
  folder: string,
  count: number,
  signal?: StopSignal,
): Promise<Fault | undefined> {
  const text = await textOf(sumsPath(folder));
  if (text === undefined) return undefined;
  const lines = text.split("\n").slice(0, -1);
  if (lines.length !== count) return noSums(count, `${lines.length} lines`);
  for (const line of lines) {
    throwIfAborted(signal, "fetch");
    const [, sha256, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (name === undefined || !plainName.test(name)) return noSums(count, "other text");
    const found = await sha256Of(join(folder, name));
    if (found === undefined) return `must have all its files, got none at "${name}"`;
    if (found !== sha256) {
      return `must have files of the SHA-256 that they came with, got ${found} of "${name}"`;
    }
  }
  return undefined;
}

function noSums(count: number, got: string): Fault {
  return `must have the SHA-256 of its ${count} files beside it, got ${got}`;
}

/** Undefined for what is no plain file, or cannot be read. */
async function sha256Of(path: string): Promise<string | undefined> {
  const info = await lstat(path).catch(() => undefined);
  const bytes = info?.isFile() === true ? await readFile(path).catch(() => undefined) : undefined;
  return bytes && createHash("sha256").update(bytes).digest("hex");
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw readError(path, cause);
  }
}
