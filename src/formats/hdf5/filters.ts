/** @file The filters that chunks went through, taken back: deflate, shuffle, Fletcher's checksum. */
import { inflated } from "../inflate.ts";
import { badHdf5, notRead } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";

/** A filter that was applied when a chunk was written. */
interface Filter {
  readonly kind: "deflate" | "shuffle" | "fletcher32";
  /** Bytes of the elements that shuffle took apart. */
  readonly elementBytes: number;
}

const kinds: Readonly<Record<number, Filter["kind"]>> = {
  1: "deflate",
  2: "shuffle",
  3: "fletcher32",
};

/** Names of filters that others may have. */
const otherNames: Readonly<Record<number, string>> = {
  4: "szip",
  5: "nbit",
  6: "scale-offset",
  32000: "lzf",
  32001: "blosc",
  32004: "lz4",
  32008: "bitshuffle",
  32015: "zstd",
};

/** HDF5 itself allows no more. */
const mostFilters = 32;

/** Reads a filter pipeline message, in the order in which chunks are written. Throws `bad-file` for unknown filters. */
export function readFilters(fields: Cursor): readonly Filter[] {
  const version = fields.version("a filter pipeline", 1, 2);
  const count = fields.u8();
  if (count > mostFilters)
    throw badHdf5(`there must be at most ${mostFilters} filters, got ${count}`);
  if (version === 1) fields.skip(6);
  const filters = Array.from({ length: count }, () => readFilter(fields, version));
  // How long a chunk is between the two, nothing tells.
  if (filters.filter(({ kind }) => kind === "deflate").length > 1) {
    throw notRead("the data are packed by deflate twice");
  }
  return filters;
}

function readFilter(fields: Cursor, version: number): Filter {
  const id = fields.u16();
  const nameBytes = version === 1 || id >= 256 ? fields.u16() : 0;
  fields.skip(2);
  const count = fields.u16();
  const name = fields.text(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
  const values = Array.from({ length: count }, () => fields.u32());
  if (version === 1 && count % 2 === 1) fields.skip(4);
  const kind = kinds[id];
  if (kind) return { kind, elementBytes: values[0] ?? 1 };
  const known = Object.hasOwn(otherNames, id) ? otherNames[id] : undefined;
  throw notRead(`the data are packed by filter ${id} (${known ?? (name || "of no name")})`);
}

const checksumBytes = 4;

/**
 * The `size` bytes of a chunk as they were before the filters; those whose bit is set in `leftOut` did not change it.
 * Throws `bad-file` for a chunk of another size or checksum.
 */
export function unfiltered(
  stored: Uint8Array,
  filters: readonly Filter[],
  leftOut: number,
  size: number,
): Uint8Array {
  const used = filters.filter((_, i) => ((leftOut >>> i) & 1) === 0);
  let bytes = stored;
  for (const [i, filter] of [...used.entries()].reverse()) {
    const before = used.slice(0, i).filter(({ kind }) => kind === "fletcher32").length;
    bytes = takenBack(bytes, filter, size + checksumBytes * before);
  }
  if (bytes.byteLength === size) return bytes;
  throw badHdf5(`a chunk must have ${size} bytes, got ${bytes.byteLength}`);
}

function takenBack(bytes: Uint8Array, { kind, elementBytes }: Filter, size: number): Uint8Array {
  switch (kind) {
    case "deflate":
      return unzlib(bytes, size);
    case "shuffle":
      return unshuffled(bytes, elementBytes);
    case "fletcher32":
      return checked(bytes);
  }
}

/** Of zlib (RFC 1950): a header, what is packed, a checksum. */
function unzlib(bytes: Uint8Array, size: number): Uint8Array {
  const isZlib =
    (bytes[0]! & 15) === 8 && (bytes[0]! * 256 + bytes[1]!) % 31 === 0 && (bytes[1]! & 32) === 0;
  const whole = isZlib ? inflated(bytes.subarray(2, -checksumBytes), size) : undefined;
  if (whole) return whole;
  throw badHdf5(`a chunk must expand to ${size} bytes, got a broken one`);
}

/** Puts the bytes of each element together again; a rest behind whole elements was left as it is. */
function unshuffled(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const count = Math.floor(bytes.byteLength / elementBytes);
  if (elementBytes < 2 || count < 2) return bytes;
  const result = bytes.slice();
  for (let i = 0; i < elementBytes; i++) {
    for (let k = 0; k < count; k++) result[k * elementBytes + i] = bytes[i * count + k]!;
  }
  return result;
}

/** The bytes without the checksum behind them, which must be theirs. */
function checked(bytes: Uint8Array): Uint8Array {
  const end = bytes.byteLength - checksumBytes;
  if (end < 0) throw badHdf5("a chunk must end with a checksum, got less");
  const body = bytes.subarray(0, end);
  const told = new DataView(bytes.buffer, bytes.byteOffset + end, checksumBytes).getUint32(0, true);
  const sum = fletcher32(body);
  // Files of a library before 1.6.3 have each half's bytes in the other order.
  const turned = (((sum & 0x00ff00ff) << 8) | ((sum >>> 8) & 0x00ff00ff)) >>> 0;
  if (told === sum || told === turned) return body;
  throw badHdf5("a chunk must have its own checksum, got another");
}

/** Words that are summed before the sums can leave 32 bits. */
const wordsAtOnce = 360;

/** Fletcher's checksum over words of two bytes, the higher first. */
function fletcher32(bytes: Uint8Array): number {
  let [low, high] = [0, 0];
  const words = bytes.byteLength >> 1;
  for (let from = 0; from < words; from += wordsAtOnce) {
    const end = Math.min(words, from + wordsAtOnce);
    for (let i = from; i < end; i++) {
      low += bytes[2 * i]! * 256 + bytes[2 * i + 1]!;
      high += low;
    }
    [low, high] = [folded(low), folded(high)];
  }
  if (bytes.byteLength % 2 === 1) {
    low += bytes.at(-1)! * 256;
    high += low;
    [low, high] = [folded(low), folded(high)];
  }
  return ((folded(high) << 16) | folded(low)) >>> 0;
}

function folded(sum: number): number {
  return (sum & 0xffff) + Math.floor(sum / 65536);
}
