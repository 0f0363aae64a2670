/** @file Readers of numbers: .npy, safetensors, what training and folders of activations put by, IDX, gzip. */
import { SetRecord } from "../../../src/activations/set-record.ts";
import { readMnist } from "../../../src/app/train/mnist-files.ts";
import { memoryPlatform } from "../../../src/app/memory-platform.ts";
import { checksumOf } from "../../../src/formats/checksum.ts";
import { expandGzip } from "../../../src/formats/gzip.ts";
import { decodeNpy, encodeNpy } from "../../../src/formats/npy.ts";
import { decodeSafetensors, encodeSafetensors } from "../../../src/formats/safetensors.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../../src/train/checkpoint.ts";
import { idxDataset } from "../../../src/train/data/idx.ts";
import { corpusOf } from "../corpus.ts";
import { mutateBytes } from "../mutations/bytes.ts";
import { mutateGzip, mutateIdx, mutateNpy, mutateSafetensors } from "../mutations/headers.ts";
import { setPlan, setRecipe } from "../made/set-plan.ts";
import type { Reader } from "../reader.ts";

/** As a stranger would: with the checksum of what the file holds now. */
function withChecksum(bytes: Uint8Array, text: string): Uint8Array {
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const checksum = text === "" ? checksumOf(tensors) : checksumOf(tensors, metadata[text] ?? "");
    return encodeSafetensors(tensors, { ...metadata, checksum });
  } catch {
    return bytes;
  }
}

export const tensorReaders: readonly Reader[] = [
  {
    name: "npy",
    share: 12,
    seeds: () => corpusOf("npy"),
    mutate: mutateNpy,
    read: (bytes) => {
      const value = decodeNpy(bytes);
      if (value.type !== "bfloat16" && value.type !== "string") encodeNpy(value);
      return true;
    },
  },
  {
    name: "safetensors",
    share: 12,
    seeds: () => corpusOf("safetensors"),
    mutate: mutateSafetensors,
    read: (bytes) => {
      const { tensors, metadata } = decodeSafetensors(bytes);
      encodeSafetensors(tensors, metadata);
      return true;
    },
  },
  {
    name: "checkpoint",
    share: 6,
    seeds: () => corpusOf("safetensors", "checkpoint.safetensors"),
    mutate: mutateSafetensors,
    read: (bytes, { number }) => {
      const state = decodeCheckpoint(number % 4 === 0 ? bytes : withChecksum(bytes, "state"));
      encodeCheckpoint(state);
      return true;
    },
  },
  {
    name: "activations-state",
    share: 6,
    seeds: () => corpusOf("safetensors", "activations-state.safetensors"),
    mutate: mutateSafetensors,
    read: (bytes, { number }) => {
      const given = number % 4 === 0 ? bytes : withChecksum(bytes, "");
      const record = SetRecord.decode(setPlan, setRecipe, given);
      record?.encode(setRecipe);
      return record !== undefined;
    },
  },
  {
    name: "idx",
    share: 6,
    seeds: () => corpusOf("idx"),
    mutate: mutateIdx,
    read: async (bytes) => {
      const [pictures, labels] = idxPair;
      const isOfPictures = bytes[3] !== 1;
      const set = idxDataset(
        { name: "pictures", bytes: isOfPictures ? bytes : pictures },
        { name: "labels", bytes: isOfPictures ? labels : bytes },
      );
      await set.read(set.length - 1);
      return true;
    },
  },
  {
    name: "gzip",
    share: 3,
    seeds: () => corpusOf("gzip"),
    mutate: mutateGzip(mutateBytes),
    read: (bytes) => expandGzip(bytes, 2 ** 22).length >= 0,
  },
  {
    name: "mnist",
    share: 2,
    seeds: () => corpusOf("gzip"),
    mutate: mutateGzip(mutateIdx),
    read: async (bytes) => {
      const [pictures, labels] = idxPair;
      const files = {
        "train-images-idx3-ubyte.gz": bytes,
        "train-labels-idx1-ubyte": labels,
        "t10k-images-idx3-ubyte": pictures,
        "t10k-labels-idx1-ubyte": labels,
      };
      const { training } = await readMnist(memoryPlatform({ files }), ".");
      await training.read(0);
      return true;
    },
  },
];

/** Pictures and their labels. */
const idxPair = corpusOf("idx").toSorted((a, b) => b[3]! - a[3]!) as unknown as readonly [
  Uint8Array,
  Uint8Array,
];
