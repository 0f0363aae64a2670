/** @file Tables of flatbuffers, written from plain objects. */
import { Builder } from "flatbuffers";

/** The value of a field; fields of a table are known by their numbers in the schema. */
export type Flat =
  | { readonly int8: number }
  | { readonly int32: number }
  | { readonly float32: number }
  | { readonly text: string }
  | { readonly table: FlatFields }
  | { readonly tables: readonly FlatFields[] }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly longs: readonly number[] }
  | { readonly bytes: Uint8Array };

export type FlatFields = Readonly<Record<number, Flat>>;

/** The bytes of a file whose root is the table. */
export function flatFile(root: FlatFields, identifier: string): Uint8Array<ArrayBuffer> {
  const b = new Builder(1024);
  b.finish(writeTable(b, root), identifier);
  return b.asUint8Array().slice();
}

function writeTable(b: Builder, fields: FlatFields): number {
  const entries = Object.entries(fields).map(([id, value]) => [Number(id), value] as const);
  const offsets = new Map(
    entries.flatMap(([id, value]) => {
      const offset = writeChild(b, value);
      return offset === undefined ? [] : [[id, offset] as const];
    }),
  );
  b.startObject(Math.max(-1, ...entries.map(([id]) => id)) + 1);
  b.forceDefaults(true);
  for (const [id, value] of entries) {
    if ("int8" in value) b.addFieldInt8(id, value.int8, 0);
    else if ("int32" in value) b.addFieldInt32(id, value.int32, 0);
    else if ("float32" in value) b.addFieldFloat32(id, value.float32, 0);
    else b.addFieldOffset(id, offsets.get(id)!, 0);
  }
  return b.endObject();
}

/** Where what a field refers to is written; undefined for numbers. */
function writeChild(b: Builder, value: Flat): number | undefined {
  if ("text" in value) return b.createString(value.text);
  if ("table" in value) return writeTable(b, value.table);
  if ("bytes" in value) {
    b.startVector(1, value.bytes.length, 16);
    for (const byte of value.bytes.toReversed()) b.addInt8(byte);
    return b.endVector();
  }
  if ("ints" in value) return vector(b, 4, value.ints, (one) => b.addInt32(one));
  if ("floats" in value) return vector(b, 4, value.floats, (one) => b.addFloat32(one));
  if ("longs" in value) return vector(b, 8, value.longs, (one) => b.addInt64(BigInt(one)));
  if (!("tables" in value)) return undefined;
  const offsets = value.tables.map((table) => writeTable(b, table));
  return vector(b, 4, offsets, (one) => b.addOffset(one));
}

function vector(
  b: Builder,
  bytes: number,
  values: readonly number[],
  add: (value: number) => void,
): number {
  b.startVector(bytes, values.length, bytes);
  for (const value of values.toReversed()) add(value);
  return b.endVector();
}
