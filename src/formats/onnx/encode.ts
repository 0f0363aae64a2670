/** @file Graph -> ONNX bytes; large weights can stay where they are and be referred to. */
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { OPSET, type Attribute, type Graph, type Node, type ValueInfo } from "../../graph/graph.ts";
import { castCodes } from "../../graph/infer.ts";
import type { Tensor } from "../../graph/tensor.ts";
import {
  ModelProtoSchema,
  type AttributeProtoSchema,
  type GraphProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx_pb.ts";

/** A model as bytes, and the memory that its external weights lie in. */
export interface EncodedModel {
  readonly bytes: Uint8Array;
  /** One entry an underlying buffer; `path` is the location that the model's tensors name. */
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export interface EncodeOptions {
  /** Initializers of at least so many bytes are not copied into `bytes`; by default all are. */
  readonly externalThresholdBytes?: number;
}

/** IR version that goes with the opset written. */
const irVersion = 10n;

/** The graph as an ONNX model of the normal opset. */
export function encodeOnnx(graph: Graph, options: EncodeOptions = {}): EncodedModel {
  const external = new ExternalWeights(options.externalThresholdBytes ?? Number.POSITIVE_INFINITY);
  const domains = new Set(graph.nodes.map((node) => node.domain).filter(Boolean));
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: "limpid",
    opsetImport: [
      { domain: "", version: BigInt(OPSET) },
      ...[...domains].map((domain) => ({ domain, version: 1n })),
    ],
    metadataProps: [...graph.metadata].map(([key, value]) => ({ key, value })),
    graph: graphProto(graph, external),
  });
  return { bytes: toBinary(ModelProtoSchema, model), external: external.entries() };
}

/** Collects the buffers that large initializers lie in. */
class ExternalWeights {
  readonly #threshold: number;
  readonly #paths = new Map<ArrayBufferLike, string>();

  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Where a tensor's bytes lie, or undefined if they should be written inline. */
  locate(bytes: Uint8Array): { key: string; value: string }[] | undefined {
    if (bytes.byteLength < this.#threshold) return undefined;
    const path = this.#paths.get(bytes.buffer) ?? `weights-${this.#paths.size}`;
    this.#paths.set(bytes.buffer, path);
    return [
      { key: "location", value: path },
      { key: "offset", value: String(bytes.byteOffset) },
      { key: "length", value: String(bytes.byteLength) },
    ];
  }

  entries(): EncodedModel["external"] {
    return [...this.#paths].map(([buffer, path]) => ({ path, data: new Uint8Array(buffer) }));
  }
}

function graphProto(
  graph: Graph,
  external: ExternalWeights,
): MessageInitShape<typeof GraphProtoSchema> {
  return {
    name: graph.name,
    node: graph.nodes.map((node) => nodeProto(node, external)),
    initializer: [...graph.initializers].map(([name, value]) => tensorProto(value, name, external)),
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
  };
}

function nodeProto(
  node: Node,
  external: ExternalWeights,
): MessageInitShape<typeof NodeProtoSchema> {
  return {
    name: node.name,
    opType: node.operator,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, attribute]) =>
      attributeProto(name, attribute, external),
    ),
  };
}

function valueInfoProto(info: ValueInfo): MessageInitShape<typeof ValueInfoProtoSchema> {
  if (info.type === undefined) return { name: info.name };
  const dim = info.dims?.map((size) =>
    typeof size === "number" ? { dimValue: BigInt(size) } : size === "?" ? {} : { dimParam: size },
  );
  return {
    name: info.name,
    type: { tensorType: { elemType: castCodes[info.type]!, ...(dim ? { shape: { dim } } : {}) } },
  };
}

function attributeProto(
  name: string,
  attribute: Attribute,
  external: ExternalWeights,
): MessageInitShape<typeof AttributeProtoSchema> {
  switch (attribute.kind) {
    case "float":
      return { name, type: 1, f: attribute.value };
    case "int":
      return { name, type: 2, i: BigInt(attribute.value) };
    case "string":
      return { name, type: 3, s: utf8(attribute.value) };
    case "tensor":
      return { name, type: 4, t: tensorProto(attribute.value, "", external) };
    case "graph":
      return { name, type: 5, g: graphProto(attribute.value, external) };
    case "floats":
      return { name, type: 6, floats: [...attribute.value] };
    case "ints":
      return { name, type: 7, ints: attribute.value.map(BigInt) };
    case "strings":
      return { name, type: 8, strings: attribute.value.map(utf8) };
  }
}

function tensorProto(
  value: Tensor,
  name: string,
  external: ExternalWeights,
): MessageInitShape<typeof TensorProtoSchema> {
  const shared = { name, dims: value.dims.map(BigInt), dataType: castCodes[value.type]! };
  if (value.type === "string") {
    return { ...shared, stringData: (value.data as string[]).map(utf8) };
  }
  const { buffer, byteOffset, byteLength } = value.data as Float32Array;
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  const externalData = external.locate(bytes);
  return externalData
    ? { ...shared, externalData, dataLocation: 1 }
    : { ...shared, rawData: bytes };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return getTextEncoding().encodeUtf8(text);
}
