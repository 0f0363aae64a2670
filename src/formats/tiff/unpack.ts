/** @file How the pieces of TIFF files are packed, each expanded to the bytes that it must hold. */
import { inflated } from "../inflate.ts";

/** The `size` bytes of a packed piece; undefined for broken packing and for fewer bytes. */
export type Unpack = (packed: Uint8Array, size: number) => Uint8Array | undefined;

/** Bytes before and behind what deflate packs, in a stream of zlib. */
const zlibHeaderBytes = 2;
const zlibEndBytes = 4;

const deflate: Unpack = (packed, size) => {
  if ((packed[0]! & 15) !== 8) return undefined;
  return inflated(
    packed.subarray(zlibHeaderBytes, Math.max(packed.length - zlibEndBytes, zlibHeaderBytes)),
    size,
  );
};

/** THE table of packings that are read, by the number of tag 259. */
export const packings: ReadonlyMap<number, Unpack> = new Map([
  [1, (packed, size) => (packed.length >= size ? packed.subarray(0, size) : undefined)],
  [5, unpackLzw],
  [8, deflate],
  [32946, deflate],
  [32773, unpackBits],
] satisfies [number, Unpack][]);

/** Names of packings that are not read. */
export const otherPackings: Readonly<Record<number, string>> = {
  2: "CCITT fax",
  3: "CCITT fax",
  4: "CCITT fax",
  6: "JPEG",
  7: "JPEG",
  34712: "JPEG 2000",
  34887: "LERC",
  34925: "LZMA",
  50000: "Zstandard",
  50001: "WebP",
};

/** Runs of bytes: a count of 0..127 before as many bytes and one, -127..-1 before one that is repeated. */
function unpackBits(packed: Uint8Array, size: number): Uint8Array | undefined {
  const whole = new Uint8Array(size);
  let to = 0;
  for (let from = 0; from < packed.length && to < size;) {
    const count = (packed[from++]! << 24) >> 24;
    if (count === -128) continue;
    const length = count < 0 ? 1 - count : count + 1;
    if (to + length > size || from >= packed.length) return undefined;
    if (count < 0) whole.fill(packed[from++]!, to, to + length);
    else {
      if (from + length > packed.length) return undefined;
      whole.set(packed.subarray(from, from + length), to);
      from += length;
    }
    to += length;
  }
  return to === size ? whole : undefined;
}

const clearCode = 256;
const endCode = 257;
const mostCodes = 4096;

/**
 * LZW with codes of 9 to 12 bits, the highest bit first, that widen one code early (TIFF 6.0, section 13). A string is kept
 * as the place in what is unpacked where it was last written, so nothing grows but the result.
 */
function unpackLzw(packed: Uint8Array, size: number): Uint8Array | undefined {
  const whole = new Uint8Array(size);
  const starts = new Uint32Array(mostCodes);
  const lengths = new Uint32Array(mostCodes);
  let [to, next, width, held, bits] = [0, endCode + 1, 9, 0, 0];
  let last: readonly [start: number, length: number] | undefined;
  for (let from = 0; to < size;) {
    while (bits < width) {
      if (from >= packed.length) return undefined;
      held = ((held << 8) | packed[from++]!) & 0xffffff;
      bits += 8;
    }
    const code = (held >> (bits - width)) & ((1 << width) - 1);
    bits -= width;
    if (code === endCode) break;
    if (code === clearCode) {
      [next, width, last] = [endCode + 1, 9, undefined];
      continue;
    }
    if (code > next || (code === next && !last) || code >= mostCodes) return undefined;
    const start = to;
    if (code < clearCode) whole[to++] = code;
    else {
      const [source, length] =
        code === next ? [last![0], last![1] + 1] : [starts[code]!, lengths[code]!];
      // The last letter of the newest string is the first one of what is written.
      for (let i = 0; i < length && to < size; i++) whole[to++] = whole[source + i]!;
    }
    if (last && next < mostCodes) {
      starts[next] = last[0];
      lengths[next] = last[1] + 1;
      next += 1;
      if (next + 1 >= 2 ** width && width < 12) width += 1;
    }
    last = [start, to - start];
  }
  return to === size ? whole : undefined;
}
