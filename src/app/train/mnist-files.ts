/** @file The four files of MNIST in a folder, compressed or not. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { LimpidError } from "../../errors.ts";
import type { DataSplit, Dataset } from "../../image/dataset.ts";
import { idxDataset, type IdxFile } from "../../train/data/idx.ts";
import { readBytes } from "../../node/files.ts";

/** Names of the files, with the two ways of writing them that are about. */
const names = {
  trainingImages: ["train-images-idx3-ubyte", "train-images.idx3-ubyte"],
  trainingLabels: ["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"],
  heldOutImages: ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"],
  heldOutLabels: ["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"],
} as const;

/** What no file of this kind comes near; a small archive can hold far more. */
const mostBytes = 2 ** 31 - 1;

/** The file of a folder under one of its names, or undefined. */
function findFile(folder: string, choices: readonly string[]): string | undefined {
  const paths = choices.flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)]);
  return paths.find((path) => existsSync(path));
}

/** Whether a folder holds MNIST's files: at least that of the training pictures. */
export function holdsMnist(folder: string): boolean {
  return findFile(folder, names.trainingImages) !== undefined;
}

/**
 * The data sets of a folder with MNIST's four files, or those of a set in its form (10 classes), named as
 * its authors do, with or without `.gz`. Throws `bad-file` for a missing or broken one.
 */
export async function readMnist(folder: string): Promise<DataSplit> {
  return {
    training: await readPair(folder, names.trainingImages, names.trainingLabels),
    heldOut: await readPair(folder, names.heldOutImages, names.heldOutLabels),
  };
}

async function readPair(
  folder: string,
  images: readonly string[],
  labels: readonly string[],
): Promise<Dataset> {
  return idxDataset(await readIdxFile(folder, images), await readIdxFile(folder, labels));
}

async function readIdxFile(folder: string, choices: readonly string[]): Promise<IdxFile> {
  const path = findFile(folder, choices);
  if (path === undefined) {
    throw new LimpidError(
      "bad-file",
      `mnist: the folder "${folder}" must hold "${choices[0]}" or "${choices[0]}.gz", got neither. fetch the set again.`,
    );
  }
  const bytes = await readBytes(path);
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return { name: path, bytes: isCompressed ? await expand(path, bytes) : bytes };
}

async function expand(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const buffer = await promisify(gunzip)(bytes, { maxOutputLength: mostBytes });
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LimpidError(
      "bad-file",
      `mnist: "${path}" must be a whole gzip archive, got a broken one (${reason}). fetch it again.`,
      { cause },
    );
  }
}
