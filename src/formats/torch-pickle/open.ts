/** @file Opens files that torch.save wrote: zip archives, and the plain pickles of before PyTorch 1.6. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { bytesPerElement } from "../../graph/tensor.ts";
import type { FolderSource } from "../folder-source.ts";
import { memorySource, type ByteSource } from "../source.ts";
import { isZip } from "../zip-start.ts";
import { zipFolder } from "../zip-folder.ts";
import { badPickle } from "./pickle-bytes.ts";
import { readPickle } from "./pickle-machine.ts";
import {
  PickleGlobal,
  PickleObject,
  PickleReference,
  PickleTuple,
  type PickleValue,
} from "./pickle-value.ts";
import { keyText, type FindStorage } from "./rebuilt.ts";
import type { Storage } from "./stored-tensor.ts";
import { storageTypes } from "./torch-types.ts";

/** Bytes of the pickle itself, in which no numbers of weights lie. */
const mostPickleBytes = 2 ** 27;

/** What a file holds, and where its storages are. */
export interface TorchFile {
  readonly root: PickleValue;
  readonly find: FindStorage;
}

/** Whether a folder's files are what torch.save packs, or torch.jit.save. */
function isTorchFolder(files: readonly string[]): boolean {
  return files.includes("data.pkl");
}

/** Whether bytes start as a pickle of torch.save does: the number 0x1950a86a20f9469cfc6c. */
export function isOldTorchFile(start: Uint8Array): boolean {
  const wanted = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  return start[0] === 0x80 && wanted.every((byte, i) => start[i + 2] === byte);
}

/** What a file of torch.save holds. Throws `bad-file`, also for TorchScript and for other files. */
export async function openTorchFile(source: ByteSource): Promise<TorchFile> {
  const start = await source.read(0, Math.min(source.size, 16));
  if (isZip(start)) return openTorchFolder(await zipFolder(source));
  if (isOldTorchFile(start)) return openOldFile(source);
  throw badPickle(
    "a file of weights must be one that torch.save wrote, got another kind of file",
    "save model.state_dict() with torch.save",
  );
}

/** What the files of an archive of torch.save hold. Throws as `openTorchFile`. */
async function openTorchFolder(folder: FolderSource): Promise<TorchFile> {
  const isScript = folder.files.some(
    (path) => path === "constants.pkl" || path.startsWith("code/"),
  );
  if (isScript) {
    throw badPickle(
      "a file of weights must hold a dictionary of tensors, got a TorchScript program",
      "save model.state_dict() with torch.save, or the network with torch.export.save",
    );
  }
  if (!isTorchFolder(folder.files)) {
    throw badPickle(
      "an archive of weights must hold data.pkl, got none",
      "save model.state_dict() with torch.save",
    );
  }
  const { value } = readPickle(await wholeOf(await folder.file("data.pkl")));
  const isBigEndian = await isBig(folder);
  const files = new Set(folder.files);
  const find: FindStorage = (key, bytes) => {
    const path = `data/${key}`;
    if (!files.has(path)) {
      throw badPickle(`the storage "${key}" must be in the file, got none`);
    }
    const open = async () => ({ source: await folder.file(path), startBytes: 0 });
    return { name: key, bytes, open, isBigEndian };
  };
  return { root: value, find: remembered(find) };
}

/** Views of the same storage know it by its one object. */
function remembered(find: FindStorage): FindStorage {
  const known = new Map<string, Storage>();
  return (key, bytes) => {
    const old = known.get(key);
    if (old) return { ...old, bytes };
    const found = find(key, bytes);
    known.set(key, found);
    return found;
  };
}

async function isBig(folder: FolderSource): Promise<boolean> {
  if (!folder.files.includes("byteorder")) return false;
  const source = await folder.file("byteorder");
  const letters = await source.read(0, Math.min(source.size, 16));
  return getTextEncoding().decodeUtf8(letters).trim() === "big";
}

async function wholeOf(source: ByteSource): Promise<Uint8Array> {
  if (source.size > mostPickleBytes) {
    throw badPickle(`data.pkl must have at most ${mostPickleBytes} bytes, got ${source.size}`);
  }
  return source.read(0, source.size);
}

const mostOldBytes = 2 ** 31 - 1;

/**
 * Five pickles: a number, the version, what the system is like, the values, and the keys of storages; these follow, each
 * behind its count of elements.
 */
async function openOldFile(source: ByteSource): Promise<TorchFile> {
  if (source.size > mostOldBytes) {
    throw badPickle(
      `a file of before PyTorch 1.6 must have at most ${mostOldBytes} bytes, got ${source.size}`,
      "save it again with a newer PyTorch",
    );
  }
  const bytes = await source.read(0, source.size);
  const version = readPickle(bytes, readPickle(bytes).end);
  if (version.value !== 1001) throw badPickle("the version must be 1001, got another");
  const system = readPickle(bytes, version.end);
  const values = readPickle(bytes, system.end);
  const keys = readPickle(bytes, values.end);
  if (!Array.isArray(keys.value)) throw badPickle("the keys of storages must be a list");
  const isBigEndian = system.value instanceof Map && system.value.get("little_endian") === false;
  const widths = widthsOf(values.value);
  const places = new Map<string, { start: number; bytes: number }>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = keys.end;
  for (const key of keys.value) {
    const name = keyText(key);
    if (at + 8 > bytes.byteLength) throw badPickle(`the storage "${name}" must be in the file`);
    const size = Number(view.getBigInt64(at, !isBigEndian)) * (widths.get(name) ?? 1);
    if (!(size >= 0 && at + 8 + size <= bytes.byteLength)) {
      throw badPickle(`the storage "${name}" must end in the file, got ${size} bytes`);
    }
    places.set(name, { start: at + 8, bytes: size });
    at += 8 + size;
  }
  const whole = memorySource(source.name, bytes);
  const find: FindStorage = (key) => {
    const place = places.get(key);
    if (!place) throw badPickle(`the storage "${key}" must be in the file, got none`);
    const open = async () => ({ source: whole, startBytes: place.start });
    return { name: key, bytes: place.bytes, open, isBigEndian };
  };
  return { root: values.value, find: remembered(find) };
}

/** Bytes of the elements of each storage, by the references to it. */
function widthsOf(root: PickleValue): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  const seen = new Set<PickleValue>();
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PickleReference && value.id instanceof PickleTuple) {
      const [, maker, key] = value.id.items;
      const name = maker instanceof PickleGlobal ? maker.name.split(".").at(-1)! : "";
      const type = Object.hasOwn(storageTypes, name) ? storageTypes[name] : undefined;
      if (type && key !== undefined) widths.set(keyText(key), bytesPerElement(type));
    }
    for (const inside of insideOf(value)) waiting.push(inside);
  }
  return widths;
}

function insideOf(value: object): readonly PickleValue[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()] as PickleValue[];
  if (Array.isArray(value)) return value as PickleValue[];
  if (value instanceof PickleTuple) return value.items;
  return value instanceof PickleObject ? [...value.given, value.state] : [];
}
