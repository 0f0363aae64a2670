/** @file How models of Keras are known: HDF5 files, .keras archives and their folders. */
import type { Format } from "../format.ts";
import { startsAsHdf5 } from "../hdf5/superblock.ts";
import { isKerasArchive, openKerasArchive, openKerasHdf5 } from "./open.ts";

/** A .keras archive is opened as the folder of its files. */
export const kerasFormat: Format = {
  name: "a Keras model",
  usualPreprocessing: "unit",
  file: { matches: startsAsHdf5, open: openKerasHdf5 },
  folder: { matches: isKerasArchive, open: openKerasArchive },
};
