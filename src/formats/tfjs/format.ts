/** @file How models of TensorFlow.js are known: a model.json, or the folder that holds one. */
import { baseName } from "../../wording/paths.ts";
import type { Format } from "../format.ts";
import { startsAsModelJson } from "./model-json.ts";
import { openTfjs } from "./open.ts";

/** model.json with the files beside it, alone or in a folder; Teachable Machine's projects among them. */
export const tfjsFormat: Format = {
  name: "a TensorFlow.js model",
  usualPreprocessing: "unit",
  file: { matches: startsAsModelJson, open: openTfjs },
  folder: {
    matches: (files) => modelIn(files) !== undefined,
    open: async (folder) => openTfjs(await folder.file(modelIn(folder.files)!)),
  },
};

/** Files beside a model.json that are models too, so that nobody can tell which is meant. */
const otherModel = /\.(onnx|h5|hdf5|keras|tflite|pt2)$/i;

/** The one model.json of a folder: that at its top, or the only one; none where there are other models. */
function modelIn(files: readonly string[]): string | undefined {
  if (files.some((path) => otherModel.test(path))) return undefined;
  const named = files.filter((path) => baseName(path) === "model.json" || hasWeights(path, files));
  return named.length === 1 ? named[0] : named.find((path) => path === "model.json");
}

/** A page that saves under another name gives both files that name. */
function hasWeights(path: string, files: readonly string[]): boolean {
  return path.endsWith(".json") && files.includes(path.replace(/\.json$/, ".weights.bin"));
}
