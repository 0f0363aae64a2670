/** @file Graph -> ONNX bytes; large weights can stay where they are and be referred to. */
import { BinaryWriter, getTextEncoding, WireType } from "@bufbuild/protobuf/wire";
import { LimpidError } from "../../errors.ts";
import { withoutTrailingGaps } from "../../graph/gaps.ts";
import type { Attribute, Graph, Node, ValueInfo } from "../../graph/graph.ts";
import { castCodes } from "../../graph/infer.ts";
import { writtenOpset } from "../../graph/newer-operators.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { ExternalWeights, weightFolder } from "./external-weights.ts";
import { messageBytes } from "./message-bytes.ts";
import { messages, type WrittenMessage } from "./messages.ts";

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
  /** What files of such initializers are called, with a number behind it: `weights` by default. */
  readonly externalName?: string;
  /**
   * Refer to the model file on disk for weights that were read from it, where they are at least so large.
   * ONNX Runtime takes weights from files or from memory, never both, so beside such weights all others
   * are copied into `bytes`.
   */
  readonly referToFiles?: boolean;
}

/** IR version that goes with the opset written. */
const irVersion = 10n;

/** The graph as an ONNX model of the normal opset, or of the one that its newest operator came with. */
export function encodeOnnx(graph: Graph, options: EncodeOptions = {}): EncodedModel {
  const threshold = options.externalThresholdBytes ?? Number.POSITIVE_INFINITY;
  const folder = options.referToFiles ? weightFolder(graph, threshold) : undefined;
  const external = new ExternalWeights(threshold, folder, options.externalName);
  const model: WrittenMessage<"ModelProto"> = {
    irVersion,
    producerName: "limpid",
    opsetImport: [...domainsOf(graph)].map((domain) => ({
      domain,
      version: versionOf(domain, graph),
    })),
    metadataProps: [...graph.metadata].map(([key, value]) => ({ key, value })),
  };
  const structure = structureProto(graph, external);
  const bytes = joined(model, structure, storedWeights(graph, external));
  return { bytes, external: external.entries(), folder };
}

/** The domains of all nodes, those of subgraphs included; the standard one is always there. */
function domainsOf(graph: Graph): ReadonlySet<string> {
  const domains = new Set([""]);
  for (const node of graph.nodes) {
    domains.add(node.domain);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind !== "graph") continue;
      for (const domain of domainsOf(attribute.value)) domains.add(domain);
    }
  }
  return domains;
}

/** Domains but these two have never had a second version. */
function versionOf(domain: string, graph: Graph): bigint {
  if (domain === "") return BigInt(writtenOpset(graph));
  return domain === "ai.onnx.ml" ? 5n : 1n;
}

/** Fields that are put together by hand. */
const fields = {
  modelGraph: messages.ModelProto.graph[0],
  graphInitializer: messages.GraphProto.initializer[0],
  tensorRawData: messages.TensorProto.rawData[0],
};

/** A protobuf file has at most so many bytes. */
const mostBytes = 2 ** 31 - 1;

/**
 * The bytes of a model, its weights copied once, into their place. (A writer of messages copies what is
 * inside a message once a level, and grows its memory by doubling: four times the weights at the peak.)
 */
function joined(
  model: WrittenMessage<"ModelProto">,
  graph: WrittenMessage<"GraphProto">,
  weights: readonly StoredTensor[],
): Uint8Array {
  const inner: Uint8Array[] = [messageBytes("GraphProto", graph)];
  for (const { proto, rawData } of weights) {
    const head = messageBytes("TensorProto", proto);
    const raw = rawData ? [header(fields.tensorRawData, rawData.byteLength), rawData] : [];
    inner.push(header(fields.graphInitializer, size([head, ...raw])), head, ...raw);
  }
  const outer = messageBytes("ModelProto", model);
  const parts = [outer, header(fields.modelGraph, size(inner)), ...inner];
  const total = size(parts);
  if (total > mostBytes) throw tooLarge(total);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function tooLarge(bytes: number): LimpidError {
  return new LimpidError(
    "bad-option",
    `encodeOnnx: a model file must have at most ${mostBytes} bytes, got ${bytes}. keep the weights outside with externalThresholdBytes.`,
  );
}

/** What stands before the bytes of a field. */
function header(field: number, bytes: number): Uint8Array {
  return new BinaryWriter()
    .tag(field, WireType.LengthDelimited)
    .uint32(Math.min(bytes, 2 ** 32 - 1))
    .finish();
}

function size(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, part) => total + part.byteLength, 0);
}

/** A graph without its weights. */
function structureProto(graph: Graph, external: ExternalWeights) {
  return {
    name: graph.name,
    node: graph.nodes.map((node) => nodeProto(node, external)),
    input: graph.inputs.map(valueInfoProto),
    output: graph.outputs.map(valueInfoProto),
  };
}

function storedWeights(graph: Graph, external: ExternalWeights): StoredTensor[] {
  return [...graph.initializers].map(([name, value]) => storedTensor(value, name, external));
}

function nodeProto(node: Node, external: ExternalWeights): WrittenMessage<"NodeProto"> {
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

function valueInfoProto(info: ValueInfo): WrittenMessage<"ValueInfoProto"> {
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
): WrittenMessage<"AttributeProto"> {
  switch (attribute.kind) {
    case "float":
      return { name, type: 1, f: attribute.value };
    case "int":
      return { name, type: 2, i: BigInt(attribute.value) };
    case "string":
      return { name, type: 3, s: utf8(attribute.value) };
    case "tensor":
      return { name, type: 4, t: withRawData(storedTensor(attribute.value, "", external)) };
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

function graphProto(graph: Graph, external: ExternalWeights): WrittenMessage<"GraphProto"> {
  const initializer = storedWeights(graph, external).map(withRawData);
  return { ...structureProto(graph, external), initializer };
}

/** A tensor in the making: its message, and the bytes that belong into it. */
interface StoredTensor {
  readonly proto: WrittenMessage<"TensorProto">;
  readonly rawData: Uint8Array<ArrayBuffer> | undefined;
}

function withRawData({ proto, rawData }: StoredTensor): WrittenMessage<"TensorProto"> {
  return rawData ? { ...proto, rawData } : proto;
}

function storedTensor(value: Tensor, name: string, external: ExternalWeights): StoredTensor {
  const proto = { name, dims: value.dims.map(BigInt), dataType: castCodes[value.type]! };
  if (value.type === "string") {
    const stringData = (value.data as string[]).map(utf8);
    return { proto: { ...proto, stringData }, rawData: undefined };
  }
  const place = external.locate(value);
  if (place) {
    return { proto: { ...proto, externalData: place, dataLocation: 1 }, rawData: undefined };
  }
  const { buffer, byteOffset, byteLength } = value.data as Float32Array;
  return { proto, rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return getTextEncoding().encodeUtf8(text);
}
