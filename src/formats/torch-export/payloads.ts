/** @file Where the weights and constants of an exported program lie, in each layout of its archive. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { bytesPerElement } from "../../graph/tensor.ts";
import type { FolderSource } from "../folder-source.ts";
import { weightsOf } from "../torch-pickle/checkpoint.ts";
import { openTorchFile } from "../torch-pickle/open.ts";
import { PickleReference, type PickleValue } from "../torch-pickle/pickle-value.ts";
import { tensorOf, UnreadTensor } from "../torch-pickle/rebuilt.ts";
import type { Storage, StoredTensor } from "../torch-pickle/stored-tensor.ts";
import { badExport } from "./bad-export.ts";
import { readText } from "./read-text.ts";
import { metaOf, scalarType, sizeOf } from "./meta.ts";
import { payloadSchema, type TensorMeta } from "./schema.ts";

/** Finds a weight or constant by its name; undefined where there is none. Throws `bad-file`. */
export type FindPayload = (name: string) => Promise<StoredTensor | undefined>;

const none: ReadonlySet<string> = new Set();

/** Of raw bytes under `folder`, as `NAME_weights_config.json` lists them, or of one file of torch.save. */
export async function payloadsOf(
  archive: FolderSource,
  folder: string,
  model: string,
  kind: "weights" | "constants",
): Promise<FindPayload> {
  const pickled = `${folder}${model}.pt`;
  if (archive.files.includes(pickled)) return pickledPayloads(archive, pickled);
  const lists = [
    `${model}_${kind}_config.json`,
    `${model}_model_${kind}_config.json`,
    `${model}_model_param_config.json`,
  ];
  const list = lists.map((name) => `${folder}${name}`).find((path) => archive.files.includes(path));
  if (list === undefined) return async () => undefined;
  const { config } = await readText(archive, list, payloadSchema);
  const isBigEndian = await isBig(archive);
  const storages = new Map<string, Storage>();
  return async (name) => {
    const entry = Object.hasOwn(config, name) ? config[name] : undefined;
    if (!entry) return undefined;
    const path = `${folder}${entry.path_name}`;
    if (!archive.files.includes(path))
      throw badExport(`"${path}" must be in the archive, got none`);
    if (entry.use_pickle) return pickledTensor(archive, path, name);
    if (!entry.tensor_meta) throw badExport(`"${name}" must be a tensor, got another object`);
    const storage = storages.get(path) ?? (await storageAt(archive, path, isBigEndian));
    storages.set(path, storage);
    return viewOf(name, storage, entry.tensor_meta);
  };
}

/** The dictionary of a file of torch.save. */
export async function pickledPayloads(archive: FolderSource, path: string): Promise<FindPayload> {
  const { root, find } = await openTorchFile(await archive.file(path));
  // A program without constants has an empty dictionary.
  if (root instanceof Map && root.size === 0) return async () => undefined;
  const { weights } = weightsOf(root, find);
  return async (name) => {
    const tensor = weights.get(name);
    return tensor && read(name, tensor);
  };
}

async function pickledTensor(
  archive: FolderSource,
  path: string,
  name: string,
): Promise<StoredTensor> {
  const { root, find } = await openTorchFile(await archive.file(path));
  const tensor = tensorOf(root, find);
  if (!tensor) throw badExport(`"${name}" must be a tensor, got ${kindOf(root)}`);
  return read(name, tensor);
}

function kindOf(value: PickleValue): string {
  return value instanceof PickleReference ? "a reference" : "another object";
}

function read(name: string, tensor: StoredTensor | UnreadTensor): StoredTensor {
  if (!(tensor instanceof UnreadTensor)) return tensor;
  throw badExport(`"${name}" must be a plain tensor, got ${tensor.kind}`);
}

async function storageAt(
  archive: FolderSource,
  path: string,
  isBigEndian: boolean,
): Promise<Storage> {
  const source = await archive.file(path);
  const open = async () => ({ source, startBytes: 0 });
  return { name: path, bytes: source.size, open, isBigEndian };
}

function viewOf(name: string, storage: Storage, meta: TensorMeta): StoredTensor {
  const { sizes } = metaOf(name, meta, none);
  const type = scalarType(name, meta.dtype);
  const dims = sizes.map(({ value }) => value);
  if (storage.bytes === 0 && dims.every((dim) => dim > 0)) {
    throw badExport(
      `"${name}" must have its ${dims.join(" x ")} numbers in the archive, got none`,
      "export the network with its weights, not with fake tensors",
    );
  }
  const strides = meta.strides.map((size) => sizeOf(name, size, none).value);
  const offset = sizeOf(name, meta.storage_offset, none).value;
  if (storage.bytes < bytesPerElement(type) * offset) {
    throw badExport(`"${name}" must lie in its ${storage.bytes} bytes, got the offset ${offset}`);
  }
  return { storage, type, offset, dims, strides };
}

async function isBig(archive: FolderSource): Promise<boolean> {
  if (!archive.files.includes("byteorder")) return false;
  const source = await archive.file("byteorder");
  return getTextEncoding().decodeUtf8(await source.read(0, 3)) === "big";
}
