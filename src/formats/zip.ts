/** @file The directory of a zip archive (PKWARE's APPNOTE 6.3), none of which is trusted. */
import type { ByteSource } from "./source.ts";

/** An archive that is not as the format wants it; the message says what it has: "a wrong checksum in ...". */
export class BrokenZip extends Error {}

/** An archive of more entries than are read; the message is their number. */
export class CrowdedZip extends Error {}

/** A file in an archive, as its directory tells. */
export interface ZipEntry {
  readonly name: string;
  /** How it is packed. */
  readonly method: number;
  readonly isEncrypted: boolean;
  /** A link, device or pipe of Unix. */
  readonly isSpecial: boolean;
  /** CRC-32 of the contents. */
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Bytes of the contents. */
  readonly size: number;
  /** Where its own header lies. */
  readonly offset: number;
}

/** Where a directory lies in its archive, and how many entries it has. */
export interface ZipDirectory {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

const endBytes = 22;
const locatorBytes = 20;
const largeEndBytes = 56;

/** The end of an archive for large files (zip64), with the longest comment. */
const mostEndBytes = largeEndBytes + locatorBytes + endBytes + 0xffff;

const headBytes = 46;
const mostDirectoryBytes = 2 ** 26;

const text = new TextDecoder();

/** Where the directory of an archive of `size` bytes lies, by its last `mostEndBytes`. Throws `BrokenZip`. */
export function zipDirectory(tail: Uint8Array, size: number): ZipDirectory {
  const view = viewOf(tail);
  const at = endOf(view);
  if (at === undefined) throw new BrokenZip("a file without a directory");
  const { end, isOnlyPart, ...directory } = largeEnd(view, at) ?? plainEnd(view, at);
  if (!isOnlyPart) throw new BrokenZip("a part of an archive of several files");
  const { start, length } = directory;
  if (start + length !== size - tail.length + end || length > mostDirectoryBytes) {
    throw new BrokenZip("a directory in the wrong place");
  }
  return directory;
}

interface ArchiveEnd extends ZipDirectory {
  /** Where it begins in the tail, which is where the directory ends. */
  readonly end: number;
  readonly isOnlyPart: boolean;
}

function plainEnd(view: DataView, at: number): ArchiveEnd {
  const count = view.getUint16(at + 10, true);
  const length = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    throw new BrokenZip("an archive for large files (zip64) without its own end");
  }
  const isOnlyPart = view.getUint32(at + 4, true) === 0 && view.getUint16(at + 8, true) === count;
  return { end: at, start, length, count, isOnlyPart };
}

/** The end of an archive for large files, which lies before the plain one; undefined if it is none. */
function largeEnd(view: DataView, at: number): ArchiveEnd | undefined {
  const locator = at - locatorBytes;
  if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return undefined;
  const end = locator - largeEndBytes;
  if (end < 0 || view.getUint32(end, true) !== 0x06064b50) {
    throw new BrokenZip("an archive for large files (zip64) without its own end");
  }
  const count = largeNumber(view, end + 32);
  const isOnlyPart =
    view.getUint32(end + 16, true) === 0 &&
    view.getUint32(end + 20, true) === 0 &&
    largeNumber(view, end + 24) === count;
  const [length, start] = [largeNumber(view, end + 40), largeNumber(view, end + 48)];
  return { end, start, length, count, isOnlyPart };
}

/** Numbers that are not exact are larger than all files. */
function largeNumber(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

/** The end's comment reaches to the end of the file. */
function endOf(view: DataView): number | undefined {
  for (let at = view.byteLength - endBytes; at >= 0; at -= 1) {
    const isEnd = view.getUint32(at, true) === 0x06054b50;
    if (isEnd && at + endBytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

/** The entries of a directory, which must fill it. Throws `BrokenZip`. */
export function zipEntries(directory: Uint8Array, count: number): ZipEntry[] {
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (at + headBytes > directory.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new BrokenZip("a broken directory");
    }
    const nameEnd = at + headBytes + view.getUint16(at + 28, true);
    const moreEnd = nameEnd + view.getUint16(at + 30, true);
    if (moreEnd > directory.length) throw new BrokenZip("a broken directory");
    entries.push({
      name: text.decode(directory.subarray(at + headBytes, nameEnd)),
      method: view.getUint16(at + 10, true),
      isEncrypted: (view.getUint16(at + 8, true) & 0x2041) !== 0,
      isSpecial: isSpecial(view.getUint8(at + 5), view.getUint8(at + 41) >> 4),
      crc: view.getUint32(at + 16, true),
      ...placeOf(view, at, directory.subarray(nameEnd, moreEnd)),
    });
    at = moreEnd + view.getUint16(at + 32, true);
  }
  if (at !== directory.length)
    throw new BrokenZip("a directory with more than its entries, or less");
  return entries;
}

/** By the system that wrote it (3 is Unix, 19 macOS), and the kind of file there; 0 if it tells none, 8 is a plain one. */
function isSpecial(system: number, kind: number): boolean {
  return (system === 3 || system === 19) && kind !== 0 && kind !== 4 && kind !== 8;
}

/** Sizes and place; those that 32 bits do not hold stand in a field of their own, in this order. */
function placeOf(
  view: DataView,
  at: number,
  more: Uint8Array,
): Pick<ZipEntry, "size" | "packedSize" | "offset"> {
  const large = largeField(more);
  let next = 0;
  const wide = (place: number) => {
    const number = view.getUint32(at + place, true);
    if (number !== 0xffffffff || !large) return number;
    if (next + 8 > large.byteLength) throw new BrokenZip("a broken directory");
    next += 8;
    return largeNumber(large, next - 8);
  };
  const size = wide(24);
  const packedSize = wide(20);
  return { size, packedSize, offset: wide(42) };
}

/** The field of large numbers (zip64) among those behind a name. */
function largeField(more: Uint8Array): DataView | undefined {
  const view = viewOf(more);
  for (let at = 0; at + 4 <= more.length;) {
    const length = view.getUint16(at + 2, true);
    const field = more.subarray(at + 4, at + 4 + length);
    if (view.getUint16(at, true) === 1) return viewOf(field);
    at += 4 + length;
  }
  return undefined;
}

/** An archive's entries, which lie before `end`. */
export interface ZipIndex {
  readonly entries: readonly ZipEntry[];
  readonly end: number;
}

/** Reads an archive's directory. Throws `BrokenZip`, `CrowdedZip` for more than `most` entries, and as the source. */
export async function readZipIndex(archive: ByteSource, most = Infinity): Promise<ZipIndex> {
  const tailStart = Math.max(0, archive.size - mostEndBytes);
  const tail = await archive.read(tailStart, archive.size - tailStart);
  const { start, length, count } = zipDirectory(tail, archive.size);
  if (count > most) throw new CrowdedZip(String(count));
  return { entries: zipEntries(await archive.read(start, length), count), end: start };
}

const headerBytes = 30;

/**
 * Where the contents of an entry lie, which all end before `end`, by its own header, which must bear its name.
 * Throws `BrokenZip`, and as the source.
 */
export async function contentsStart(
  archive: ByteSource,
  { name, offset, packedSize }: ZipEntry,
  end: number,
): Promise<number> {
  const header = offset < end ? await archive.read(offset, headerBytes) : new Uint8Array();
  const view = viewOf(header);
  if (header.length < headerBytes || view.getUint32(0, true) !== 0x04034b50) {
    throw new BrokenZip(`no header in ${shownName(name)}`);
  }
  const nameLength = view.getUint16(26, true);
  const start = offset + headerBytes + nameLength + view.getUint16(28, true);
  if (start + packedSize > end) throw new BrokenZip(`too few bytes in ${shownName(name)}`);
  const ownName = await archive.read(offset + headerBytes, nameLength);
  if (text.decode(ownName) !== name) throw new BrokenZip(`two names in ${shownName(name)}`);
  return start;
}

/** A name as messages have it. */
export function shownName(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
