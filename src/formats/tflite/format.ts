/** @file The row of TensorFlow Lite in the table of formats. */
import type { Format } from "../format.ts";
import { startsAsLite } from "./file-identifier.ts";

export const liteFormat: Format = {
  name: "a TensorFlow Lite model",
  usualPreprocessing: "unit",
  file: {
    matches: (start, name) => startsAsLite(start) || /\.tflite$/i.test(name),
    open: async (source) => (await import("./open.ts")).openTflite(source),
  },
};
