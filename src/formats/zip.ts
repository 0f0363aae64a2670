/** @file The directory of a zip archive (PKWARE's APPNOTE 6.3), none of which is trusted. */

/** An archive that is not as the format wants it; the message says what it has: "a wrong checksum in ...". */
export class BrokenZip extends Error {}

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

/** The end of an archive without a comment, and the longest comment. */
const endBytes = 22;
export const mostEndBytes = endBytes + 0xffff;

const headBytes = 46;
const mostDirectoryBytes = 2 ** 26;

const text = new TextDecoder();

/** Where the directory of an archive of `size` bytes lies, by its last `mostEndBytes`. Throws `BrokenZip`. */
export function zipDirectory(tail: Uint8Array, size: number): ZipDirectory {
  const view = viewOf(tail);
  const at = endOf(view);
  if (at === undefined) throw new BrokenZip("a file without a directory");
  const count = view.getUint16(at + 10, true);
  const length = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    throw new BrokenZip("an archive for large files (zip64)");
  }
  if (view.getUint32(at + 4, true) !== 0 || view.getUint16(at + 8, true) !== count) {
    throw new BrokenZip("a part of an archive of several files");
  }
  if (start + length !== size - tail.length + at || length > mostDirectoryBytes) {
    throw new BrokenZip("a directory in the wrong place");
  }
  return { start, length, count };
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
    entries.push({
      name: text.decode(directory.subarray(at + headBytes, nameEnd)),
      method: view.getUint16(at + 10, true),
      isEncrypted: (view.getUint16(at + 8, true) & 0x2041) !== 0,
      isSpecial: isSpecial(view.getUint8(at + 5), view.getUint8(at + 41) >> 4),
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (at !== directory.length)
    throw new BrokenZip("a directory with more than its entries, or less");
  return entries;
}

/** By the system that wrote it (3 is Unix, 19 macOS), and the kind of file there; 0 if it tells none, 8 is a plain one. */
function isSpecial(system: number, kind: number): boolean {
  return (system === 3 || system === 19) && kind !== 0 && kind !== 4 && kind !== 8;
}

/** How long an entry's own header is before its name. */
export const zipHeaderBytes = 30;

/** Lengths of the name in an entry's own header, and of what lies between it and the contents; undefined for no header. */
export function zipHeader(header: Uint8Array): { name: number; more: number } | undefined {
  const view = viewOf(header);
  if (header.length < zipHeaderBytes || view.getUint32(0, true) !== 0x04034b50) return undefined;
  return { name: view.getUint16(26, true), more: view.getUint16(28, true) };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
