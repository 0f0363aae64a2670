/** @file Gzip archives (RFC 1952), expanded up to a limit and checked. */
import { Gunzip } from "fflate";
import { LimpidError } from "../errors.ts";
import { crc32 } from "./checksum.ts";

/** Bytes that are expanded at a time, so that an archive of too much is left early: each may become a thousand. */
const pieceBytes = 2 ** 16;

/** Length of a checksum and a size behind each member. */
const trailerBytes = 8;

/** Whether bytes begin as a gzip archive does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * What an archive holds, all its members one after the other. Throws `bad-file` for a broken or cut archive, a
 * checksum that does not fit, and for more than `mostBytes`, since a small archive can hold far more.
 */
export function expandGzip(bytes: Uint8Array, mostBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let [length, crc, memberLength] = [0, 0, 0];
  const closeMember = (end: number) => {
    requireTrailer(bytes, end - trailerBytes, crc, memberLength);
    [crc, memberLength] = [0, 0];
  };
  const stream = new Gunzip((part) => {
    length += part.length;
    memberLength += part.length;
    if (length > mostBytes) throw broken(`more than ${mostBytes} bytes`);
    crc = crc32(part, crc);
    parts.push(part);
  });
  stream.onmember = closeMember;
  try {
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      stream.push(bytes.subarray(from, from + pieceBytes), from + pieceBytes >= bytes.length);
    }
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    throw broken(cause instanceof Error ? cause.message : String(cause), cause);
  }
  closeMember(bytes.length);
  return joined(parts, length);
}

function broken(reason: string, cause?: unknown): LimpidError {
  return new LimpidError("bad-file", `gzip: an archive must be whole, got ${reason}.`, { cause });
}

function requireTrailer(bytes: Uint8Array, at: number, crc: number, length: number): void {
  if (at < 0) throw broken("one without an end");
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, trailerBytes);
  if (view.getUint32(0, true) !== crc) throw broken("another checksum");
  if (view.getUint32(4, true) !== length % 2 ** 32) throw broken("another size");
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
