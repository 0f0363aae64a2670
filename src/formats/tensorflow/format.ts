/** @file The row of frozen graphs of TensorFlow in the table of formats. */
import type { Format } from "../format.ts";
import { startsAsGraph } from "./binary/graphdef.ts";
import { openFrozen, openSavedModel, savedModelName } from "./open-frozen.ts";

export const frozenGraphFormat: Format = {
  name: "a frozen graph of TensorFlow",
  usualPreprocessing: "unit",
  file: {
    matches: (start, name) => startsAsGraph(start) || /(^|[\\/])saved_model\.pb$/i.test(name),
    open: openFrozen,
  },
  folder: { matches: (files) => files.includes(savedModelName), open: openSavedModel },
};
