/** @file Opening HDF5 files, of which only what is asked for is read. */
import type { ByteSource } from "../source.ts";
import { FileBytes } from "./file-bytes.ts";
import { OpenFile, type Hdf5Group } from "./group.ts";
import { readSuperblock } from "./superblock.ts";

/**
 * The root group of an HDF5 file, as h5py and Keras write it (HDF5 File Format Specification 3.0): superblocks 0 to 3,
 * groups of both kinds, chunks by version 1 trees. Throws `bad-file`, as all that it leads to.
 */
export async function openHdf5(source: ByteSource): Promise<Hdf5Group> {
  const { base, sizes, root } = await readSuperblock(source);
  return new OpenFile(new FileBytes(source, base, sizes)).group(root, "/");
}
