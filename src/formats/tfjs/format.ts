/** @file How models of TensorFlow.js are known: a model.json, or the folder that holds one. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { baseName } from "../../wording/paths.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Format } from "../format.ts";
import type { ByteSource } from "../source.ts";

/** model.json with the files beside it, alone or in a folder; Teachable Machine's projects among them. */
export const tfjsFormat: Format = {
  name: "a TensorFlow.js model",
  usualPreprocessing: "unit",
  file: { matches: startsAsModelJson, open: opened },
  folder: {
    matches: (files) => modelIn(files) !== undefined,
    open: async (folder) => opened(await folder.file(modelIn(folder.files)!)),
  },
};

async function opened(source: ByteSource): Promise<Graph> {
  return (await import("./open.ts")).openTfjs(source);
}

/** Whether a file of that name that starts so should be a model.json. */
function startsAsModelJson(start: Uint8Array, name: string): boolean {
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  const isNamed = /(^|[\\/])model\.json([?#]|$)/i.test(name);
  // A name alone is asked about where no bytes are at hand.
  if (isPacked || start.length === 0) return isNamed;
  const text = getTextEncoding().decodeUtf8(start);
  if (!/^\ufeff?\s*\{/.test(text)) return false;
  return isNamed || /"(modelTopology|weightsManifest|(graph|layers)-model)"/.test(text);
}

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
