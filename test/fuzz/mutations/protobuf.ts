/** @file Mutations of protocol buffers at the level of the wire: fields, numbers, lengths, nesting. */
import { rearranged, type Draw, type Mutation } from "./draw.ts";
import { modelNames } from "./names.ts";
import { mutateText } from "./text.ts";
import { mutateBytes } from "./bytes.ts";

/** A field of a message, whatever the message is. */
interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of wire types 0, 1 and 5. */
  value?: bigint;
  /** Of wire type 2. */
  bytes?: Uint8Array;
  /** What the bytes are as a message; made when it is looked at. */
  fields?: Field[];
}

/** Bytes of a varint and where it ends; undefined where there is none. */
function readVarint(bytes: Uint8Array, from: number): readonly [bigint, number] | undefined {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return [value, from + i + 1];
  }
  return undefined;
}

/** The fields of a message; undefined where the bytes are none. */
export function readFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const key = readVarint(bytes, at);
    if (!key || key[0] < 8n || key[0] > 2n ** 14n) return undefined;
    const [number, wire] = [Number(key[0] >> 3n), Number(key[0] & 7n)];
    at = key[1];
    if (wire === 0 || wire === 2) {
      const read = readVarint(bytes, at);
      if (!read) return undefined;
      [, at] = read;
      if (wire === 0) fields.push({ number, wire, value: read[0] });
      else {
        const end = at + Number(read[0]);
        if (end > bytes.length) return undefined;
        fields.push({ number, wire, bytes: bytes.subarray(at, end) });
        at = end;
      }
    } else if (wire === 1 || wire === 5) {
      const size = wire === 1 ? 8 : 4;
      if (at + size > bytes.length) return undefined;
      const value = wire === 1 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true));
      fields.push({ number, wire, value });
      at += size;
    } else return undefined;
  }
  return fields;
}

function pushVarint(out: number[], value: bigint): void {
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
}

/** The bytes of fields. */
export function writeFields(fields: readonly Field[]): Uint8Array {
  const out: number[] = [];
  for (const { number, wire, value = 0n, bytes, fields: inner } of fields) {
    pushVarint(out, BigInt((number << 3) | wire));
    if (wire === 0) pushVarint(out, value);
    else if (wire === 2) {
      const content = inner ? writeFields(inner) : bytes!;
      pushVarint(out, BigInt(content.length));
      for (const byte of content) out.push(byte);
    } else {
      const size = wire === 1 ? 8n : 4n;
      for (let i = 0n; i < size; i++) out.push(Number((value >> (8n * i)) & 255n));
    }
  }
  return Uint8Array.from(out);
}

/** One change somewhere in a message; bytes that are none are changed as bytes. */
export const mutateProtobuf: Mutation = (bytes, draw) => {
  const fields = readFields(bytes);
  if (!fields || fields.length === 0) return mutateBytes(bytes, draw);
  return writeFields(changed(fields, draw));
};

/** Goes down at random, and changes what it comes to. */
function changed(fields: Field[], draw: Draw): Field[] {
  // Large lists of a kind, such as nodes, are no more likely than what stands alone.
  const numbers = [...new Set(fields.map(({ number }) => number))];
  const number = draw.of(numbers);
  const alike = fields.filter((field) => field.number === number);
  const field = draw.of(alike);
  if (draw.chance(0.12)) return withLists(fields, field, draw);
  if (field.wire === 2) {
    const inner = field.bytes!.length > 0 ? readFields(field.bytes!) : undefined;
    if (inner && draw.chance(0.92)) field.fields = changed(inner, draw);
    else if (draw.chance(0.05)) field.fields = nested(field, draw);
    else field.bytes = changedBytes(field.bytes!, draw);
  } else {
    field.value = field.wire === 0 ? draw.wide() : draw.of(patterns[field.wire === 5 ? 32 : 64]);
  }
  return fields;
}

/** Bits of floats: zero, one, the largest, infinity, not a number, tiny. */
const patterns = {
  32: [0n, 0x3f800000n, 0x7f7fffffn, 0x7f800000n, 0xff800000n, 0x7fc00000n, 1n, 0xbf800000n],
  64: [0n, 0x3ff0000000000000n, 0x7fefffffffffffffn, 0x7ff0000000000000n, 0x7ff8000000000000n, 1n],
} as const;

function changedBytes(bytes: Uint8Array, draw: Draw): Uint8Array {
  if (bytes.length === 0) return draw.random.bytes(1 + draw.below(8));
  if (bytes.length < 32 && draw.chance(0.2)) return new TextEncoder().encode(draw.of(modelNames));
  // Lists of numbers are packed varints, and names are text.
  if (draw.chance(0.3)) return packed(bytes, draw) ?? mutateText(bytes, draw);
  return draw.chance(0.5) ? mutateText(bytes, draw) : mutateBytes(bytes, draw);
}

function packed(bytes: Uint8Array, draw: Draw): Uint8Array | undefined {
  const numbers: bigint[] = [];
  for (let at = 0; at < bytes.length;) {
    const read = readVarint(bytes, at);
    if (!read) return undefined;
    numbers.push(read[0]);
    [, at] = read;
  }
  const result = draw.chance(0.3) ? rearranged(numbers, draw) : numbers.slice();
  if (result.length > 0) result[draw.below(result.length)] = draw.wide();
  const out: number[] = [];
  for (const value of result) pushVarint(out, value);
  return Uint8Array.from(out);
}

function withLists(fields: Field[], field: Field, draw: Draw): Field[] {
  if (draw.chance(0.7)) return rearranged(fields, draw);
  // A field of another number or type, which the reader may not know.
  const other = draw.of(fields);
  const copy = { ...field, number: draw.chance(0.5) ? other.number : 1 + draw.below(30) };
  return [...fields, copy];
}

/** The message in itself, some or very many times. */
function nested(field: Field, draw: Draw): Field[] {
  const times = draw.of([2, 5, 33, 101, 400]);
  let inner = readFields(field.bytes!) ?? [];
  for (let i = 0; i < times; i++) {
    inner = [{ number: field.number, wire: 2, bytes: writeFields(inner) }];
  }
  return inner;
}
