/** @file The directories of TIFF files, BigTIFF included: their tags, within bounds. */
import { plainBytes } from "../../bytes.ts";
import type { LimpidError } from "../../errors.ts";

/** Makes the errors of one file. */
export type BadTiff = (what: string) => LimpidError;

/** A page of a file: its tags by their numbers. */
export interface TiffPage {
  /** The numbers of a tag; undefined where the page lacks it. */
  numbers(tag: number): readonly number[] | undefined;
  /** The letters of a tag. */
  text(tag: number): string | undefined;
}

export interface TiffFile {
  readonly bytes: Uint8Array;
  readonly isLittle: boolean;
  readonly pages: readonly TiffPage[];
}

/** Bytes of a type's numbers. */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** A chain of directories that is longer goes in circles or is no picture. */
const mostPages = 4096;

/** As they are in classic files and in BigTIFF. */
interface Widths {
  readonly countBytes: 2 | 8;
  readonly offsetBytes: 4 | 8;
}

/** The directories of a file. Throws `bad-file` for other files, cut ones and chains of directories in circles. */
export function readTiff(file: Uint8Array, bad: BadTiff): TiffFile {
  const bytes = plainBytes(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16)
    throw bad(`must start with a whole header of TIFF, got ${bytes.length} bytes`);
  const isLittle = bytes[0] === 0x49;
  const isBig = view.getUint16(2, isLittle) === 43;
  const widths: Widths = isBig
    ? { countBytes: 8, offsetBytes: 8 }
    : { countBytes: 2, offsetBytes: 4 };
  const reader = { view, isLittle, widths, bad };
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let at = offsetAt(reader, isBig ? 8 : 4);
  while (at !== 0) {
    if (seen.has(at) || pages.length === mostPages)
      throw bad("must have directories that end, got a circle of them");
    seen.add(at);
    const { page, next } = readPage(reader, at);
    pages.push(page);
    at = next;
  }
  if (pages.length === 0) throw bad("must have a directory, got none");
  return { bytes, isLittle, pages };
}

interface Reader {
  readonly view: DataView;
  readonly isLittle: boolean;
  readonly widths: Widths;
  readonly bad: BadTiff;
}

function offsetAt({ view, isLittle, widths }: Reader, at: number): number {
  return widths.offsetBytes === 8
    ? Number(view.getBigUint64(at, isLittle))
    : view.getUint32(at, isLittle);
}

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

function readPage(reader: Reader, start: number) {
  const { view, isLittle, widths, bad } = reader;
  const { countBytes, offsetBytes } = widths;
  const entryBytes = 4 + 2 * offsetBytes;
  if (!(start + countBytes <= view.byteLength))
    throw bad(
      `must have its directory inside the file, got one at byte ${start} of ${view.byteLength}`,
    );
  const count =
    countBytes === 8 ? Number(view.getBigUint64(start, isLittle)) : view.getUint16(start, isLittle);
  const end = start + countBytes + count * entryBytes;
  if (!(end + offsetBytes <= view.byteLength))
    throw bad(`must hold its directory of ${count} tags whole, got ${view.byteLength} bytes`);
  const entries = new Map<number, Entry>();
  for (let i = 0; i < count; i++) {
    const at = start + countBytes + i * entryBytes;
    const type = view.getUint16(at + 2, isLittle);
    const length =
      offsetBytes === 8
        ? Number(view.getBigUint64(at + 4, isLittle))
        : view.getUint32(at + 4, isLittle);
    const valueAt = at + 4 + offsetBytes;
    const size = (typeBytes[type] ?? 0) * length;
    const place = size <= offsetBytes ? valueAt : offsetAt(reader, valueAt);
    entries.set(view.getUint16(at, isLittle), { type, count: length, at: place });
  }
  return { page: pageOf(reader, entries), next: offsetAt(reader, end) };
}

function pageOf(reader: Reader, entries: ReadonlyMap<number, Entry>): TiffPage {
  const found = (tag: number) => {
    const entry = entries.get(tag);
    if (!entry) return undefined;
    const size = typeBytes[entry.type];
    if (size === undefined || entry.count < 1) return undefined;
    if (entry.at + size * entry.count <= reader.view.byteLength) return { ...entry, size };
    throw reader.bad(
      `must hold tag ${tag} whole, got ${entry.count} numbers at byte ${entry.at} of ${reader.view.byteLength}`,
    );
  };
  return {
    numbers: (tag) => {
      const entry = found(tag);
      return (
        entry &&
        Array.from({ length: entry.count }, (_, i) =>
          numberAt(reader, entry.type, entry.at + i * entry.size),
        )
      );
    },
    text: (tag) => {
      const entry = found(tag);
      if (!entry) return undefined;
      const { buffer, byteOffset } = reader.view;
      return new TextDecoder("latin1")
        .decode(new Uint8Array(buffer, byteOffset + entry.at, entry.count))
        .replace(/\0[\s\S]*$/, "");
    },
  };
}

function numberAt({ view, isLittle }: Reader, type: number, at: number): number {
  switch (type) {
    case 3:
      return view.getUint16(at, isLittle);
    case 8:
      return view.getInt16(at, isLittle);
    case 4:
    case 13:
      return view.getUint32(at, isLittle);
    case 9:
      return view.getInt32(at, isLittle);
    case 5:
      return view.getUint32(at, isLittle) / view.getUint32(at + 4, isLittle);
    case 10:
      return view.getInt32(at, isLittle) / view.getInt32(at + 4, isLittle);
    case 11:
      return view.getFloat32(at, isLittle);
    case 12:
      return view.getFloat64(at, isLittle);
    case 16:
    case 18:
      return Number(view.getBigUint64(at, isLittle));
    case 17:
      return Number(view.getBigInt64(at, isLittle));
    default:
      return view.getUint8(at);
  }
}
