/** @file Checksums, which tell what was changed by accident; who means to change something can make another. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import type { Tensor } from "../graph/tensor.ts";

/** The step for each byte (ISO 3309, polynomial 0xedb88320 read backwards). */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});

/** The step for each of four bytes at once, the last one first (Kounavis and Berry 2005, "slicing-by-4"). */
const tables = [table, behind(table, 1), behind(table, 2), behind(table, 3)] as const;

/** Steps with so many zeros behind each byte. */
function behind(steps: Uint32Array, zeros: number): Uint32Array {
  const next = steps.map((value) => (value >>> 8) ^ table[value & 0xff]!);
  return zeros === 1 ? next : behind(next, zeros - 1);
}

/** CRC-32 of bytes behind those that gave `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const [last, third, second, first] = tables;
  let crc = ~before;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      first[crc & 0xff]! ^
      second[(crc >>> 8) & 0xff]! ^
      third[(crc >>> 16) & 0xff]! ^
      last[crc >>> 24]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}

/** Whether what was read is what a checksum was made of; files of earlier versions have none. */
export function isAsWritten(
  checksum: string | undefined,
  tensors: Readonly<Record<string, Tensor>>,
  text = "",
): boolean {
  return checksum === undefined || checksum === checksumOf(tensors, text);
}

/** CRC-32 of tensors of numbers, in the order of their names, and of a text: eight digits. */
export function checksumOf(tensors: Readonly<Record<string, Tensor>>, text = ""): string {
  let crc = crc32(getTextEncoding().encodeUtf8(text));
  for (const name of Object.keys(tensors).sort()) {
    const { type, dims, data } = tensors[name]!;
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    crc = crc32(getTextEncoding().encodeUtf8(JSON.stringify([name, type, dims])), crc);
    crc = crc32(new Uint8Array(buffer, byteOffset, byteLength), crc);
  }
  return crc.toString(16).padStart(8, "0");
}
