/** @file Zip archives on disk, entry by entry. */
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import {
  BrokenZip,
  contentsStart,
  readZipIndex,
  shownName,
  type ZipEntry,
  type ZipIndex,
} from "../formats/zip.ts";
import type { ByteSource } from "../formats/source.ts";
import { fileSource } from "../disk/file-source.ts";

/** An archive whose directory was read. */
export interface Zip {
  readonly entries: readonly ZipEntry[];
  /** Of the archive. */
  readonly bytes: number;
  /** The contents of an entry, which are of the size and the checksum that the directory tells. Throws `BrokenZip`. */
  read(entry: ZipEntry): Promise<Uint8Array>;
}

const inflate = promisify(inflateRaw);

/** Opens an archive. Throws `BrokenZip` if its directory is broken, and `bad-file` if it cannot be read. */
export async function openZip(path: string): Promise<Zip> {
  const file = await fileSource(path);
  const index = await readZipIndex(file);
  return {
    entries: index.entries,
    bytes: file.size,
    read: (entry) => readEntry(file, entry, index),
  };
}

async function readEntry(
  file: ByteSource,
  entry: ZipEntry,
  { end }: Pick<ZipIndex, "end">,
): Promise<Uint8Array> {
  const { name, packedSize, size, method, crc } = entry;
  const bad = (what: string) => new BrokenZip(`${what} in ${shownName(name)}`);
  const start = await contentsStart(file, entry, end);
  const packed = await file.read(start, packedSize);
  if (method !== 0 && method !== 8) throw bad(`the unknown packing ${method}`);
  const bytes = method === 0 ? packed : await inflated(packed, size).catch(() => undefined);
  if (!bytes) throw bad("broken packing, or more bytes than the directory tells,");
  if (bytes.length !== size) throw bad("another number of bytes than the directory tells");
  if (crc32(bytes) !== crc) throw bad("a wrong checksum");
  return bytes;
}

/** Never more than `size` bytes are made. */
function inflated(packed: Uint8Array, size: number): Promise<Uint8Array> {
  return inflate(packed, { maxOutputLength: Math.max(size, 1) });
}
