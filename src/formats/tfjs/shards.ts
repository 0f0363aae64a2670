/** @file The files of a group of weights, read as the one that they are when they are put together. */
import { baseName, folderOf } from "../../wording/paths.ts";
import type { ByteSource } from "../source.ts";
import { badTfjs } from "./bad-tfjs.ts";
import { expanded } from "./expanded.ts";

/** A part of a file. */
interface FilePart {
  readonly file: ByteSource;
  /** Where the part begins in the file. */
  readonly offset: number;
}

/** Files one after the other. */
export class Shards {
  readonly #files: readonly ByteSource[];
  readonly #starts: readonly number[];
  readonly size: number;

  constructor(files: readonly ByteSource[]) {
    let size = 0;
    this.#starts = files.map((file) => (size += file.size) - file.size);
    this.#files = files;
    this.size = size;
  }

  /** The `length` bytes from `offset` on, in a buffer of their own. Throws `bad-file` where the files end before. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const whole = this.within(offset, length);
    if (whole) return complete(whole.file, await whole.file.read(whole.offset, length), length);
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const { file, start } = this.#at(offset + at);
      const from = offset + at - start;
      const wanted = Math.min(file.size - from, length - at);
      bytes.set(complete(file, await file.read(from, wanted), wanted), at);
      at += wanted;
    }
    return bytes;
  }

  /** The one file in which the bytes lie; undefined if they lie in several. */
  within(offset: number, length: number): FilePart | undefined {
    if (this.#files.length === 0) return undefined;
    const { file, start } = this.#at(offset);
    const isWithin = offset + length <= start + file.size;
    return isWithin ? { file, offset: offset - start } : undefined;
  }

  /** The file that holds the byte at `offset`; the last one for the end. */
  #at(offset: number): { readonly file: ByteSource; readonly start: number } {
    let [low, high] = [0, this.#files.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.#files[low]!, start: this.#starts[low]! };
  }
}

function complete({ name }: ByteSource, bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.byteLength === length) return bytes;
  throw badTfjs(`"${name}" must not end while it is read, got its end`, "read it once more");
}

/** Weights hardly pack, so what they expand to is not much more than was stored; small files may be full of zeros. */
const mostRatio = 100;
const smallBytes = 2 ** 26;

/** The files of a model's weights, which lie beside its model.json. */
export class ShardFiles {
  readonly #model: ByteSource;
  readonly #names = new Set<string>();
  #storedBytes = 0;
  #expandedBytes = 0;

  constructor(model: ByteSource) {
    this.#model = model;
  }

  /**
   * The files of a group. Where they have not as many bytes as are `wanted`, those packed by gzip are expanded. Throws
   * `bad-file` for a file that is missing, for one that was opened before, and for files that expand to far more.
   */
  async open(paths: readonly string[], wanted: number | undefined): Promise<Shards> {
    const files: ByteSource[] = [];
    for (const path of paths) files.push(await this.#file(path));
    const stored = new Shards(files);
    this.#storedBytes += stored.size;
    if (stored.size === wanted) return stored;
    const plain: ByteSource[] = [];
    for (const file of files) plain.push(await this.#expanded(file));
    return new Shards(plain);
  }

  /** Two paths may lead to one file, as those that were handed in one by one have no folders. */
  async #file(path: string): Promise<ByteSource> {
    const file = await shardOf(path, this.#model);
    if (!this.#names.has(file.name)) {
      this.#names.add(file.name);
      return file;
    }
    throw badTfjs(
      `each file of weights must be named once, got "${file.name}" again as "${path}"`,
      "give the model's folder or zip archive",
    );
  }

  async #expanded(file: ByteSource): Promise<ByteSource> {
    const most = Math.max(smallBytes, mostRatio * this.#storedBytes);
    const plain = await expanded(file, most - this.#expandedBytes);
    if (plain !== file) this.#expandedBytes += plain.size;
    return plain;
  }
}

/** Files that were handed in one by one lie beside the model, whatever folder it names. */
async function shardOf(path: string, model: ByteSource): Promise<ByteSource> {
  const name = baseName(path);
  const found =
    (await model.beside(path)) ?? (name === path ? undefined : await model.beside(name));
  if (found) return found;
  const folder = folderOf(model.name);
  const place = folder === "." ? `beside "${model.name}"` : `in "${folder}"`;
  throw badTfjs(
    `the weights in "${path}" must lie ${place}, got no such file`,
    "put the file there, or give its folder or zip archive",
  );
}
