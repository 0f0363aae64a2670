/** @file What a file of TensorFlow Lite says: tensors, operators and the buffers of weights (schema.fbs, version 3). */
import { shownText } from "../../wording/shown-text.ts";
import { dataTypeOf, type DataType } from "../tensorflow/description.ts";
import { badTflite } from "./bad-tflite.ts";
import { builtinName } from "./builtin-names.ts";
import { startsAsLite } from "./file-identifier.ts";
import { FlatTable } from "./flat-table.ts";

/** Types of numbers by their numbers in the schema. */
const liteTypes = [
  "FLOAT32",
  "FLOAT16",
  "INT32",
  "UINT8",
  "INT64",
  "STRING",
  "BOOL",
  "INT16",
  "COMPLEX64",
  "INT8",
  "FLOAT64",
  "COMPLEX128",
  "UINT64",
  "RESOURCE",
  "VARIANT",
  "UINT32",
  "UINT16",
  "INT4",
] as const;

export type LiteType = (typeof liteTypes)[number];

/** `(q - zero point) * scale`, one of each or one an entry of an axis. */
export interface Quantization {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
}

/** A value of a network, or weights. */
export interface LiteTensor {
  /** Of its own among the tensors. */
  readonly name: string;
  readonly type: LiteType;
  /** As the converter knew it. */
  readonly shape: readonly number[];
  /** With -1 for open axes; as `shape` if nothing is said. */
  readonly signature: readonly number[];
  /** The bytes of weights; undefined for what is computed. */
  readonly data: Uint8Array | undefined;
  readonly quantization: Quantization | undefined;
}

const floatTypes: Readonly<Partial<Record<LiteType, DataType>>> = {
  FLOAT32: "FLOAT",
  FLOAT16: "HALF",
  FLOAT64: "DOUBLE",
};

/** TensorFlow's name of a type; `INVALID` for numbers of 4 bits, which it has not. */
export function storedDataType(type: LiteType): DataType {
  return floatTypes[type] ?? dataTypeOf(type);
}

/** The type of a tensor's numbers in a graph: quantised ones are computed as the floats that they stand for. */
export function graphType({ type, quantization }: LiteTensor): DataType {
  return quantization || floatTypes[type] ? "FLOAT" : dataTypeOf(type);
}

/** An operator; inputs that are left out are -1. */
export interface LiteOperator {
  readonly builtin: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

/** The first graph of a file. */
export interface LiteModel {
  readonly tensors: readonly LiteTensor[];
  readonly operators: readonly LiteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The bytes of the buffer `TFLITE_METADATA`. */
  readonly metadata: Uint8Array | undefined;
  readonly fileBytes: number;
}

/** Operators and tensors that a file may have. */
const mostParts = 100_000;

/** What a file says. Throws `bad-file`. */
export function liteModel(bytes: Uint8Array): LiteModel {
  if (!startsAsLite(bytes)) {
    throw badTflite("the file must be a TensorFlow Lite model, got another");
  }
  const model = FlatTable.root(bytes);
  const [graph] = model.tables(2);
  if (!graph) throw badTflite("a model must have a graph, got none");
  const tables = model.tables(4);
  const tensors = graph.tables(0);
  const operators = graph.tables(3);
  if (tensors.length + operators.length > mostParts) {
    throw badTflite(`a model must have at most ${mostParts} tensors and operators, got more`);
  }
  const codes = model.tables(1).map(codeName);
  const data = (index: number) => bufferBytes(tables[index], bytes);
  const names = new Set<string>();
  return {
    tensors: tensors.map((table, i) => tensorOf(table, uniqueName(names, table, i), data)),
    operators: operators.map((table) => operatorOf(table, codes)),
    inputs: graph.ints(1),
    outputs: graph.ints(2),
    metadata: metadataOf(model, data),
    fileBytes: bytes.length,
  };
}

/** The name of an operator's code; those beyond 127 are in the field that came later. */
function codeName(code: FlatTable): string {
  const number = Math.max(code.int8(0), code.int32(3));
  const name = builtinName(number);
  return name === "CUSTOM" ? `the custom operator ${shownText(code.text(1) ?? "")}` : name;
}

function bufferBytes(table: FlatTable | undefined, file: Uint8Array): Uint8Array | undefined {
  const inside = table?.bytes(0);
  if (inside && inside.length > 0) return inside;
  // Weights of large models stand behind the tables.
  const [offset, size] = [table?.uint64(1) ?? 0, table?.uint64(2) ?? 0];
  if (offset <= 1) return undefined;
  if (offset + size > file.length) {
    throw badTflite(`weights must be in the file, got byte ${offset + size} of ${file.length}`);
  }
  return file.subarray(offset, offset + size);
}

function uniqueName(names: Set<string>, table: FlatTable, i: number): string {
  const told = table.text(3) ?? "";
  const hint = told === "" ? `tensor_${i}` : told;
  let name = hint;
  for (let next = i; names.has(name); next++) name = `${hint}_${next}`;
  names.add(name);
  return name;
}

function tensorOf(
  table: FlatTable,
  name: string,
  data: (index: number) => Uint8Array | undefined,
): LiteTensor {
  const shape = table.ints(0);
  const signature = table.ints(7);
  const type = liteTypes[table.int8(1)];
  if (!type) throw badTflite(`tensor "${shownText(name)}" must have a type that is known`);
  if (table.table(6)) {
    throw badTflite(
      `weights must be dense, got sparse ones in "${shownText(name)}"`,
      "export the model without sparsity",
    );
  }
  return {
    name,
    type,
    shape,
    signature: signature.length === shape.length ? signature : shape,
    data: data(table.uint32(2)),
    quantization: quantizationOf(table.table(4)),
  };
}

function quantizationOf(table: FlatTable | undefined): Quantization | undefined {
  const scales = table?.floats(2) ?? [];
  if (!table || scales.length === 0) return undefined;
  return { scales, zeroPoints: table.longs(3), axis: table.int32(6) };
}

function operatorOf(table: FlatTable, codes: readonly string[]): LiteOperator {
  const code = table.uint32(0);
  const builtin = codes[code];
  if (builtin === undefined) throw badTflite(`operators must be in the list of codes, got ${code}`);
  return { builtin, inputs: table.ints(1), outputs: table.ints(2), options: table.table(4) };
}

function metadataOf(
  model: FlatTable,
  data: (index: number) => Uint8Array | undefined,
): Uint8Array | undefined {
  const entry = model.tables(6).find((table) => table.text(0) === "TFLITE_METADATA");
  return entry && data(entry.uint32(1));
}
