/** @file Files that a program has in hand: as somebody chose them, or bytes with a name. */
import { heldBytes, type HeldFile } from "./held-files.ts";

/** What a `Blob` can do, in a browser and in Node. */
interface AnyBlob {
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
