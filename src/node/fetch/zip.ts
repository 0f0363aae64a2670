/** @file The directory of a zip archive, and its entries one by one, none of which is trusted. */
import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";

/** An archive that is not as the format wants it; the message says what it has: "a wrong checksum in ...". */
export class BrokenZip extends Error {}

/** A file in an archive, as its directory tells. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** A link, device or pipe of Unix. */
  readonly isSpecial: boolean;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its own header lies. */
  readonly offset: number;
}

/** An archive that is open. */
export interface Zip {
  readonly entries: readonly ZipEntry[];
  /** Of the archive. */
  readonly bytes: number;
  /** The contents of an entry, which are of the size and the checksum that the directory tells. Throws `BrokenZip`. */
  read(entry: ZipEntry): Promise<Uint8Array>;
}

const inflate = promisify(inflateRaw);
const endBytes = 22;
const mostComment = 0xffff;
const headBytes = 46;
const localBytes = 30;
const mostDirectoryBytes = 2 ** 26;
const stored = 0;
const deflated = 8;

/** Opens an archive for some work. Throws `BrokenZip` if its directory is broken, and what reading and the work throw. */
export async function withZip<T>(path: string, work: (zip: Zip) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { entries, start } = await directoryOf(file, size);
    return await work({ entries, bytes: size, read: (entry) => readEntry(file, entry, start) });
  } finally {
    await file.close();
  }
}

interface Directory {
  readonly entries: readonly ZipEntry[];
  /** Where it begins; the entries lie before it. */
  readonly start: number;
}

async function directoryOf(file: FileHandle, size: number): Promise<Directory> {
  const tail = await readAt(file, Math.max(0, size - endBytes - mostComment), size);
  const at = endOf(tail);
  if (at === undefined) throw new BrokenZip("a file without a directory");
  const end = tail.subarray(at);
  const [count, length, start] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (end.readUInt16LE(4) > 0 || end.readUInt16LE(6) > 0 || end.readUInt16LE(8) !== count) {
    throw new BrokenZip("a part of an archive of several files, or one for large files (zip64)");
  }
  if (start === 0xffffffff || length === 0xffffffff || count === 0xffff) {
    throw new BrokenZip("an archive for large files (zip64)");
  }
  if (start + length !== size - tail.length + at || length > mostDirectoryBytes) {
    throw new BrokenZip("a directory in the wrong place");
  }
  return { entries: entriesOf(await readAt(file, start, start + length), count), start };
}

/** The end's comment reaches to the end of the file. */
function endOf(tail: Buffer): number | undefined {
  for (let at = tail.length - endBytes; at >= 0; at -= 1) {
    const isEnd = tail.readUInt32LE(at) === 0x06054b50;
    if (isEnd && at + endBytes + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return undefined;
}

function entriesOf(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + headBytes > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
      throw new BrokenZip("a broken directory");
    }
    const head = directory.subarray(at);
    const nameEnd = headBytes + head.readUInt16LE(28);
    at += nameEnd + head.readUInt16LE(30) + head.readUInt16LE(32);
    if (at > directory.length) throw new BrokenZip("a broken directory");
    entries.push({
      name: head.toString("utf8", headBytes, nameEnd),
      method: head.readUInt16LE(10),
      isEncrypted: (head.readUInt16LE(8) & 0x2041) !== 0,
      isSpecial: isSpecial(head.readUInt16LE(4) >> 8, head.readUInt32LE(38) >>> 28),
      crc: head.readUInt32LE(16),
      packedSize: head.readUInt32LE(20),
      size: head.readUInt32LE(24),
      offset: head.readUInt32LE(42),
    });
  }
  if (at !== directory.length) throw new BrokenZip("a directory with more than its entries");
  return entries;
}

/** By the system that wrote it (3 is Unix, 19 macOS), and the kind of file there; 0 if it tells none, 8 is a plain one. */
function isSpecial(system: number, kind: number): boolean {
  return (system === 3 || system === 19) && kind !== 0 && kind !== 4 && kind !== 8;
}

async function readEntry(file: FileHandle, entry: ZipEntry, limit: number): Promise<Uint8Array> {
  const { name, offset, packedSize, size, method, crc } = entry;
  const bad = (what: string) => new BrokenZip(`${what} in ${JSON.stringify(name.slice(0, 100))}`);
  const local = await readAt(file, offset, Math.min(offset + localBytes, limit));
  if (local.length < localBytes || local.readUInt32LE(0) !== 0x04034b50) throw bad("no header");
  const nameStart = offset + localBytes;
  const nameEnd = nameStart + local.readUInt16LE(26);
  const start = nameEnd + local.readUInt16LE(28);
  if (start + packedSize > limit) throw bad("too few bytes");
  if ((await readAt(file, nameStart, nameEnd)).toString("utf8") !== name) throw bad("two names");
  const packed = await readAt(file, start, start + packedSize);
  if (method !== stored && method !== deflated) throw bad(`the unknown packing ${method}`);
  const bytes = method === stored ? packed : await inflated(packed, size).catch(() => undefined);
  if (!bytes) throw bad("broken packing, or more bytes than the directory tells,");
  if (bytes.length !== size) throw bad("another number of bytes than the directory tells");
  if (crc32(bytes) !== crc) throw bad("a wrong checksum");
  return bytes;
}

/** Never more than `size` bytes are made. */
function inflated(packed: Buffer, size: number): Promise<Buffer> {
  return inflate(packed, { maxOutputLength: Math.max(size, 1) });
}

/** The bytes from `start` up to `end`, fewer where the file ends. */
async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
