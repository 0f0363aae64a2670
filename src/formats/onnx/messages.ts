/** @file THE table of ONNX's messages as far as they are read and written, as `onnx.proto` declares them; and their types. */
import type { WireType } from "@bufbuild/protobuf/wire";

/** Numbers and kinds of fields by their names; those that may come many times are lists. */
export const messages = {
  AttributeProto: {
    name: [1, "string"],
    f: [2, "float"],
    i: [3, "int64"],
    s: [4, "bytes"],
    t: [5, "TensorProto"],
    g: [6, "GraphProto"],
    floats: [7, "float", "list"],
    ints: [8, "int64", "list"],
    strings: [9, "bytes", "list"],
    tensors: [10, "TensorProto", "list"],
    graphs: [11, "GraphProto", "list"],
    type: [20, "int32"],
    refAttrName: [21, "string"],
    sparseTensor: [22, "SparseTensorProto"],
  },
  ValueInfoProto: { name: [1, "string"], type: [2, "TypeProto"] },
  NodeProto: {
    input: [1, "string", "list"],
    output: [2, "string", "list"],
    name: [3, "string"],
    opType: [4, "string"],
    attribute: [5, "AttributeProto", "list"],
    domain: [7, "string"],
    overload: [8, "string"],
  },
  StringStringEntryProto: { key: [1, "string"], value: [2, "string"] },
  ModelProto: {
    irVersion: [1, "int64"],
    producerName: [2, "string"],
    producerVersion: [3, "string"],
    domain: [4, "string"],
    modelVersion: [5, "int64"],
    graph: [7, "GraphProto"],
    opsetImport: [8, "OperatorSetIdProto", "list"],
    metadataProps: [14, "StringStringEntryProto", "list"],
    functions: [25, "FunctionProto", "list"],
  },
  GraphProto: {
    node: [1, "NodeProto", "list"],
    name: [2, "string"],
    initializer: [5, "TensorProto", "list"],
    input: [11, "ValueInfoProto", "list"],
    output: [12, "ValueInfoProto", "list"],
    valueInfo: [13, "ValueInfoProto", "list"],
    sparseInitializer: [15, "SparseTensorProto", "list"],
  },
  // The typed lists of numbers (4, 5, 7, 10 and 11) are left out on purpose: a reader would make arrays of boxed numbers of
  // them, many times as large as the file. As unknown fields they stay views of the file.
  TensorProto: {
    dims: [1, "int64", "list"],
    dataType: [2, "int32"],
    stringData: [6, "bytes", "list"],
    name: [8, "string"],
    rawData: [9, "bytes"],
    externalData: [13, "StringStringEntryProto", "list"],
    dataLocation: [14, "int32"],
  },
  SparseTensorProto: {
    values: [1, "TensorProto"],
    indices: [2, "TensorProto"],
    dims: [3, "int64", "list"],
  },
  Dimension: { dimValue: [1, "int64"], dimParam: [2, "string"] },
  TensorShapeProto: { dim: [1, "Dimension", "list"] },
  TensorTypeProto: { elemType: [1, "int32"], shape: [2, "TensorShapeProto"] },
  TypeProto: { tensorType: [1, "TensorTypeProto"] },
  OperatorSetIdProto: { domain: [1, "string"], version: [2, "int64"] },
  FunctionProto: {
    name: [1, "string"],
    input: [4, "string", "list"],
    output: [5, "string", "list"],
    attribute: [6, "string", "list"],
    node: [7, "NodeProto", "list"],
    opsetImport: [9, "OperatorSetIdProto", "list"],
    domain: [10, "string"],
    attributeProto: [11, "AttributeProto", "list"],
    overload: [13, "string"],
  },
} as const;

type Messages = typeof messages;
export type MessageName = keyof Messages;

interface ScalarValues {
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly float: number;
  readonly int32: number;
  readonly int64: bigint;
}

export type ScalarKind = keyof ScalarValues;
export type Field = readonly [number: number, kind: ScalarKind | MessageName, list?: "list"];

type ValueOf<Kind> = Kind extends ScalarKind
  ? ScalarValues[Kind]
  : Kind extends MessageName
    ? Message<Kind>
    : never;

type OptionalOf<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends readonly [number, MessageName] ? Name : never;
}[keyof Fields];

type FieldValue<Entry> = Entry extends readonly [number, infer Kind, "list"]
  ? ValueOf<Kind>[]
  : Entry extends readonly [number, infer Kind]
    ? ValueOf<Kind>
    : never;

/** A field that the table does not name, as it stands in the file. */
interface UnknownField {
  readonly no: number;
  readonly wireType: WireType;
  readonly data: Uint8Array;
}

/** A message that was read: what it leaves out is empty or 0, messages inside it undefined. */
export type Message<Name extends MessageName> = {
  -readonly [Key in Exclude<keyof Messages[Name], OptionalOf<Messages[Name]>>]: FieldValue<
    Messages[Name][Key]
  >;
} & {
  -readonly [Key in OptionalOf<Messages[Name]>]?: FieldValue<Messages[Name][Key]> | undefined;
} & { $unknown?: UnknownField[] | undefined };

/** A message that is written: it may leave anything out. */
export type WrittenMessage<Name extends MessageName> = {
  readonly [Key in keyof Messages[Name]]?: WrittenField<Messages[Name][Key]> | undefined;
};

type WrittenField<Entry> = Entry extends readonly [number, infer Kind, "list"]
  ? readonly WrittenValue<Kind>[]
  : Entry extends readonly [number, infer Kind]
    ? WrittenValue<Kind>
    : never;

type WrittenValue<Kind> = Kind extends MessageName ? WrittenMessage<Kind> : ValueOf<Kind>;

export type AttributeProto = Message<"AttributeProto">;
export type FunctionProto = Message<"FunctionProto">;
export type GraphProto = Message<"GraphProto">;
export type ModelProto = Message<"ModelProto">;
export type NodeProto = Message<"NodeProto">;
export type OperatorSetIdProto = Message<"OperatorSetIdProto">;
export type SparseTensorProto = Message<"SparseTensorProto">;
export type TensorProto = Message<"TensorProto">;
export type ValueInfoProto = Message<"ValueInfoProto">;
