/** @file Messages of protocol buffers, field by field, within the bytes that are there. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { LimpidError } from "../../../errors.ts";
import { badGraph } from "../description.ts";

/** A field as it is met: its number, how it is stored, and a reader that stands before its value. */
export interface WireField {
  readonly number: number;
  readonly wireType: WireType;
  readonly reader: BinaryReader;
}

/** Reads a field's value and says so; what it leaves is skipped. */
export type TakeField = (field: WireField) => boolean;

/** Goes over the fields of a message. Throws `bad-file` for bytes that are none. */
export function eachField(bytes: Uint8Array, take: TakeField): void {
  const reader = new BinaryReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      if (!take({ number, wireType, reader })) reader.skip(wireType, number);
    }
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    throw badGraph(
      "the file must be a graph of TensorFlow, got bytes that make no sense",
      "check that the download is complete",
      cause,
    );
  }
}

/** The bytes of a field that has a length; a view of the message's. Throws for a field of another kind. */
export function bytesOf({ wireType, reader }: WireField): Uint8Array {
  if (wireType === WireType.LengthDelimited) return reader.bytes();
  throw badGraph(`fields must be stored as their kind is, got ${wireType}`);
}

/** Text of a field; what is no UTF-8 is told as such letters. */
export function textOf(field: WireField): string {
  return decoder.decode(bytesOf(field));
}

const decoder = new TextDecoder();

/** The key of an entry of a map, and the bytes of its value; undefined for none. */
export function entryOf(bytes: Uint8Array): readonly [string, Uint8Array | undefined] {
  let key = "";
  let value: Uint8Array | undefined;
  eachField(bytes, (field) => {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = bytesOf(field);
    else return false;
    return true;
  });
  return [key, value];
}

/** A whole number of up to 64 bits, the nearest safe one beyond 2^53. */
export function wholeOf({ wireType, reader }: WireField): number {
  if (wireType === WireType.Varint) return safeWhole(reader);
  throw badGraph(`whole numbers must be stored as such, got ${wireType}`);
}

/** Whole numbers of a repeated field: one, or a list. */
export function wholesOf(field: WireField): readonly number[] {
  if (field.wireType !== WireType.LengthDelimited) return [wholeOf(field)];
  return listOf(field, safeWhole);
}

/** What lies behind all others in 64 bits would become a number below 0 when it is written in 64 bits again. */
function safeWhole(reader: BinaryReader): number {
  const number = Number(reader.int64());
  return Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** Floats of a repeated field: one, or a list. */
export function floatsOf(field: WireField): readonly number[] {
  if (field.wireType === WireType.Bit32) return [field.reader.float()];
  return listOf(field, (reader) => reader.float());
}

/** As `floatsOf`, in double precision. */
export function doublesOf(field: WireField): readonly number[] {
  if (field.wireType === WireType.Bit64) return [field.reader.double()];
  return listOf(field, (reader) => reader.double());
}

function listOf(field: WireField, read: (reader: BinaryReader) => number): readonly number[] {
  const inner = new BinaryReader(bytesOf(field));
  const numbers: number[] = [];
  while (inner.pos < inner.len) numbers.push(read(inner));
  if (inner.pos > inner.len) throw badGraph("lists of numbers must end where they say");
  return numbers;
}
