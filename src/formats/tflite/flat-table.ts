/** @file Tables of flatbuffers, field by field, within the bytes that are there. */
import { ByteBuffer } from "flatbuffers";
import { badTflite } from "./bad-tflite.ts";

/** Entries of lists that are read for each byte of a file: lists may be shared, but not without end. */
const entriesPerByte = 2;

/** The bytes of a file, and how much of its lists may still be read. */
class FlatFile {
  readonly #bytes: Uint8Array;
  readonly #buffer: ByteBuffer;
  #left: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#buffer = new ByteBuffer(bytes);
    this.#left = entriesPerByte * bytes.length + 1024;
  }

  /** The reader, for `length` bytes from `at` on, which must be there. */
  at(at: number, length: number): ByteBuffer {
    if (at >= 0 && at + length <= this.#bytes.length) return this.#buffer;
    throw badTflite(`references must stay in the file, got byte ${at}`, "check the download");
  }

  /** Where the table, text or list lies that is referred to from there. */
  follow(at: number): number {
    return at + this.at(at, 4).readUint32(at);
  }

  /** Where the entries of a list start, and how many there are; all of them are in the file. */
  list(at: number, entryBytes: number): { readonly start: number; readonly count: number } {
    const count = this.at(at, 4).readUint32(at);
    this.at(at + 4, count * entryBytes);
    this.#left -= count;
    if (this.#left < 0) throw badTflite("lists must not be longer than the file, got so");
    return { start: at + 4, count };
  }

  /** Bytes of the file; a view. */
  view(start: number, length: number): Uint8Array {
    this.at(start, length);
    return this.#bytes.subarray(start, start + length);
  }
}

const decoder = new TextDecoder();

/** A table; its fields are known by their numbers in the schema. Every reader of it throws `bad-file`. */
export class FlatTable {
  readonly #file: FlatFile;
  readonly #at: number;

  constructor(file: FlatFile, at: number) {
    this.#file = file;
    this.#at = at;
  }

  /** A table of which all fields are left out: its vtable has no entries. */
  static readonly empty = FlatTable.root(Uint8Array.of(8, 0, 0, 0, 4, 0, 4, 0, 4, 0, 0, 0));

  /** The table at the root of a file. */
  static root(bytes: Uint8Array): FlatTable {
    const file = new FlatFile(bytes);
    return new FlatTable(file, file.follow(0));
  }

  /** Where a field's value lies; undefined if it is left out. */
  #field(id: number, length: number): number | undefined {
    const file = this.#file;
    const table = this.#at - file.at(this.#at, 4).readInt32(this.#at);
    const size = file.at(table, 4).readUint16(table);
    const place = 4 + 2 * id;
    if (place + 2 > size) return undefined;
    const offset = file.at(table + place, 2).readUint16(table + place);
    if (offset === 0) return undefined;
    file.at(this.#at + offset, length);
    return this.#at + offset;
  }

  int8(id: number, usual = 0): number {
    const at = this.#field(id, 1);
    return at === undefined ? usual : this.#file.at(at, 1).readInt8(at);
  }

  int32(id: number, usual = 0): number {
    const at = this.#field(id, 4);
    return at === undefined ? usual : this.#file.at(at, 4).readInt32(at);
  }

  uint32(id: number, usual = 0): number {
    return this.int32(id, usual) >>> 0;
  }

  /** 64 bits, beyond 2^53 the nearest number. */
  uint64(id: number): number {
    const at = this.#field(id, 8);
    return at === undefined ? 0 : Number(this.#file.at(at, 8).readUint64(at));
  }

  float32(id: number, usual = 0): number {
    const at = this.#field(id, 4);
    return at === undefined ? usual : this.#file.at(at, 4).readFloat32(at);
  }

  truth(id: number): boolean {
    return this.int8(id) !== 0;
  }

  text(id: number): string | undefined {
    const bytes = this.bytes(id);
    return bytes && decoder.decode(bytes);
  }

  /** A list of bytes; a view of the file's. */
  bytes(id: number): Uint8Array | undefined {
    const at = this.#field(id, 4);
    if (at === undefined) return undefined;
    const { start, count } = this.#file.list(this.#file.follow(at), 1);
    return this.#file.view(start, count);
  }

  table(id: number): FlatTable | undefined {
    const at = this.#field(id, 4);
    return at === undefined ? undefined : new FlatTable(this.#file, this.#file.follow(at));
  }

  tables(id: number): readonly FlatTable[] {
    return this.#list(id, 4, (_, at) => new FlatTable(this.#file, this.#file.follow(at)));
  }

  ints(id: number): readonly number[] {
    return this.#list(id, 4, (buffer, at) => buffer.readInt32(at));
  }

  floats(id: number): readonly number[] {
    return this.#list(id, 4, (buffer, at) => buffer.readFloat32(at));
  }

  /** 64-bit integers, beyond 2^53 the nearest numbers. */
  longs(id: number): readonly number[] {
    return this.#list(id, 8, (buffer, at) => Number(buffer.readInt64(at)));
  }

  #list<T>(id: number, bytes: number, read: (buffer: ByteBuffer, at: number) => T): readonly T[] {
    const field = this.#field(id, 4);
    if (field === undefined) return [];
    const { start, count } = this.#file.list(this.#file.follow(field), bytes);
    const buffer = this.#file.at(start, count * bytes);
    return Array.from({ length: count }, (_, i) => read(buffer, start + i * bytes));
  }
}
