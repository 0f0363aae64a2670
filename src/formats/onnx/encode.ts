/** @file Graph -> ONNX bytes; large weights can stay where they are and be referred to. */
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { OPSET, type Attribute, type Graph, type Node, type ValueInfo } from "../../graph/graph.ts";
import { castCodes } from "../../graph/infer.ts";
import { sizeInBytes, type Tensor } from "../../graph/tensor.ts";
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
  /** Folder of the model file whose weights are referred to on disk, if any are. */
  readonly folder: string | undefined;
}

export interface EncodeOptions {
  /** Initializers of at least so many bytes are not copied into `bytes`; by default all are. */
  readonly externalThresholdBytes?: number;
  /**
   * Refer to the model file on disk for weights that were read from it, where they are at least so large.
   * ONNX Runtime takes weights from files or from memory, never both, so beside such weights all others
   * are copied into `bytes`.
   */
  readonly referToFiles?: boolean;
}

/** IR version that goes with the opset written. */
const irVersion = 10n;

/** The graph as an ONNX model of the normal opset. */
export function encodeOnnx(graph: Graph, options: EncodeOptions = {}): EncodedModel {
  const threshold = options.externalThresholdBytes ?? Number.POSITIVE_INFINITY;
  const folder = options.referToFiles ? weightFolder(graph, threshold) : undefined;
  const external = new ExternalWeights(threshold, folder);
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
  return {
    bytes: toBinary(ModelProtoSchema, model),
    external: external.entries(),
    folder,
  };
}

/** Folder of the first file that a large weight lies in; files of other folders are not referred to. */
function weightFolder(graph: Graph, threshold: number): string | undefined {
  for (const value of graph.initializers.values()) {
    if (value.file && sizeInBytes(value) >= threshold) return splitPath(value.file.path).folder;
  }
  return undefined;
}

function splitPath(path: string): { folder: string; name: string } {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
  return { folder: path.slice(0, end), name: path.slice(end) };
}

/** Says where large weights lie, in a file or in memory. */
class ExternalWeights {
  readonly #threshold: number;
  readonly #folder: string | undefined;
  readonly #paths = new Map<ArrayBufferLike, string>();

  constructor(threshold: number, folder: string | undefined) {
    this.#threshold = threshold;
    this.#folder = folder;
  }

  /** Where a tensor's bytes lie, or undefined if they should be written inline. */
  locate(value: Tensor): { key: string; value: string }[] | undefined {
    const sizeBytes = sizeInBytes(value);
    if (sizeBytes < this.#threshold) return undefined;
    const place =
      this.#folder === undefined ? this.#placeInMemory(value) : this.#placeInFile(value);
    return (
      place && [
        { key: "location", value: place.location },
        { key: "offset", value: String(place.offset) },
        { key: "length", value: String(sizeBytes) },
      ]
    );
  }

  #placeInMemory(value: Tensor): { location: string; offset: number } {
    const { buffer, byteOffset } = value.data as Float32Array;
    const location = this.#paths.get(buffer) ?? `weights-${this.#paths.size}`;
    this.#paths.set(buffer, location);
    return { location, offset: byteOffset };
  }

  #placeInFile({ file }: Tensor): { location: string; offset: number } | undefined {
    if (!file) return undefined;
    const { folder, name } = splitPath(file.path);
    return folder === this.#folder ? { location: name, offset: file.offsetBytes } : undefined;
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
    input: withoutTrailingGaps(node.inputs),
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, attribute]) =>
      attributeProto(name, attribute, external),
    ),
  };
}

/** Inputs left out at the end are not named: a LayerNormalization whose bias is called "" crashes ONNX Runtime. */
function withoutTrailingGaps(inputs: readonly string[]): string[] {
  return inputs.slice(0, inputs.findLastIndex((name) => name !== "") + 1);
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
  const externalData = external.locate(value);
  if (externalData) return { ...shared, externalData, dataLocation: 1 };
  const { buffer, byteOffset, byteLength } = value.data as Float32Array;
  return { ...shared, rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return getTextEncoding().encodeUtf8(text);
}
