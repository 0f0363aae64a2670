/** @file Readers of archives as people download models: every file of one, and the model in it. */
import { zipSync } from "fflate";
import { openGraph } from "../../../src/formats/index.ts";
import { memorySource } from "../../../src/formats/source.ts";
import { zipFolder } from "../../../src/formats/zip-folder.ts";
import { zip } from "../../zip-archive.ts";
import { bytesOf, corpusOf } from "../corpus.ts";
import { mutateZip } from "../mutations/zip.ts";
import type { Reader } from "../reader.ts";

/** Larger models of the corpus only make changes rarer. */
const mostBytes = 2000;

function archivedModels(): readonly Uint8Array[] {
  const small = corpusOf("onnx").filter(({ length }) => length < mostBytes);
  return small.map((model, i) => {
    const files = {
      "a/weights.bin": bytesOf("weights ".repeat(100)),
      "a/config.json": bytesOf("{}"),
    };
    const level = i % 2 === 0 ? 0 : 6;
    return zipSync({ ...files, "a/model.onnx": model }, { level });
  });
}

function archives(): readonly Uint8Array[] {
  const entries = [
    { name: "a/", data: Buffer.alloc(0), method: 0 },
    { name: "a/b.bin", method: 0, padding: 12 },
    { name: "a/c.json", data: Buffer.from("{} ".repeat(40)), flags: 8 },
  ];
  return [...corpusOf("zip"), zip(entries), zip(entries, { isLarge: true, comment: "large" })];
}

export const modelArchiveReaders: readonly Reader[] = [
  {
    name: "zip-folder",
    share: 12,
    seeds: archives,
    mutate: mutateZip,
    read: async (bytes) => {
      const folder = await zipFolder(memorySource("m.zip", bytes));
      for (const path of folder.files) {
        const file = await folder.file(path);
        await file.read(0, file.size);
      }
      return folder.files.length > 0;
    },
  },
  {
    name: "archived-model",
    share: 6,
    seeds: archivedModels,
    mutate: mutateZip,
    read: async (bytes) => {
      await openGraph(memorySource("m.zip", bytes));
      return true;
    },
  },
];
