/** @file What a zip archive's files are packed with (DEFLATE, RFC 1951), expanded to the size that was told. */
import { Inflate } from "fflate";

/** Bytes of the packed that are expanded at a time: they can become a thousand times as many. */
const pieceBytes = 2 ** 16;

/** Bytes of the packed that are looked at for the start of what they hold. */
export const startPieceBytes = 2 ** 10;

/** The first bytes of what was packed, as many as the start of the packed gives; undefined for broken packing. */
export function inflatedStart(packedStart: Uint8Array): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  try {
    new Inflate((part) => parts.push(part)).push(packedStart.subarray(0, startPieceBytes), false);
  } catch {
    return undefined;
  }
  return parts[0];
}

/** The `size` bytes that were packed; undefined for broken packing, and for more or fewer bytes. */
export function inflated(packed: Uint8Array, size: number): Uint8Array | undefined {
  const whole = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate((part) => {
    // Throws for more than was told.
    whole.set(part, length);
    length += part.length;
  });
  try {
    for (let from = 0; from < packed.length; from += pieceBytes) {
      const to = from + pieceBytes;
      stream.push(packed.subarray(from, to), to >= packed.length);
    }
  } catch {
    return undefined;
  }
  return length === size ? whole : undefined;
}
