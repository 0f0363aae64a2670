/** @file Model files on disk as sources of bytes, which ONNX Runtime can map. */
import { closeSync, openSync, readSync } from "node:fs";
import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { LimpidError } from "../errors.ts";
import {
  memorySource,
  requireInside,
  type ByteSource,
  type MappedFile,
} from "../formats/source.ts";
import { mostAtOnce, readBytes, readRange } from "./files.ts";

/**
 * The file of a path, read piece by piece; pipes and devices are read at once. Files beside it are plain ones
 * inside its folder. Throws `bad-file`.
 */
export async function fileSource(path: string): Promise<ByteSource> {
  const info = await stat(path).catch(() => undefined);
  const beside = (location: string) => sourceBeside(path, location);
  if (!info?.isFile()) return memorySource(path, await readBytes(path), beside);
  return {
    name: path,
    size: info.size,
    read: (offset, length) => readRange(path, offset, length),
    beside,
    mapped: mappedFile(await realpath(path)),
  };
}

async function sourceBeside(model: string, location: string): Promise<ByteSource | undefined> {
  requireInside(location);
  const path = join(dirname(model), location);
  const info = await stat(path).catch(() => undefined);
  if (!info) return requireNothing(path);
  if (!info.isFile()) throw badData(path, "must be a plain file, got a folder, pipe or device.");
  if (!(await isInFolderOf(model, path))) {
    throw badData(path, "must lie in the model's folder, got a link to another. copy it there.");
  }
  return fileSource(path);
}

/** A link that leads nowhere is not there, but it is not nothing. */
async function requireNothing(path: string): Promise<undefined> {
  const info = await lstat(path).catch(() => undefined);
  if (info) throw badData(path, "must be a plain file, got a link that leads nowhere.");
}

/** Whether a file lies, behind links, below the model's folder, or below that of what the model is a link to. */
async function isInFolderOf(model: string, path: string): Promise<boolean> {
  const real = await realpath(path);
  // What has no name on disk, as a pipe that is at /dev/fd, lies in no folder.
  const itself = await realpath(model).catch(() => undefined);
  if (itself === undefined) return false;
  const folders = [await realpath(dirname(model)), dirname(itself)];
  return folders.some((folder) => real.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}

function badData(file: string, what: string): LimpidError {
  return new LimpidError("bad-file", `external data: "${file}" ${what}`);
}

function mappedFile(path: string): MappedFile {
  return {
    path,
    startBytes: 0,
    readInto: (bytes, offset) => fill(bytes, path, offset),
  };
}

function fill(bytes: Uint8Array, path: string, offset: number): void {
  const handle = openSync(path, "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const most = Math.min(bytes.length - done, mostAtOnce);
      const read = readSync(handle, bytes, done, most, offset + done);
      if (read === 0) {
        throw new LimpidError(
          "bad-file",
          `read: "${path}" must not change while it is used, got a shorter file.`,
        );
      }
      done += read;
    }
  } finally {
    closeSync(handle);
  }
}
