/** @file Zip archives with any mistake that a test wants. */
import { crc32, deflateRawSync } from "node:zlib";

/** An entry; what is left out is what it should be. */
export interface Entry {
  readonly name: string;
  readonly data?: Buffer;
  readonly packed?: Buffer;
  readonly method?: number;
  readonly size?: number;
  readonly crc?: number;
  readonly flags?: number;
  /** Kind of file and permissions of Unix. */
  readonly mode?: number;
  /** The name in the entry's own header. */
  readonly localName?: string;
  /** Where the directory says that it lies. */
  readonly offset?: number;
  /** Bytes between the name and the contents, as PyTorch puts there. */
  readonly padding?: number;
}

/** How an archive ends. */
export interface ArchiveEnd {
  readonly comment?: string;
  /** Sizes and places stand in the records for large files (zip64). */
  readonly isLarge?: boolean;
}

/** A zip archive of entries. */
export function zip(entries: readonly Entry[], { comment = "", isLarge = false }: ArchiveEnd = {}) {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const { local, head } = written(entry, at, isLarge);
    parts.push(local);
    directory.push(head);
    at += local.length;
  }
  const all = Buffer.concat(directory);
  const end = isLarge
    ? Buffer.concat([
        largeEnd(entries.length, all.length, at),
        plainEnd(0xffff, 2 ** 32 - 1, 2 ** 32 - 1),
      ])
    : plainEnd(entries.length, all.length, at);
  end.writeUInt16LE(comment.length, end.length - 2);
  return Buffer.concat([...parts, all, end, Buffer.from(comment)]);
}

function written(entry: Entry, at: number, isLarge: boolean): { local: Buffer; head: Buffer } {
  const { name, data = Buffer.from(name), method = 8, flags = 0, mode = 0, padding = 0 } = entry;
  const packed = entry.packed ?? (method === 8 ? deflateRawSync(data) : data);
  const { size = data.length, crc = crc32(data), localName = name, offset = at } = entry;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50);
  local.writeUInt16LE(method, 8);
  // As where sizes follow the data, which the directory knows.
  if ((flags & 8) === 0) local.writeUInt32LE(packed.length, 18);
  local.writeUInt16LE(Buffer.byteLength(localName), 26);
  local.writeUInt16LE(padding, 28);
  const wide = isLarge ? largeField([size, packed.length, offset]) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50);
  head.writeUInt16LE(mode === 0 ? 20 : 0x0314, 4);
  head.writeUInt16LE(flags, 8);
  head.writeUInt16LE(method, 10);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(isLarge ? 2 ** 32 - 1 : packed.length, 20);
  head.writeUInt32LE(isLarge ? 2 ** 32 - 1 : size, 24);
  head.writeUInt16LE(Buffer.byteLength(name), 28);
  head.writeUInt16LE(wide.length, 30);
  head.writeUInt32LE(mode * 2 ** 16, 38);
  head.writeUInt32LE(isLarge ? 2 ** 32 - 1 : offset, 42);
  return {
    local: Buffer.concat([local, Buffer.from(localName), Buffer.alloc(padding), packed]),
    head: Buffer.concat([head, Buffer.from(name), wide]),
  };
}

function largeField(numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * numbers.length);
  field.writeUInt16LE(1);
  field.writeUInt16LE(8 * numbers.length, 2);
  for (const [i, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * i);
  return field;
}

function plainEnd(count: number, length: number, start: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(length, 12);
  end.writeUInt32LE(start, 16);
  return end;
}

/** The record of large numbers, and the one that says where it is. */
function largeEnd(count: number, length: number, start: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50);
  end.writeBigUInt64LE(44n, 4);
  for (const [at, number] of [
    [24, count],
    [32, count],
    [40, length],
    [48, start],
  ] as const) {
    end.writeBigUInt64LE(BigInt(number), at);
  }
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(start + length), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
