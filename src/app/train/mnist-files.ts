/** @file The four files of MNIST in a folder, compressed or not. */
import { LimpidError } from "../../errors.ts";
import { expandGzip, isGzip } from "../../formats/gzip.ts";
import type { DataSplit, Dataset } from "../../image/dataset.ts";
import { idxDataset, type IdxFile } from "../../train/data/idx.ts";
import { joinPath } from "../../wording/paths.ts";
import type { Platform } from "../platform.ts";

/** Names of the files, with the two ways of writing them that are about. */
const names = {
  trainingImages: ["train-images-idx3-ubyte", "train-images.idx3-ubyte"],
  trainingLabels: ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"],
  heldOutImages: ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"],
  heldOutLabels: ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"],
} as const;

/** What no file of this kind comes near; a small archive can hold far more. */
const mostBytes = 2 ** 31 - 1;

type Reader = Pick<Platform, "find" | "readBytes">;

/** The file of a folder under one of its names, or undefined. */
async function findFile(
  platform: Reader,
  folder: string,
  choices: readonly string[],
): Promise<string | undefined> {
  const paths = choices.flatMap((name) => [joinPath(folder, name), joinPath(folder, `${name}.gz`)]);
  const found = await Promise.all(paths.map((path) => platform.find(path)));
  return paths.find((_, i) => found[i]);
}

/** Whether a folder holds MNIST's files: at least that of the training pictures. */
export async function holdsMnist(platform: Reader, folder: string): Promise<boolean> {
  return (await findFile(platform, folder, names.trainingImages)) !== undefined;
}

/**
 * The data sets of a folder with MNIST's four files, or those of a set in its form (10 classes), named as
 * its authors do, with or without `.gz`. Throws `bad-file` for a missing or broken one.
 */
export async function readMnist(platform: Reader, folder: string): Promise<DataSplit> {
  const read = (choices: readonly string[]) => readIdxFile(platform, folder, choices);
  const pair = async (images: readonly string[], labels: readonly string[]): Promise<Dataset> =>
    idxDataset(await read(images), await read(labels));
  return {
    training: await pair(names.trainingImages, names.trainingLabels),
    heldOut: await pair(names.heldOutImages, names.heldOutLabels),
  };
}

async function readIdxFile(
  platform: Reader,
  folder: string,
  choices: readonly string[],
): Promise<IdxFile> {
  const path = await findFile(platform, folder, choices);
  if (path === undefined) {
    throw new LimpidError(
      "bad-file",
      `mnist: the folder "${folder}" must hold "${choices[0]}" or "${choices[0]}.gz", got neither. fetch the set again.`,
    );
  }
  const bytes = await platform.readBytes(path);
  return { name: path, bytes: isGzip(bytes) ? expanded(path, bytes) : bytes };
}

function expanded(path: string, bytes: Uint8Array): Uint8Array {
  try {
    return expandGzip(bytes, mostBytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LimpidError(
      "bad-file",
      `mnist: "${path}" must be a whole gzip archive, got a broken one (${reason}). fetch it again.`,
      { cause },
    );
  }
}
