/** @file The row of frozen graphs of TensorFlow in the table of formats. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Format } from "../format.ts";

export const frozenGraphFormat: Format = {
  name: "a frozen graph of TensorFlow",
  usualPreprocessing: "unit",
  file: {
    matches: (start, name) => startsAsGraph(start) || /(^|[\\/])saved_model\.pb$/i.test(name),
    open: async (source) => (await import("./open-frozen.ts")).openFrozen(source),
  },
  folder: {
    matches: (files) => files.includes("saved_model.pb"),
    open: async (folder) => (await import("./open-frozen.ts")).openSavedModel(folder),
  },
};

/** Whether a file that starts so could be a graph: a node with a name and an operator. */
function startsAsGraph(start: Uint8Array): boolean {
  try {
    const outer = new BinaryReader(start);
    const [field, wireType] = outer.tag();
    if (field !== 1 || wireType !== WireType.LengthDelimited) return false;
    outer.uint32();
    const inner = new BinaryReader(start.subarray(outer.pos));
    const [first] = inner.tag();
    if (first !== 1 || inner.bytes().length === 0) return false;
    const [second] = inner.tag();
    return second === 2 && /^[A-Z_]\w*$/.test(inner.string());
  } catch {
    return false;
  }
}
