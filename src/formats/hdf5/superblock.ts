/** @file The superblock: where an HDF5 file starts, and where its root group is. */
import type { ByteSource } from "../source.ts";
import { badHdf5 } from "./bad-hdf5.ts";
import { Cursor, type Sizes } from "./cursor.ts";
import { signature, startsAsHdf5 } from "./signature.ts";

/** Longer than any superblock, of which a small file may have less. */
const superblockBytes = 128;

/** Bytes that others may put in front of a file: none, 512, 1024, ... */
const firstUserBlock = 512;
const mostUserBlock = 2 ** 26;

/** What the superblock says. */
export interface Superblock {
  readonly base: number;
  readonly sizes: Sizes;
  /** Of the root group's object header, from `base` on. */
  readonly root: number;
}

/** Finds the superblock at 0, 512, 1024, ... Throws `bad-file` if there is none, or one of another version. */
export async function readSuperblock(source: ByteSource): Promise<Superblock> {
  for (let base = 0; base < source.size; base = base === 0 ? firstUserBlock : base * 2) {
    if (base > mostUserBlock) break;
    const start = await source.read(base, superblockBytes);
    if (startsAsHdf5(start)) return parse(start, base);
  }
  throw badHdf5("the file must have HDF5's signature at 0, 512, 1024, ..., got none");
}

function parse(start: Uint8Array, base: number): Superblock {
  const unknown = { address: 8, length: 8 };
  const fields = new Cursor(start, unknown).skip(signature.length);
  const version = fields.version("the superblock", 0, 1, 2, 3);
  if (version < 2) fields.skip(4);
  const sizes = { address: sizeOf(fields.u8()), length: sizeOf(fields.u8()) };
  const rest = new Cursor(start.subarray(fields.at), sizes);
  if (version < 2) {
    // Reserved, sizes of tree nodes, flags; four addresses; in the root's entry its name comes first.
    rest.skip(1 + 4 + 4 + (version === 1 ? 4 : 0)).skip(5 * sizes.address);
  } else {
    rest.skip(1).skip(3 * sizes.address);
  }
  return { base, sizes, root: rest.addressOf("the root group") };
}

function sizeOf(bytes: number): number {
  if (bytes === 2 || bytes === 4 || bytes === 8) return bytes;
  throw badHdf5(`addresses and lengths must take 2, 4 or 8 bytes, got ${bytes}`);
}
