/** @file Pieces of an HDF5 file by their addresses, read once a page, and how much may be made of them. */
import type { ByteSource } from "../source.ts";
import { badHdf5 } from "./bad-hdf5.ts";
import { Cursor, type Sizes } from "./cursor.ts";

/** Structures are small and lie side by side; pages of them stay in memory. */
const pageBytes = 1 << 14;
const mostPages = 256;

/**
 * Bytes that a file may be expanded to, whatever its size, and how often its own size where that is more. Deflate packs
 * zeros 1032 times; a file that says more of itself is an attack.
 */
const always = 2 ** 26;
const timesTheFile = 1100;

/** The bytes of one file. */
export class FileBytes {
  readonly source: ByteSource;
  /** Where the superblock lies; addresses count from there. */
  readonly base: number;
  readonly sizes: Sizes;
  readonly #pages = new Map<number, Promise<Uint8Array>>();
  #expanded = 0;

  constructor(source: ByteSource, base: number, sizes: Sizes) {
    this.source = source;
    this.base = base;
    this.sizes = sizes;
  }

  /** The place in the file of `length` bytes at an address. Throws `bad-file` unless they lie inside. */
  offsetOf(address: number, length: number): number {
    const offset = this.base + address;
    const { size } = this.source;
    if (offset + length <= size) return offset;
    throw badHdf5(
      `${length} bytes at address ${address} must lie in the file, got a file of ${size} bytes`,
    );
  }

  /** The bytes at an address, which are the caller's own where they are longer than a page. */
  async read(address: number, length: number): Promise<Uint8Array> {
    const offset = this.offsetOf(address, length);
    const number = Math.floor(offset / pageBytes);
    const from = offset - number * pageBytes;
    if (from + length <= pageBytes) {
      return wholeOf((await this.#page(number)).subarray(from, from + length), length);
    }
    return wholeOf(await this.source.read(offset, length), length);
  }

  /** A cursor over the bytes at an address. */
  async at(address: number, length: number): Promise<Cursor> {
    return new Cursor(await this.read(address, length), this.sizes);
  }

  /** Counts bytes that are made and do not lie in the file as they are. Throws `bad-file` for too many. */
  expand(bytes: number): void {
    this.#expanded += bytes;
    const most = Math.max(always, timesTheFile * this.source.size);
    if (this.#expanded <= most) return;
    throw badHdf5(
      `a file of ${this.source.size} bytes must come to at most ${most}, got ${this.#expanded}`,
      "save the model again; a file that declares so much more than it stores is not read",
    );
  }

  #page(number: number): Promise<Uint8Array> {
    const known = this.#pages.get(number);
    if (known) return known;
    // The page that came first goes; all of a model's structures are rarely more.
    if (this.#pages.size >= mostPages) {
      this.#pages.delete(this.#pages.keys().next().value!);
    }
    const page = this.source.read(number * pageBytes, pageBytes);
    this.#pages.set(number, page);
    return page;
  }
}

function wholeOf(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.byteLength === length) return bytes;
  throw badHdf5(`the file must be whole, got ${bytes.byteLength} of ${length} bytes`);
}

/** A walk over structures that point at each other: each lies at a place of its own, and all of them in the file. */
export class Walk {
  readonly #file: FileBytes;
  readonly #seen = new Set<number>();
  #bytes = 0;

  constructor(file: FileBytes) {
    this.#file = file;
  }

  /** Throws `bad-file` for a place that the walk was at, and for more bytes than the file has. */
  visit(what: string, address: number, bytes: number): void {
    if (this.#seen.has(address)) {
      throw badHdf5(`${what} must be reached once, got a loop at address ${address}`);
    }
    this.#seen.add(address);
    this.#bytes += bytes;
    if (this.#bytes > this.#file.source.size) {
      throw badHdf5(`${what} must lie side by side, got more of them than the file has bytes`);
    }
  }
}
