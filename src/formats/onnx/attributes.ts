/** @file Attributes of nodes as ONNX stores them, and the tensors that Constant nodes make of them. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import type { Attribute, Graph } from "../../graph/graph.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { badFile } from "./bad-file.ts";
import { isSet } from "./message-bytes.ts";
import type { AttributeProto, GraphProto } from "./messages.ts";
import type { TensorReader } from "./tensors.ts";

/** ONNX's numbers of the kinds, and the fields that hold them. */
const kinds = [
  { code: 1, field: "f", kind: "float" },
  { code: 2, field: "i", kind: "int" },
  { code: 3, field: "s", kind: "string" },
  { code: 4, field: "t", kind: "tensor" },
  { code: 5, field: "g", kind: "graph" },
  { code: 6, field: "floats", kind: "floats" },
  { code: 7, field: "ints", kind: "ints" },
  { code: 8, field: "strings", kind: "strings" },
  { code: 11, field: "sparseTensor", kind: "sparse tensor" },
] as const;

type StoredKind = (typeof kinds)[number]["kind"];

/** The kind of an attribute; very old files do not say, and set one field. Throws `bad-file`. */
function kindOf(proto: AttributeProto): StoredKind {
  const found =
    proto.type === 0
      ? kinds.find((entry) => isSet<"AttributeProto">(proto, entry.field))
      : kinds.find((entry) => entry.code === proto.type);
  if (found) return found.kind;
  throw badFile(`attribute "${proto.name}" must be of a kind that is known, got ${proto.type}`);
}

function missing(proto: AttributeProto): Error {
  return badFile(`attribute "${proto.name}" must hold what its kind says, got nothing`);
}

/** The attribute; `readGraph` reads a graph inside it. Throws `bad-file`. */
export function readAttribute(
  proto: AttributeProto,
  tensors: TensorReader,
  readGraph: (graph: GraphProto) => Graph,
): Attribute {
  const kind = kindOf(proto);
  switch (kind) {
    case "float":
      return { kind, value: proto.f };
    case "int":
      return { kind, value: toNumber(proto.i) };
    case "string":
      return { kind, value: text(proto.s) };
    case "tensor":
      if (!proto.t) throw missing(proto);
      return { kind, value: tensors.read(proto.t) };
    case "graph":
      if (!proto.g) throw missing(proto);
      return { kind, value: readGraph(proto.g) };
    case "floats":
      return { kind, value: proto.floats };
    case "ints":
      return { kind, value: proto.ints.map(toNumber) };
    case "strings":
      return { kind, value: proto.strings.map(text) };
    case "sparse tensor":
      if (!proto.sparseTensor) throw missing(proto);
      return { kind: "tensor", value: tensors.readSparse(proto.sparseTensor) };
  }
}

/** The tensor that a Constant node makes of its one attribute. Throws `bad-file`. */
export function constantTensor(proto: AttributeProto, tensors: TensorReader): Tensor {
  switch (kindOf(proto)) {
    case "float":
      return tensor("float32", [], Float32Array.of(proto.f));
    case "floats":
      return tensor("float32", [proto.floats.length], Float32Array.from(proto.floats));
    case "int":
      return tensor("int64", [], BigInt64Array.of(proto.i));
    case "ints":
      return tensor("int64", [proto.ints.length], BigInt64Array.from(proto.ints));
    case "string":
      return tensor("string", [], [text(proto.s)]);
    case "strings":
      return tensor("string", [proto.strings.length], proto.strings.map(text));
    case "tensor":
      if (!proto.t) throw missing(proto);
      return tensors.read(proto.t);
    case "sparse tensor":
      if (!proto.sparseTensor) throw missing(proto);
      return tensors.readSparse(proto.sparseTensor);
    case "graph":
      throw badFile("a Constant must hold numbers or text, got a graph");
  }
}

function text(bytes: Uint8Array): string {
  return getTextEncoding().decodeUtf8(bytes);
}

/** 64-bit integers that JavaScript does not hold exactly are limits, such as the end of a Slice; they are clamped. */
function toNumber(value: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > limit ? limit : value < -limit ? -limit : value);
}
