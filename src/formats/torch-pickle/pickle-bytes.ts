/** @file The bytes of a pickle, read from front to end within their bounds. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { LimpidError } from "../../errors.ts";

/** A refusal of a pickle. */
export function badPickle(
  what: string,
  advice = "check that the download is complete",
): LimpidError {
  return new LimpidError("bad-file", `pickle: ${what}. ${advice}.`);
}

/** Whole numbers of Python's that are longer are none of a model's. */
const mostIntegerBytes = 64;

/** Reads one thing after the other; every method throws `bad-file` where the bytes end before it. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  byte(): number {
    return this.#view.getUint8(this.#pass(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#pass(4), true);
  }

  /** A length of four bytes, which is not below zero. */
  uint32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  /** A length of eight bytes; one beyond all files is beyond these bytes too. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#pass(8), true));
  }

  /** A float of eight bytes, the highest first. */
  float64(): number {
    return this.#view.getFloat64(this.#pass(8));
  }

  bytes(length: number): Uint8Array {
    const start = this.#pass(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return getTextEncoding().decodeUtf8(this.bytes(length));
  }

  /** Text up to the end of its line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw badPickle("a line must end, got the end of the file");
    const text = this.text(end - this.at);
    this.at += 1;
    return text;
  }

  /** A whole number of `length` bytes in two's complement, the lowest first. */
  integer(length: number): number | bigint {
    if (length > mostIntegerBytes) {
      throw badPickle(`a whole number must have at most ${mostIntegerBytes} bytes, got ${length}`);
    }
    let value = 0n;
    for (const byte of this.bytes(length).toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = BigInt.asIntN(8 * length, value);
    return plainInteger(signed);
  }

  #pass(length: number): number {
    const start = this.at;
    if (length > this.#bytes.byteLength - start) {
      throw badPickle(`${length} bytes must follow at ${start}, got the end of the file`);
    }
    this.at += length;
    return start;
  }
}

/** A number where it is exact. */
export function plainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
