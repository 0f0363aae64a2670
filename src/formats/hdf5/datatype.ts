/** @file Datatypes of HDF5: which of our element types they are, and which are refused by name. */
import { bytesPerElement, type ElementType } from "../../graph/tensor.ts";
import { badHdf5, notRead } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";

/** What the elements of a dataset or attribute are. */
export type Datatype =
  | {
      readonly kind: "numbers";
      readonly type: Exclude<ElementType, "string">;
      readonly size: number;
      readonly isBigEndian: boolean;
    }
  /** Texts of one length, filled up with 0 or blanks. */
  | { readonly kind: "text"; readonly size: number; readonly isBlankPadded: boolean }
  /** Texts of any length, which lie in a global heap. */
  | { readonly kind: "heap-text"; readonly size: number }
  /** Bytes of which only their user knows what they are; Keras writes bfloat16 so. */
  | { readonly kind: "opaque"; readonly size: number };

const classNames: Readonly<Record<number, string>> = {
  2: "times",
  4: "bit fields",
  6: "compound values",
  7: "references",
  10: "arrays as elements",
};

/** Reads a datatype message. Throws `bad-file` for elements that no tensor has. */
export function readDatatype(fields: Cursor): Datatype {
  const head = fields.u8();
  const bits = fields.uint(3);
  const size = fields.u32();
  const [kind, version] = [head & 15, head >> 4];
  if (version < 1 || version > 5) {
    throw badHdf5(`a datatype must have version 1 to 5, got ${version}`);
  }
  if (size === 0) throw badHdf5("elements must have bytes, got a datatype of 0");
  switch (kind) {
    case 0:
      return integers(fields, bits, size);
    case 1:
      return floats(fields, bits, size);
    case 3:
      return { kind: "text", size, isBlankPadded: (bits & 15) === 2 };
    case 5:
      return { kind: "opaque", size };
    case 8:
      return enumeration(fields, bits, version);
    case 9:
      if ((bits & 15) === 1) return { kind: "heap-text", size };
      throw notRead("the elements are lists of different lengths");
    default:
      throw notRead(`the elements are ${classNames[kind] ?? `of class ${kind}`}`);
  }
}

const integerTypes = {
  signed: { 1: "int8", 2: "int16", 4: "int32", 8: "int64" },
  unsigned: { 1: "uint8", 2: "uint16", 4: "uint32", 8: "uint64" },
} as const;

function integers(fields: Cursor, bits: number, size: number): Datatype {
  const [offset, precision] = [fields.u16(), fields.u16()];
  const types = integerTypes[bits & 8 ? "signed" : "unsigned"];
  if (offset !== 0 || precision !== size * 8 || !isKeyOf(types, size)) {
    throw notRead(`the elements are whole numbers of ${precision} bits in ${size} bytes`);
  }
  return { kind: "numbers", type: types[size], size, isBigEndian: (bits & 1) !== 0 };
}

/** Types by place and size of sign, exponent and fraction, and what is added to the exponent. */
const floatTypes: Readonly<Record<string, "float16" | "bfloat16" | "float32" | "float64">> = {
  "15 10 5 0 10 15": "float16",
  "15 7 8 0 7 127": "bfloat16",
  "31 23 8 0 23 127": "float32",
  "63 52 11 0 52 1023": "float64",
};

function floats(fields: Cursor, bits: number, size: number): Datatype {
  const [offset, precision] = [fields.u16(), fields.u16()];
  const parts = [fields.u8(), fields.u8(), fields.u8(), fields.u8(), fields.u32()];
  const layout = [(bits >> 8) & 255, ...parts].join(" ");
  const type = Object.hasOwn(floatTypes, layout) ? floatTypes[layout] : undefined;
  const isPlain = offset === 0 && precision === size * 8 && (bits & 0x40) === 0;
  if (!type || !isPlain || bytesPerElement(type) !== size) {
    throw notRead(`the elements are floating-point numbers of ${precision} bits in an own form`);
  }
  return { kind: "numbers", type, size, isBigEndian: (bits & 1) !== 0 };
}

/** Names of the two values that h5py has for truth. */
const truth = ["FALSE", "TRUE"] as const;

function enumeration(fields: Cursor, bits: number, version: number): Datatype {
  const base = readDatatype(fields);
  if (base.kind !== "numbers") throw notRead("the elements are names of other things than numbers");
  const names = Array.from({ length: bits & 0xffff }, () => {
    const start = fields.at;
    const name = fields.textToZero();
    if (version < 3) fields.align(start);
    return name;
  });
  const values = names.map(() => fields.uint(base.size));
  const isTruth =
    base.size === 1 &&
    names.length === 2 &&
    truth.every((name, i) => names[values.indexOf(i)] === name);
  return isTruth ? { ...base, type: "bool" } : base;
}

function isKeyOf<T extends object>(record: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(record, key);
}
