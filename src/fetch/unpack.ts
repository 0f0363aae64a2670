/** @file Zip archives of data sets, unpacked file by file, whole or not at all. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BrokenZip, type ZipEntry } from "../formats/zip.ts";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { formatMegabytes } from "../wording/numbers.ts";
import { writeError, writeWhole } from "../disk/files.ts";
import { makeFolders } from "../disk/folders.ts";
import type { DataItem } from "./catalog.ts";
import { plainName, sumsPath, sumsText, type FileSum } from "./folder-sums.ts";
import { openZip, type Zip } from "./zip.ts";

/** Systems take no longer ones. */
const longestPart = 200;
const longestName = 500;

/** Photos are smaller. */
const mostBytesOfFile = 2 ** 25;

/** Photos hardly pack, so all of them together are not much larger than their archive. */
const mostRatio = 4;
const smallBytes = 2 ** 20;

/** An archive of other things than it should hold; the message says what it is. */
class OtherArchive extends Error {}

type ArchiveInfo = NonNullable<DataItem["archive"]>;

/**
 * Unpacks the pictures of an archive to `folder`, and writes their SHA-256 beside it; the archive is gone afterwards.
 * Throws `bad-file`, and throws the archive away, if it is broken, holds another number of pictures, or would become
 * larger than pictures do; `aborted` when the signal fires.
 */
export async function unpack(
  path: string,
  folder: string,
  archive: ArchiveInfo,
  signal?: StopSignal,
): Promise<void> {
  const temporary = `${folder}.part`;
  await rm(temporary, { recursive: true, force: true });
  try {
    const zip = await openZip(path);
    const sums = await writePictures(zip, picturesOf(zip, archive), temporary, signal);
    await writeWhole(sumsPath(folder), sumsText(sums));
    await rm(folder, { recursive: true, force: true });
    // In this order, so that a sudden end leaves nothing that the next fetch does not remove.
    await rm(path);
    await rename(temporary, folder);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) await rm(sumsPath(folder), { force: true });
    if (cause instanceof OtherArchive || cause instanceof BrokenZip) {
      await rm(path, { force: true });
      throw thrownAway(path, archive, cause);
    }
    throw cause instanceof LimpidError ? cause : writeError(folder, cause);
  }
}

/** A picture of an archive, and its path in the folder. */
interface ArchivedPicture {
  readonly name: string;
  readonly entry: ZipEntry;
}

/** What of an archive is wanted; other entries are never looked at. Throws `OtherArchive`. */
function picturesOf(
  { entries, bytes }: Zip,
  { prefix, count }: ArchiveInfo,
): readonly ArchivedPicture[] {
  const pictures = entries
    .filter(({ name }) => name.startsWith(prefix))
    .map((entry) => ({ name: entry.name.slice(prefix.length), entry }))
    .filter(({ name }) => isPicture(name));
  for (const { entry, name } of pictures) requireReadable(entry, name);
  requireDistinct(pictures);
  if (pictures.length !== count) throw new OtherArchive(`one with ${pictures.length} pictures`);
  requireModest(pictures, bytes);
  return pictures;
}

function isPicture(name: string): boolean {
  return /\.jpe?g$/i.test(name) && plainName.test(name) && !/(^|\/)__MACOSX\//.test(name);
}

function requireReadable({ isEncrypted, isSpecial, size }: ZipEntry, name: string): void {
  const shown = JSON.stringify(name.slice(0, 100));
  if (isEncrypted) throw new OtherArchive(`one in which ${shown} is encrypted`);
  if (isSpecial) throw new OtherArchive(`one in which ${shown} is a link or device`);
  if (size > mostBytesOfFile) {
    throw new OtherArchive(`one in which ${shown} has ${formatMegabytes(size)}`);
  }
  if (name.length > longestName || name.split("/").some((part) => part.length > longestPart)) {
    throw new OtherArchive(`one with the name ${shown}... of ${name.length} letters`);
  }
}

/** Some disks take capitals and small letters for the same. */
function requireDistinct(pictures: readonly ArchivedPicture[]): void {
  const taken = new Set<string>();
  const folders = new Set<string>();
  for (const { name } of pictures) {
    const key = name.toLowerCase();
    if (taken.has(key)) throw new OtherArchive(`one with ${JSON.stringify(name)} twice`);
    taken.add(key);
    for (let at = key.indexOf("/"); at >= 0; at = key.indexOf("/", at + 1)) {
      folders.add(key.slice(0, at));
    }
  }
  for (const name of taken) {
    if (folders.has(name)) throw new OtherArchive(`one in which "${name}" is a file and a folder`);
  }
}

/** Entries that share bytes are found by their having more than the archive. */
function requireModest(pictures: readonly ArchivedPicture[], bytes: number): void {
  const sum = (of: (entry: ZipEntry) => number) =>
    pictures.reduce((total, { entry }) => total + of(entry), 0);
  const size = sum((entry) => entry.size);
  const packed = sum((entry) => entry.packedSize);
  if (packed > bytes) throw new OtherArchive("one in which pictures overlap");
  if (size > mostRatio * packed + smallBytes) {
    throw new OtherArchive(
      `one of ${formatMegabytes(packed)} that says it unpacks to ${formatMegabytes(size)}`,
    );
  }
}

async function writePictures(
  zip: Zip,
  pictures: readonly ArchivedPicture[],
  folder: string,
  signal: StopSignal | undefined,
): Promise<readonly FileSum[]> {
  const sums: FileSum[] = [];
  for (const { name, entry } of pictures) {
    throwIfAborted(signal, "fetch");
    const bytes = await zip.read(entry);
    const target = join(folder, ...name.split("/"));
    await makeFolders(dirname(target));
    await writeFile(target, bytes);
    sums.push({ name, sha256: createHash("sha256").update(bytes).digest("hex") });
  }
  return sums;
}

function thrownAway(path: string, { count }: ArchiveInfo, cause: Error): LimpidError {
  const what =
    cause instanceof BrokenZip
      ? `a whole zip archive, got a broken one (${cause.message})`
      : `a zip archive of ${count} pictures, got ${cause.message}`;
  return new LimpidError(
    "bad-file",
    `fetch: "${path}" must be ${what}. it was thrown away; fetch it again.`,
    { cause },
  );
}
