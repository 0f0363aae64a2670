/** @file Reading and writing files so that errors are clear and nothing half-written is left behind. */
import { existsSync, readdirSync } from "node:fs";
import {
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { basename, dirname } from "node:path";
import { closestNames } from "../wording/closest-names.ts";
import { LimpidError } from "../errors.ts";
import { codeOf, inFolder, removeFolders } from "./folders.ts";
import { sweepFolder, temporaryBeside } from "./temporary-files.ts";

/** One call reads at most 2 GiB, so larger files take several. */
export const mostAtOnce = 2 ** 30;

/**
 * The bytes of a file, in a buffer of their own that nothing else refers to; the file is in memory once.
 * Throws `bad-file`, with the closest names of its folder if there is none.
 */
export function readBytes(path: string): Promise<Uint8Array> {
  return withFile(path, async (file) => {
    const info = await file.stat();
    return info.isFile() ? readPart(file, 0, info.size) : readToEnd(file);
  });
}

/** `length` bytes of a file from `offset` on, fewer where it ends, in a buffer of their own. Throws `bad-file`. */
export function readRange(path: string, offset: number, length: number): Promise<Uint8Array> {
  return withFile(path, (file) => readPart(file, offset, length));
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, "r");
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readError(path, cause);
  }
}

async function readPart(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const most = Math.min(length - done, mostAtOnce);
    const { bytesRead } = await file.read(bytes, done, most, offset + done);
    if (bytesRead === 0) return bytes.slice(0, done);
    done += bytesRead;
  }
  return bytes;
}

/** Pipes and devices do not say how long they are; some have no end. */
async function readToEnd(file: FileHandle): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(2 ** 20));
    if (bytesRead === 0) return new Uint8Array(Buffer.concat(pieces, length));
    pieces.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
    if (length > mostAtOnce) throw new Error("more than 1 GB of a pipe or device");
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

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "a place where no folder can be made",
  EACCES: "no permission",
  EPERM: "no permission",
  EROFS: "a read-only disk",
  ENOSPC: "a full disk",
  EDQUOT: "a used-up quota",
  EFBIG: "a file larger than allowed",
  EISDIR: "a folder",
  ERR_FS_EISDIR: "a folder",
  ENOTDIR: "a file in the place of a folder",
  EEXIST: "a file in the place of a folder",
  ENAMETOOLONG: "a name that is too long",
  ELOOP: "links in a circle",
  EMFILE: "too many open files",
  EIO: "a disk error",
};

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  return reasons[code] ?? (code || (cause instanceof Error ? cause.message : String(cause)));
}

/** What to say of a file or folder that cannot be read. */
export function readError(path: string, cause: unknown): LimpidError {
  const bad = (what: string) => new LimpidError("bad-file", `read: "${path}" ${what}`, { cause });
  const code = codeOf(cause);
  if (code === "EISDIR") return bad("must be a file, got a folder.");
  if (code !== "ENOENT" && code !== "ENOTDIR")
    return bad(`must be readable, got ${reasonOf(cause)}.`);
  const folder = dirname(path);
  if (!existsSync(folder)) return bad(`must exist, got no folder "${folder}".`);
  const near = code === "ENOTDIR" ? [] : closestNames(basename(path), namesIn(folder));
  const hint = near.length > 0 ? ` closest: ${near.map((name) => `"${name}"`).join(", ")}.` : "";
  return bad(`must exist, got no such file.${hint}`);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A folder that cannot be listed has no names to suggest; that the file is missing is what counts.
    return [];
  }
}

/** What to say of a place that cannot be written. */
export function writeError(path: string, cause: unknown): LimpidError {
  return new LimpidError(
    "bad-file",
    `write: "${path}" must be writable, got ${reasonOf(cause)}. choose another place.`,
    { cause },
  );
}

/**
 * Writes a file whole or not at all: to a temporary name in the same folder, which takes the file's place
 * once the disk has it. Folders on the way are made; a link's target is replaced, not the link; pipes and
 * devices are written straight. Throws `bad-file` if the place cannot be written or the disk is full.
 */
export async function writeWhole(
  path: string,
  data: Uint8Array | string | Iterable<string>,
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const info = await stat(target).catch(() => undefined);
    if (info && !info.isFile() && !info.isDirectory()) await writeInto(target, data);
    else await replace(target, data);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function piecesOf(data: Uint8Array | string | Iterable<string>): Iterable<Uint8Array | string> {
  return typeof data === "string" || ArrayBuffer.isView(data) ? [data] : data;
}

/** Pipes and devices cannot be replaced. */
async function writeInto(path: string, data: Uint8Array | string | Iterable<string>) {
  const file = await open(path, "w");
  try {
    for (const piece of piecesOf(data)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

async function replace(path: string, data: Uint8Array | string | Iterable<string>): Promise<void> {
  await inFolder(dirname(path), () => replaceInFolder(path, data));
}

async function replaceInFolder(
  path: string,
  data: Uint8Array | string | Iterable<string>,
): Promise<void> {
  await sweepFolder(dirname(path));
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, "wx");
    try {
      for (const piece of piecesOf(data)) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/**
 * Makes sure, before long work, that a file can be written later: tries a file there, and leaves nothing.
 * Throws `bad-file` as `writeWhole` would.
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
    if (info && !info.isFile()) return;
    await inFolder(dirname(path), async (made) => {
      await sweepFolder(dirname(path));
      await tryToWrite(temporaryBeside(path));
      if (made !== undefined) await removeFolders(dirname(path), made);
    });
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** A full disk takes empty files. */
const triedBytes = 2 ** 16;

async function tryToWrite(temporary: string): Promise<void> {
  try {
    await writeFile(temporary, new Uint8Array(triedBytes), { flag: "wx" });
  } finally {
    await rm(temporary, { force: true });
  }
}
