/** @file The files of the seam where there is no disk: those that were handed in, and those that jobs write. */
import { LimpidError } from "../errors.ts";
import { requireInside, type ByteSource } from "../formats/source.ts";
import { closestNames } from "../wording/closest-names.ts";
import { baseName, folderOf, joinPath } from "../wording/paths.ts";
import type { PathInfo, Platform } from "./platform.ts";

/** A file that is held; a page's are read from disk when they are asked for. */
export interface HeldFile {
  readonly size: number;
  readonly modifiedMs: number;
  /** `length` bytes from `offset` on, fewer where it ends, in a buffer of their own. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A held file of bytes, or of text as UTF-8. */
export function heldBytes(data: Uint8Array | string, modifiedMs = 0): HeldFile {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  return {
    size: bytes.byteLength,
    modifiedMs,
    read: async (offset, length) => bytes.slice(offset, offset + length),
  };
}

/** The seam's functions that have to do with files. */
type FileFunctions = Pick<
  Platform,
  | "readBytes"
  | "source"
  | "readText"
  | "writeWhole"
  | "requireWritable"
  | "remove"
  | "holdFolder"
  | "claimFolder"
  | "find"
  | "list"
>;

export interface HeldFiles extends FileFunctions {
  /** Hands in a file, in the place of one that has its path. */
  add(path: string, file: HeldFile): void;
  /** What was written, by path. */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/** Files by their paths; folders are those that paths name. `nowMs` is the time of writing. */
export function heldFiles(nowMs: () => number): HeldFiles {
  const files = new Map<string, HeldFile>();
  const written = new Map<string, Uint8Array>();
  const find = (path: string): PathInfo | undefined => {
    const file = files.get(joinPath(path));
    if (file) {
      const { size, modifiedMs } = file;
      return { kind: "file", size, modifiedMs, identity: joinPath(path) };
    }
    const isFolder = namesBelow(files, path).length > 0 || joinPath(path) === ".";
    return isFolder ? { kind: "folder", size: 0, modifiedMs: 0 } : undefined;
  };
  const fileAt = (path: string): HeldFile => {
    const file = files.get(joinPath(path));
    if (!file) throw missing(path, find(path), files);
    return file;
  };
  const readBytes = async (path: string) => {
    const file = fileAt(path);
    return file.read(0, file.size);
  };
  const requireWritable = async (path: string) => {
    if (find(path)?.kind === "folder") throw unwritable(path, "a folder");
    for (let folder = folderOf(joinPath(path)); !isEnd(folder); folder = folderOf(folder)) {
      if (files.has(folder)) throw unwritable(path, "a file in the place of a folder");
    }
  };
  return {
    ...folderHolder(find),
    add: (path, file) => void files.set(joinPath(path), file),
    written,
    readBytes,
    source: async (path) => sourceOf(path, fileAt(path), files),
    readText: async (path) => new TextDecoder().decode(await readBytes(path)),
    requireWritable,
    writeWhole: async (path, data) => {
      await requireWritable(path);
      const isWhole = typeof data === "string" || ArrayBuffer.isView(data);
      const file = heldBytes(isWhole ? data : [...data].join(""), nowMs());
      files.set(joinPath(path), file);
      written.set(joinPath(path), await file.read(0, file.size));
    },
    remove: async (path) => {
      if (find(path)?.kind === "folder") throw unwritable(path, "a folder");
      files.delete(joinPath(path));
      written.delete(joinPath(path));
    },
    find: async (path) => find(path),
    list: async (path, recursive = false) => {
      if (find(path)?.kind !== "folder") throw missing(path, find(path), files, "folder");
      const below = namesBelow(files, path);
      return recursive ? withFolders(below) : [...new Set(below.map(firstPart))];
    },
  };
}

/** Folders are held by one job at a time; there are no links here. */
function folderHolder(
  find: (path: string) => PathInfo | undefined,
): Pick<Platform, "holdFolder" | "claimFolder"> {
  const held = new Set<string>();
  const claimFolder: Platform["claimFolder"] = async (path) => {
    const folder = joinPath(path);
    if (find(path)?.kind === "file") throw unwritable(path, "a file in the place of a folder");
    if (held.has(folder)) return undefined;
    held.add(folder);
    return {
      requireInside: async () => {},
      renew: async () => true,
      release: async () => void held.delete(folder),
    };
  };
  const holdFolder: Platform["holdFolder"] = async (path) => {
    const claimed = await claimFolder(path);
    if (!claimed) throw unwritable(path, "a folder to which another job writes");
    return claimed;
  };
  return { holdFolder, claimFolder };
}

function isEnd(folder: string): boolean {
  return folder === "." || folder === "/";
}

type Files = ReadonlyMap<string, HeldFile>;

/** Paths of the files below a folder, from it on. */
function namesBelow(files: Files, folder: string): string[] {
  const whole = joinPath(folder);
  const prefix = whole === "." ? "" : `${whole.replace(/\/$/, "")}/`;
  return [...files.keys()]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
}

function firstPart(path: string): string {
  return path.split("/")[0]!;
}

/** The paths, and those of the folders that lie on them. */
function withFolders(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  for (const path of paths) {
    for (let folder = folderOf(path); !isEnd(folder); folder = folderOf(folder)) all.add(folder);
  }
  return [...all];
}

/**
 * The file as a source. A part of its model lies at its path from the model's folder, or else is the only file of its
 * name: those who hand files in rarely keep their folders.
 */
function sourceOf(path: string, file: HeldFile, files: Files): ByteSource {
  const beside = async (location: string) => {
    requireInside(location);
    const asked = joinPath(folderOf(path), location);
    const alike = [...files.keys()].filter((other) => baseName(other) === baseName(location));
    const found = files.has(asked) ? asked : alike.length === 1 ? alike[0] : undefined;
    return found === undefined ? undefined : sourceOf(found, files.get(found)!, files);
  };
  return { name: path, size: file.size, read: file.read, beside };
}

function missing(
  path: string,
  found: PathInfo | undefined,
  files: Files,
  wanted: "file" | "folder" = "file",
): LimpidError {
  const bad = (what: string) => new LimpidError("bad-file", `read: "${path}" ${what}`);
  if (found) return bad(`must be a ${wanted}, got a ${found.kind}.`);
  const folder = folderOf(path);
  const names = namesBelow(files, folder).map(firstPart);
  if (names.length === 0 && !isEnd(folder)) return bad(`must exist, got no folder "${folder}".`);
  const near = closestNames(baseName(path), [...new Set(names)]);
  const hint = near.length > 0 ? ` closest: ${near.map((name) => `"${name}"`).join(", ")}.` : "";
  return bad(`must exist, got no such ${wanted}.${hint}`);
}

function unwritable(path: string, got: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `write: "${path}" must be writable, got ${got}. choose another place.`,
  );
}
