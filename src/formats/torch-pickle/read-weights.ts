/** @file Stored tensors as tensors, each view once, and never far more bytes than the file has. */
import { LimpidError } from "../../errors.ts";
import { sizeInBytes, type Tensor } from "../../graph/tensor.ts";
import { readStored, type Storage, type StoredTensor } from "./stored-tensor.ts";

/** Views that overlap make more of the bytes that are stored; real ones hardly do. */
const mostTimes = 4;
const alwaysBytes = 2 ** 26;

/** The tensors by name; names of the same view have the same tensor. Throws as `readStored`. */
export async function readWeights(
  stored: ReadonlyMap<string, StoredTensor>,
): Promise<ReadonlyMap<string, Tensor>> {
  const bytes = await bytesOf(stored.values());
  let left = Math.max(alwaysBytes, mostTimes * bytes);
  const known = new Map<string, Tensor>();
  const tensors = new Map<string, Tensor>();
  for (const [name, view] of stored) {
    const key = viewKey(view);
    let tensor = known.get(key);
    if (!tensor) {
      left -= sizeInBytes(view);
      if (left < 0) throw tooMany(name, bytes);
      tensor = await readStored(name, view);
      known.set(key, tensor);
    }
    tensors.set(name, tensor);
  }
  return tensors;
}

/** Bytes that all storages have in the file, whatever they claim. */
async function bytesOf(views: Iterable<StoredTensor>): Promise<number> {
  const storages = new Map<string, Storage>();
  for (const { storage } of views) storages.set(storage.name, storage);
  let sum = 0;
  for (const storage of storages.values()) {
    const { source, startBytes } = await storage.open();
    sum += Math.min(storage.bytes, Math.max(source.size - startBytes, 0));
  }
  return sum;
}

/** The same text for the same elements. */
function viewKey({ storage, type, offset, dims, strides }: StoredTensor): string {
  return [JSON.stringify(storage.name), type, offset, dims.join(), strides.join()].join(" ");
}

function tooMany(name: string, bytes: number): LimpidError {
  return new LimpidError(
    "bad-file",
    `weights: tensors must have bytes of their own, got far more than the ${bytes} of the file at "${name}". save them anew.`,
  );
}
