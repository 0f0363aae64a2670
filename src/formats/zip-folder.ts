/** @file Zip archives as folders of files, of which nothing is trusted and nothing is unpacked before it is asked for. */
import { LimpidError } from "../errors.ts";
import { formatMegabytes } from "../wording/numbers.ts";
import { joinPath } from "../wording/paths.ts";
import { crc32 } from "./checksum.ts";
import { folderSource, type FolderSource, type OpenFile } from "./folder-source.ts";
import { inflated, inflatedStart, startPieceBytes } from "./inflate.ts";
import type { ByteSource, MappedFile } from "./source.ts";
import {
  BrokenZip,
  contentsStart,
  CrowdedZip,
  readZipIndex,
  shownName,
  type ZipEntry,
} from "./zip.ts";

/** Bytes of one packed file, since they must be in memory. */
const mostFileBytes = 2 ** 31 - 1;

/** Models hardly pack, so what they unpack to is not much larger than their archive; small ones may be full of zeros. */
const mostRatio = 100;
const smallBytes = 2 ** 27;

const mostFiles = 100_000;

/** Reads that end before are of a file's start. */
const mostStartBytes = 512;

const [stored, deflated] = [0, 8];

/**
 * The files of an archive. Stored ones are read, and mapped, where they lie in it; packed ones are in memory from the
 * first time on that they are read. CRC-32 is checked where all of a file is read. Throws `bad-file` for a broken
 * archive, for one that would become far larger, for more than `most` files, and for names and kinds of files that
 * have no place in a model's.
 */
export async function zipFolder(archive: ByteSource, most?: number): Promise<FolderSource> {
  return folderSource(archive.name, await zipFiles(archive, most));
}

/** The files of an archive by their paths in it, one single folder among them. Throws as `zipFolder`. */
export async function zipFiles(
  archive: ByteSource,
  most = mostFiles,
): Promise<ReadonlyMap<string, OpenFile>> {
  const { entries, end } = await whole(() => readZipIndex(archive, most));
  const files = entries.filter(({ name }) => !/[\\/]$/.test(name));
  requireModest(files, archive.size);
  const limits = limitsOf(entries, end);
  const opened = new Map<string, OpenFile>();
  for (const entry of files) {
    const path = pathOf(entry);
    if (opened.has(path)) throw hostile(`${shownName(path)} twice`);
    opened.set(path, () => whole(() => memberSource(archive, entry, limits.get(entry)!)));
  }
  return opened;
}

/** What `read` gives, with a refusal of our own where it finds an archive broken. */
async function whole<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof CrowdedZip) throw hostile(`${cause.message} files`);
    if (!(cause instanceof BrokenZip)) throw cause;
    throw new LimpidError(
      "bad-file",
      `zip: an archive must be whole, got ${cause.message}. check that the download is complete.`,
      { cause },
    );
  }
}

function hostile(got: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `zip: an archive must hold plain files, got ${got}. unpack it and look what it is.`,
  );
}

/** Some systems write "\" between folders. */
function pathOf({ name, isEncrypted, isSpecial }: ZipEntry): string {
  const path = name.replaceAll("\\", "/");
  if (isEncrypted) throw hostile(`${shownName(name)}, which is encrypted`);
  if (isSpecial) throw hostile(`${shownName(name)}, which is a link or device`);
  if (/^\/|^[A-Za-z]:|(^|\/)\.\.(\/|$)/.test(path) || joinPath(path) === ".") {
    throw hostile(`the name ${shownName(name)}`);
  }
  return joinPath(path);
}

function requireModest(files: readonly ZipEntry[], bytes: number): void {
  const packed = files.filter(({ method }) => method !== stored);
  const size = packed.reduce((sum, entry) => sum + entry.size, 0);
  const most = Math.max(smallBytes, mostRatio * bytes);
  if (size > most || packed.some((entry) => entry.size > mostFileBytes)) {
    throw hostile(`${formatMegabytes(bytes)} that say they unpack to ${formatMegabytes(size)}`);
  }
}

/** Where each entry must end, so that none shares bytes with another. */
function limitsOf(entries: readonly ZipEntry[], end: number): ReadonlyMap<ZipEntry, number> {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  return new Map(sorted.map((entry, i) => [entry, sorted[i + 1]?.offset ?? end]));
}

async function memberSource(
  archive: ByteSource,
  entry: ZipEntry,
  end: number,
): ReturnType<OpenFile> {
  const { name, method, size, packedSize } = entry;
  const start = await contentsStart(archive, entry, end);
  if (method !== stored && method !== deflated) {
    throw new BrokenZip(`the unknown packing ${method} in ${shownName(name)}`);
  }
  if (method === stored && size !== packedSize) throw otherSize(entry);
  if (method === stored) return { size, ...storedContents(archive, entry, start) };
  return { size, ...packedContents(archive, entry, start) };
}

/** What a file starts with is unpacked alone, as many are looked into to know what they are. */
function packedContents(
  archive: ByteSource,
  entry: ZipEntry,
  start: number,
): Pick<ByteSource, "read"> {
  const { size, packedSize } = entry;
  let contents: Promise<Uint8Array> | undefined;
  const unpack = async () => unpacked(await archive.read(start, packedSize), entry);
  const startOf = async () =>
    inflatedStart(await archive.read(start, Math.min(packedSize, startPieceBytes)));
  return {
    read: async (offset, length) => {
      const end = offset + length;
      const begun = contents === undefined && end < size && end <= mostStartBytes;
      const known = begun ? await startOf() : undefined;
      if (known && known.length >= end) return known.slice(offset, end);
      return (await (contents ??= whole(unpack))).slice(offset, end);
    },
  };
}

function storedContents(
  archive: ByteSource,
  entry: ZipEntry,
  start: number,
): Pick<ByteSource, "read" | "verify" | "mapped"> {
  const { size } = entry;
  const read = async (offset: number, length: number) => {
    const within = Math.max(0, Math.min(length, size - offset));
    const bytes = await archive.read(start + offset, within);
    return bytes.length === size ? checked(bytes, entry) : bytes;
  };
  return {
    read: (offset, length) => whole(() => read(offset, length)),
    verify: () => whole(() => verifyStored(archive, entry, start)),
    ...(archive.mapped ? { mapped: mappedPart(archive.mapped, start, size) } : {}),
  };
}

function mappedPart(mapped: MappedFile, start: number, size: number): MappedFile {
  return {
    path: mapped.path,
    startBytes: mapped.startBytes + start,
    readInto: (bytes, offset) => {
      const end = offset + bytes.length;
      if (end <= size) return mapped.readInto(bytes, start + offset);
      throw new LimpidError(
        "bad-file",
        `zip: a file in an archive must have the bytes that are read, got ${size} of ${end}.`,
      );
    },
  };
}

/** Read at once where all of a file is looked through. */
const pieceBytes = 1 << 22;

async function verifyStored(archive: ByteSource, entry: ZipEntry, start: number): Promise<void> {
  let crc = 0;
  for (let at = 0; at < entry.size; at += pieceBytes) {
    const length = Math.min(pieceBytes, entry.size - at);
    crc = crc32(await archive.read(start + at, length), crc);
  }
  if (crc !== entry.crc) throw wrongChecksum(entry);
}

function unpacked(packed: Uint8Array, entry: ZipEntry): Uint8Array {
  const bytes = inflated(packed, entry.size);
  if (!bytes) throw otherSize(entry);
  return checked(bytes, entry);
}

function checked(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  if (crc32(bytes) !== entry.crc) throw wrongChecksum(entry);
  return bytes;
}

function wrongChecksum({ name }: ZipEntry): BrokenZip {
  return new BrokenZip(`a wrong checksum in ${shownName(name)}`);
}

function otherSize({ name }: ZipEntry): BrokenZip {
  return new BrokenZip(`broken packing, or another size than is told, in ${shownName(name)}`);
}
