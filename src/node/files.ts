/** @file Reading and writing files so that errors are clear and nothing half-written is left behind. */
import { existsSync, readdirSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LimpidError } from "../errors.ts";
import { closestNames } from "../graph/layers.ts";

/** The bytes of a file. Throws `bad-file` with the closest names of its folder if there is none. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** The text of a file. Throws `bad-file`. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw readError(path, cause);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}

function readError(path: string, cause: unknown): LimpidError {
  const code = codeOf(cause);
  if (code === "EISDIR") {
    return new LimpidError("bad-file", `read: "${path}" must be a file, got a folder.`, { cause });
  }
  if (code !== "ENOENT" && code !== "ENOTDIR") {
    return new LimpidError("bad-file", `read: "${path}" must be readable, got ${code}.`, { cause });
  }
  const folder = dirname(path);
  if (!existsSync(folder)) {
    return new LimpidError("bad-file", `read: "${path}" must exist, got no folder "${folder}".`, {
      cause,
    });
  }
  const near = closestNames(basename(path), readdirSync(folder));
  const hint = near.length > 0 ? ` closest: ${near.map((name) => `"${name}"`).join(", ")}.` : "";
  return new LimpidError("bad-file", `read: "${path}" must exist, got no such file.${hint}`, {
    cause,
  });
}

/**
 * Writes a file whole or not at all: to a temporary name in the same folder, which then takes the
 * file's place. Folders on the way are made. Throws `bad-file` if the folder cannot be written or the
 * disk is full.
 */
export async function writeWhole(path: string, data: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.part`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(temporary, "w");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const code = codeOf(cause);
    const reason = code === "ENOSPC" ? "a full disk" : code;
    throw new LimpidError(
      "bad-file",
      `write: "${path}" must be writable, got ${reason}. choose another folder.`,
      {
        cause,
      },
    );
  }
}
