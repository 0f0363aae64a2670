/** @file Numbers of HDF5 structures, one after the other, and never beyond the end of their bytes. */
import { plainBytes } from "../../bytes.ts";
import { badHdf5 } from "./bad-hdf5.ts";

/** How many bytes a file's addresses and lengths take: 2, 4 or 8. */
export interface Sizes {
  readonly address: number;
  readonly length: number;
}

const text = new TextDecoder();

/** A place in bytes that moves as they are read. Everything is little-endian; every method throws `bad-file` at the end. */
export class Cursor {
  readonly sizes: Sizes;
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, sizes: Sizes) {
    this.#bytes = plainBytes(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.sizes = sizes;
  }

  /** Bytes from here to the end. */
  get left(): number {
    return this.#bytes.byteLength - this.at;
  }

  skip(count: number): this {
    this.#take(count);
    return this;
  }

  /** Goes on to the next place whose distance from `start` is a multiple of 8. */
  align(start: number): void {
    this.skip((8 - ((this.at - start) % 8)) % 8);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A whole number of 1 to 8 bytes. Throws `bad-file` for one that no file can need. */
  uint(size: number): number {
    const from = this.#take(size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.#bytes[from + i]!;
    if (value > Number.MAX_SAFE_INTEGER) {
      throw badHdf5(`numbers must be at most 2^53, got ${value} at byte ${from} of a structure`);
    }
    return value;
  }

  /** A length as wide as the file has them. */
  length(): number {
    return this.uint(this.sizes.length);
  }

  /** An address, or undefined for one that says that there is nothing. */
  address(): number | undefined {
    const { address: size } = this.sizes;
    const from = this.at;
    const bytes = this.bytes(size);
    if (bytes.every((byte) => byte === 0xff)) return undefined;
    this.at = from;
    return this.uint(size);
  }

  /** An address that must be one. */
  addressOf(what: string): number {
    const address = this.address();
    if (address === undefined) throw badHdf5(`${what} must lie somewhere, got no address`);
    return address;
  }

  /** The next bytes themselves, not a copy. */
  bytes(count: number): Uint8Array {
    const from = this.#take(count);
    return this.#bytes.subarray(from, from + count);
  }

  /** Text of so many bytes, up to the first 0. */
  text(count: number): string {
    return decodeText(this.bytes(count));
  }

  /** Text up to a 0, which is read too. */
  textToZero(): string {
    const end = this.#bytes.indexOf(0, this.at);
    if (end < 0) throw badHdf5("a name must end with 0, got the end of its bytes");
    const found = this.text(end - this.at);
    this.at += 1;
    return found;
  }

  /** A cursor of its own over the next bytes. */
  part(count: number): Cursor {
    return new Cursor(this.bytes(count), this.sizes);
  }

  /** Reads the four letters that a structure starts with. */
  signature(letters: string): this {
    const found = this.bytes(4);
    if (letters.split("").every((letter, i) => letter.charCodeAt(0) === found[i])) return this;
    const shown = Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw badHdf5(`a structure must start with ${letters}, got bytes ${shown}`);
  }

  /** Reads a version, which must be one of these. */
  version(what: string, ...known: readonly number[]): number {
    const found = this.u8();
    if (known.includes(found)) return found;
    throw badHdf5(`${what} must have version ${known.join(" or ")}, got ${found}`);
  }

  #take(count: number): number {
    const from = this.at;
    if (!(count >= 0 && count <= this.left)) {
      throw badHdf5(`a structure must hold ${count} bytes more, got ${this.left}`);
    }
    this.at += count;
    return from;
  }
}

/** Text in UTF-8, of which ASCII is a part, up to the first 0. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return text.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
