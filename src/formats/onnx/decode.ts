/** @file ONNX bytes -> graph. */
import { fromBinary } from "@bufbuild/protobuf";
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { LimpidError } from "../../errors.ts";
import type { Attribute, Graph, Node, ValueInfo } from "../../graph/graph.ts";
import { checkedGraph } from "../../graph/check.ts";
import { normalizeOpset } from "../../graph/normalize.ts";
import { castCodes } from "../../graph/infer.ts";
import {
  arrayType,
  elementCount,
  tensor,
  type ElementType,
  type FileRegion,
  type Tensor,
} from "../../graph/tensor.ts";
import {
  ModelProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type TensorProto,
  type ValueInfoProto,
} from "./onnx_pb.ts";

export interface DecodeOptions {
  /** Name for messages. */
  readonly name?: string;
  /**
   * The bytes are the decoder's to change: large weights that lie at odd addresses are moved a few
   * bytes to the left, over their own field headers, instead of being copied. Decode such bytes once.
   */
  readonly takeOver?: boolean;
  /** The file on disk that the bytes are; large weights remember their place in it. */
  readonly path?: string;
  /** The bytes of an external data file. */
  readonly external?: (location: string) => Uint8Array;
}

/** The graph of an ONNX model. Throws `bad-file`. */
export function decodeOnnx(bytes: Uint8Array, options: DecodeOptions = {}): Graph {
  const model = parse(bytes);
  if (!model.graph) throw bad("the file must hold a graph, got none");
  const metadata = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  const versions = new Map(
    model.opsetImport.map(({ domain, version }) => [
      domain === "ai.onnx" ? "" : domain,
      Number(version),
    ]),
  );
  const graph = checkedGraph({ ...readGraph(model.graph, options), metadata });
  return normalizeOpset(graph, versions);
}

function bad(what: string): LimpidError {
  return new LimpidError("bad-file", `decodeOnnx: ${what}. export the model again.`);
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new LimpidError(
      "bad-file",
      `decodeOnnx: the file must be an ONNX model, got ${bytes.length} bytes that are none. check that the download is complete.`,
      { cause },
    );
  }
}

const elementTypes = new Map(
  Object.entries(castCodes).map(([type, code]) => [code, type as ElementType]),
);

function readGraph(graph: GraphProto, options: DecodeOptions): Graph {
  const initializers = new Map(
    graph.initializer.map((value) => [value.name, readTensor(value, options)]),
  );
  const nodes: Node[] = [];
  for (const [i, proto] of graph.node.entries()) {
    if (proto.opType === "Constant" && proto.attribute[0]) {
      initializers.set(proto.output[0]!, constantTensor(proto.attribute[0], options));
      continue;
    }
    nodes.push({
      name: proto.name || `${proto.opType}_${i}`,
      operator: proto.opType,
      domain: proto.domain === "ai.onnx" ? "" : proto.domain,
      inputs: proto.input,
      outputs: proto.output,
      attributes: Object.fromEntries(
        proto.attribute.map((attribute) => [attribute.name, readAttribute(attribute, options)]),
      ),
    });
  }
  return {
    name: graph.name,
    inputs: graph.input.filter((input) => !initializers.has(input.name)).map(readValueInfo),
    outputs: graph.output.map(readValueInfo),
    nodes,
    initializers,
    shapes: new Map(),
    metadata: new Map(),
  };
}

function readValueInfo(info: ValueInfoProto): ValueInfo {
  const type = info.type?.tensorType;
  return {
    name: info.name,
    type: elementTypes.get(type?.elemType ?? 0),
    dims: type?.shape?.dim.map((dim) => dim.dimParam || Number(dim.dimValue) || "?"),
  };
}

function readAttribute(attribute: AttributeProto, options: DecodeOptions): Attribute {
  switch (attribute.type) {
    case 1:
      return { kind: "float", value: attribute.f };
    case 2:
      return { kind: "int", value: toNumber(attribute.i) };
    case 3:
      return { kind: "string", value: getTextEncoding().decodeUtf8(attribute.s) };
    case 4:
      return { kind: "tensor", value: readTensor(attribute.t!, options) };
    case 5:
      return { kind: "graph", value: readGraph(attribute.g!, options) };
    case 6:
      return { kind: "floats", value: attribute.floats };
    case 7:
      return { kind: "ints", value: attribute.ints.map(toNumber) };
    case 8:
      return {
        kind: "strings",
        value: attribute.strings.map((text) => getTextEncoding().decodeUtf8(text)),
      };
    default:
      throw bad(`attribute "${attribute.name}" must be of a known kind, got ${attribute.type}`);
  }
}

function constantTensor(attribute: AttributeProto, options: DecodeOptions): Tensor {
  const value = readAttribute(attribute, options);
  switch (value.kind) {
    case "tensor":
      return value.value;
    case "float":
      return tensor("float32", [], Float32Array.of(value.value));
    case "floats":
      return tensor("float32", [value.value.length], Float32Array.from(value.value));
    case "int":
      return tensor("int64", [], BigInt64Array.of(attribute.i));
    case "ints":
      return tensor("int64", [attribute.ints.length], BigInt64Array.from(attribute.ints));
    default:
      throw bad(`Constant must hold numbers, got ${value.kind}`);
  }
}

function toNumber(value: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > limit ? limit : value < -limit ? -limit : value);
}

function readTensor(proto: TensorProto, options: DecodeOptions): Tensor {
  const type = elementTypes.get(proto.dataType);
  if (!type || type === "string")
    throw bad(`tensor "${proto.name}" has element type ${proto.dataType}`);
  const dims = proto.dims.map(Number);
  const count = elementCount(dims);
  const raw = proto.dataLocation === 1 ? externalBytes(proto, options) : proto.rawData;
  const offsetBytes = raw.byteOffset;
  const Type = arrayType(type);
  if (raw.byteLength === count * Type.BYTES_PER_ELEMENT && (count > 0 || raw.byteLength > 0)) {
    const aligned = alignedBytes(raw, Type.BYTES_PER_ELEMENT, options.takeOver === true);
    const data = new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
    const region = fileRegion(proto, offsetBytes, options);
    return { ...tensor(type, dims, data), ...(region ? { file: region } : {}) };
  }
  const lists = [
    proto.floatData,
    proto.int32Data,
    proto.doubleData,
    proto.int64Data,
    proto.uint64Data,
  ];
  const values = lists.find((list) => list.length > 0) ?? [];
  if (values.length !== count) {
    throw bad(`tensor "${proto.name}" must hold ${count} elements, got ${values.length}`);
  }
  return tensor(type, dims, (Type as Float32ArrayConstructor).from(values as number[]));
}

/** The place of a large tensor in the model file itself. */
function fileRegion(
  proto: TensorProto,
  offsetBytes: number,
  options: DecodeOptions,
): FileRegion | undefined {
  const inFile = proto.dataLocation !== 1 && proto.rawData.byteLength >= movableBytes;
  return inFile && options.path !== undefined ? { path: options.path, offsetBytes } : undefined;
}

/** From this size on, a tensor's field header has at least the 4 bytes that moving it may overwrite. */
const movableBytes = 1 << 16;

/** The bytes where a typed array may lie: themselves, moved in place, or copied. */
function alignedBytes(raw: Uint8Array, elementBytes: number, takeOver: boolean): Uint8Array {
  const excess = raw.byteOffset % elementBytes;
  if (excess === 0) return raw;
  if (!takeOver || elementBytes > 4 || raw.byteLength < movableBytes) return raw.slice();
  const moved = new Uint8Array(raw.buffer, raw.byteOffset - excess, raw.byteLength);
  new Uint8Array(raw.buffer).copyWithin(
    moved.byteOffset,
    raw.byteOffset,
    raw.byteOffset + raw.byteLength,
  );
  return moved;
}

function externalBytes(proto: TensorProto, options: DecodeOptions): Uint8Array {
  const entries = new Map(proto.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get("location") ?? "";
  const file = options.external?.(location);
  if (!file) throw bad(`tensor "${proto.name}" must find its data file "${location}"`);
  const offset = Number(entries.get("offset") ?? 0);
  const length = Number(entries.get("length") ?? file.byteLength - offset);
  return file.subarray(offset, offset + length);
}
