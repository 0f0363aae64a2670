/** @file Global heaps: where texts lie whose length may differ. */
import { badHdf5 } from "./bad-hdf5.ts";
import { decodeText, type Cursor } from "./cursor.ts";
import type { FileBytes } from "./file-bytes.ts";

/** Objects of a collection by their numbers. */
type Collection = ReadonlyMap<number, Uint8Array>;

/** Collections that stay in memory; most files have a few of 4 KiB. */
const mostKept = 64;

/** Bytes that a text takes besides its letters. */
const textCost = 64;

/** The texts of one file. */
export class GlobalHeap {
  readonly #file: FileBytes;
  readonly #collections = new Map<number, Promise<Collection>>();

  constructor(file: FileBytes) {
    this.#file = file;
  }

  /** Reads where a text lies, and the text. Throws `bad-file`. */
  async text(reference: Cursor): Promise<string> {
    const length = reference.u32();
    this.#file.expand(length + textCost);
    const address = reference.address();
    const index = reference.u32();
    // A text that nobody wrote.
    if (address === undefined || length === 0 || index === 0) return "";
    const object = (await this.#collection(address)).get(index);
    if (!object || object.byteLength < length) {
      throw badHdf5(
        `a text of ${length} bytes must lie in the heap at ${address}, got ${object?.byteLength ?? "none"}`,
      );
    }
    return decodeText(object.subarray(0, length));
  }

  #collection(address: number): Promise<Collection> {
    const known = this.#collections.get(address);
    if (known) return known;
    if (this.#collections.size >= mostKept) {
      this.#collections.delete(this.#collections.keys().next().value!);
    }
    const read = this.#read(address);
    this.#collections.set(address, read);
    return read;
  }

  async #read(address: number): Promise<Collection> {
    const { sizes } = this.#file;
    const headBytes = 8 + sizes.length;
    const head = (await this.#file.at(address, headBytes)).signature("GCOL");
    head.version("a global heap", 1);
    const length = head.skip(3).length();
    this.#file.expand(length);
    const fields = await this.#file.at(address, length);
    fields.skip(headBytes);
    const objects = new Map<number, Uint8Array>();
    while (fields.left >= headBytes) {
      const index = fields.u16();
      const size = fields.skip(6).length();
      // What is free comes last.
      if (index === 0) break;
      const start = fields.at;
      objects.set(index, fields.bytes(size));
      if (fields.left > 0) fields.align(start);
    }
    return objects;
  }
}
