/** @file Files that a program has in hand: as somebody chose them, or bytes with a name. */
import { LimpidError } from "../errors.ts";
import { heldBytes, type HeldFile } from "./held-files.ts";

/** What a `Blob` can do, in a browser and in Node. */
export interface AnyBlob {
  readonly size: number;
  slice(from: number, to: number): AnyBlob;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A `File`. */
interface AnyFile extends AnyBlob {
  readonly name: string;
  readonly lastModified: number;
  /** Set where a folder was chosen, in a browser. */
  readonly webkitRelativePath?: string;
}

/** Anything with a name given to it. */
export interface NamedFile<B extends AnyBlob = AnyBlob> {
  /** A path, if it should lie in a folder. */
  readonly name: string;
  readonly data: B | Uint8Array | string;
}

/** A file that is handed in. */
export type HandedFile = AnyFile | NamedFile;

/**
 * One file, or all of several: a list, or what a page's `input.files` is. Throws `bad-option` for anything that is no
 * file with a name and contents, such as bytes alone.
 */
export function filesInHand<F extends HandedFile>(given: F | Iterable<F>): readonly F[] {
  const files = isSeveral(given) ? [...given] : [given];
  for (const file of files) {
    if (isHanded(file)) continue;
    throw new LimpidError(
      "bad-option",
      `open: a model must be a path, an address, a File, or contents with a name, got ${kindOf(file)}. give { name: "model.onnx", data }.`,
    );
  }
  return files;
}

/** Bytes can be gone through too. */
function isSeveral<F>(given: F | Iterable<F>): given is Iterable<F> {
  const isObject = typeof given === "object" && given !== null;
  return isObject && Symbol.iterator in given && !ArrayBuffer.isView(given);
}

/** What programs hand in is not always what its type says. */
export function isHanded(file: unknown): boolean {
  if (typeof file !== "object" || file === null) return false;
  const { name, data = file } = file as { readonly name?: unknown; readonly data?: unknown };
  const isBlob = typeof data === "object" && data !== null && "arrayBuffer" in data;
  const isContents = typeof data === "string" || data instanceof Uint8Array || isBlob;
  return typeof name === "string" && isContents;
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value).slice(0, 40);
  const isBytes =
    ArrayBuffer.isView(value) || value instanceof ArrayBuffer || "arrayBuffer" in value;
  return isBytes ? "bytes without a name" : "another object";
}

/** The path by which a file that was handed in is found. */
export function pathOf(file: HandedFile): string {
  const path = "data" in file ? "" : file.webkitRelativePath;
  return path || file.name;
}

/** Blobs are read from where the machine has them when somebody asks, piece by piece. */
export function heldFile(file: HandedFile): HeldFile {
  if (!("data" in file)) return heldBlob(file, file.lastModified);
  const { data } = file;
  return typeof data === "string" || data instanceof Uint8Array
    ? heldBytes(data)
    : heldBlob(data, 0);
}

function heldBlob(blob: AnyBlob, modifiedMs: number): HeldFile {
  return {
    size: blob.size,
    modifiedMs,
    read: async (offset, length) =>
      new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
