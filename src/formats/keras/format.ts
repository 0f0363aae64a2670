/** @file How models of Keras are known: HDF5 files, .keras archives and their folders. */
import type { Format } from "../format.ts";
import { startsAsHdf5 } from "../hdf5/signature.ts";

/** A .keras archive is opened as the folder of its files. */
export const kerasFormat: Format = {
  name: "a Keras model",
  usualPreprocessing: "unit",
  file: {
    matches: startsAsHdf5,
    open: async (source) => (await import("./open.ts")).openKerasHdf5(source),
  },
  folder: {
    matches: (files) =>
      files.includes("config.json") && files.some((name) => name.startsWith("model.weights.")),
    open: async (folder) => (await import("./open.ts")).openKerasArchive(folder),
  },
};
