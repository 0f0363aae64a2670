/** @file Readers of PyTorch's files: programs of torch.export, where their weights lie, and pickles of both layouts. */
import { unzipSync } from "fflate";
import * as fc from "fast-check";
import { readTorchWeights } from "../../../src/formats/torch-pickle/weight-file.ts";
import { openTorchExport } from "../../../src/formats/torch-export/open.ts";
import { memorySource } from "../../../src/formats/source.ts";
import { layersOf } from "../../../src/network/layers.ts";
import { randomStream } from "../../../src/random.ts";
import { readJson } from "../../../src/wording/read-json.ts";
import { tensorOf } from "../../../src/graph/tensor.ts";
import { exportFiles, folderOf, storedZip, type Files } from "../../torch/archive.ts";
import { goldenProgram, goldens } from "../../torch/goldens.ts";
import { SavedObject, savedOld, savedZip, type Saved } from "../../torch/pickle-writer.ts";
import { programJson, type WrittenProgram } from "../../torch/program.ts";
import { drawnNetwork, twinNetworks } from "../../torch/twin-networks.ts";
import { bytesOf } from "../corpus.ts";
import { mutateBytes } from "../mutations/bytes.ts";
import { mutateJson } from "../mutations/json.ts";
import type { Reader } from "../reader.ts";

const drawnNetworks = 6;

/** Some drawn networks, the same in each run. */
function networks(): readonly WrittenProgram[] {
  const drawn = fc.sample(drawnNetwork, { seed: 13, numRuns: drawnNetworks });
  return drawn.map((each) => twinNetworks(each).program);
}

/** Every operator alone. */
function operators(): readonly WrittenProgram[] {
  return goldens().map(goldenProgram);
}

/** Numbers that weights of drawn networks are read from, whatever they are called. */
const numbers = new Uint8Array(Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i)).buffer);
const mostWeights = 48;

/** An archive with the given program, and files of numbers for all weights. */
function archiveOf(program: Uint8Array): Files {
  const names = Array.from({ length: mostWeights }, (_, i) => [
    `data/weights/weight_${i}`,
    numbers,
  ]);
  return {
    archive_format: bytesOf("pt2"),
    "models/model.json": program,
    ...(Object.fromEntries(names) as Record<string, Uint8Array>),
  };
}

const list = "data/weights/model_weights_config.json";

/** A program and the list of its weights, in one JSON. */
function joinedFiles(program: WrittenProgram): Uint8Array {
  const weights: unknown = JSON.parse(new TextDecoder().decode(exportFiles(program)[list]));
  return bytesOf(JSON.stringify({ program: programJson(program), weights }));
}

/** Both files of a joined JSON; text that is none stands for the program. */
function apart(bytes: Uint8Array): Files {
  const read = readJson(new TextDecoder().decode(bytes));
  const value: unknown = "fault" in read ? undefined : read.value;
  if (typeof value !== "object" || value === null) return archiveOf(bytes);
  const { program, weights } = value as { readonly program?: unknown; readonly weights?: unknown };
  const text = (part: unknown) => bytesOf(JSON.stringify(part) ?? "");
  return { ...archiveOf(text(program)), [list]: text(weights) };
}

let first: Uint8Array | undefined;

function firstProgram(): Uint8Array {
  return (first ??= bytesOf(JSON.stringify(programJson(networks()[0]!))));
}

const six = tensorOf("float32", [2, 3], [1, 2, 3, 4, 5, 6]);

/** Dictionaries of tensors, and what training programs put around them. */
function checkpoints(): readonly Saved[] {
  const random = randomStream(13);
  const view = { offset: 1, dims: [2, 2], strides: [1, 2] };
  const dictionary = {
    "conv.weight": { tensor: six, isParameter: true },
    "conv.view": { tensor: six, storage: "0", view },
    count: { tensor: tensorOf("int64", [], [7]) },
    noise: {
      tensor: tensorOf(
        "float64",
        [3],
        [0, 1, 2].map(() => random.normal()),
      ),
    },
  };
  return [
    { dictionary, isOrdered: true },
    {
      dictionary: {
        epoch: 3,
        lr: 0.1,
        args: new SavedObject("argparse", "Namespace", { dictionary: { a: [1, "b", null, true] } }),
        state_dict: { dictionary, isOrdered: true },
      },
    },
  ];
}

const root = "archive/";

function pickleOf(saved: Saved): Uint8Array {
  return unzipSync(savedZip(saved))[`${root}data.pkl`]!;
}

/** An archive with the given pickle, and numbers for its storages. */
function zipOf(pickle: Uint8Array): Uint8Array {
  const data = [0, 1, 2, 3].map((i) => [`data/${i}`, numbers.subarray(0, 64)]);
  const files = Object.fromEntries(data) as Record<string, Uint8Array>;
  return storedZip({ "data.pkl": pickle, byteorder: bytesOf("little"), ...files });
}

async function isRead(bytes: Uint8Array): Promise<boolean> {
  return (await readTorchWeights(memorySource("w.pth", bytes))).tensors.size > 0;
}

export const torchReaders: readonly Reader[] = [
  {
    name: "torch-export",
    share: 12,
    seeds: () => [...operators(), ...networks()].map(joinedFiles),
    mutate: mutateJson,
    read: async (bytes) => {
      layersOf(await openTorchExport(folderOf(apart(bytes))));
      return true;
    },
  },
  {
    name: "torch-export-weights",
    share: 4,
    seeds: () =>
      networks()
        .slice(0, 1)
        .map((program) => exportFiles(program)[list]!),
    mutate: mutateJson,
    read: async (bytes) => {
      const text = firstProgram();
      await openTorchExport(folderOf({ ...archiveOf(text), [list]: bytes }));
      return true;
    },
  },
  {
    name: "torch-pickle",
    share: 10,
    seeds: () => checkpoints().map(pickleOf),
    mutate: mutateBytes,
    read: (bytes) => isRead(zipOf(bytes)),
  },
  {
    name: "torch-pickle-old",
    share: 6,
    seeds: () => checkpoints().map(savedOld),
    mutate: mutateBytes,
    read: isRead,
  },
];
