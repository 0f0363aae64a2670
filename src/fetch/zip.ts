/** @file Zip archives on disk, entry by entry. */
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import type { ByteSource } from "../formats/source.ts";
import {
  BrokenZip,
  mostEndBytes,
  zipDirectory,
  zipEntries,
  zipHeader,
  zipHeaderBytes,
  type ZipEntry,
} from "../formats/zip.ts";
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
  const tailStart = Math.max(0, file.size - mostEndBytes);
  const tail = await file.read(tailStart, file.size - tailStart);
  const { start, length, count } = zipDirectory(tail, file.size);
  return {
    entries: zipEntries(await file.read(start, length), count),
    bytes: file.size,
    read: (entry) => readEntry(file, entry, start),
  };
}

/** The entries lie before `end`. */
async function readEntry(file: ByteSource, entry: ZipEntry, end: number): Promise<Uint8Array> {
  const { name, offset, packedSize, size, method, crc } = entry;
  const bad = (what: string) => new BrokenZip(`${what} in ${JSON.stringify(name.slice(0, 100))}`);
  const lengths = offset < end ? zipHeader(await file.read(offset, zipHeaderBytes)) : undefined;
  if (!lengths) throw bad("no header");
  const start = offset + zipHeaderBytes + lengths.name + lengths.more;
  if (start + packedSize > end) throw bad("too few bytes");
  const ownName = await file.read(offset + zipHeaderBytes, lengths.name);
  if (Buffer.from(ownName).toString() !== name) throw bad("two names");
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
