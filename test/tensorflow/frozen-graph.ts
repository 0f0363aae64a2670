/** @file Frozen graphs of TensorFlow, written by the layout of its protocol buffers. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Written, WrittenGraph, WrittenNode, WrittenWeight } from "./graph-model.ts";

const typeNumbers = { FLOAT: 1, INT32: 3, BOOL: 10 } as const;
const weightTypes = { float32: 1, int32: 3, bool: 10 } as const;

/** The bytes of a GraphDef; small weights are lists of numbers, large ones bytes. */
export function frozenGraph({ nodes, weights }: WrittenGraph): Uint8Array<ArrayBuffer> {
  const w = new BinaryWriter();
  for (const node of nodes) message(w, 1, nodeBytes(node, weights.get(node.name)));
  return w.finish();
}

function nodeBytes(
  { name, op, inputs, attributes }: WrittenNode,
  weight: WrittenWeight | undefined,
): Uint8Array {
  const w = new BinaryWriter();
  text(w, 1, name);
  text(w, 2, op);
  for (const input of inputs) text(w, 3, input);
  for (const [key, value] of Object.entries(attributes)) entry(w, key, attributeBytes(value));
  if (weight) {
    const value = new BinaryWriter();
    message(value, 8, tensorBytes(weight));
    entry(w, "value", value.finish());
  }
  return w.finish();
}

function entry(w: BinaryWriter, key: string, value: Uint8Array): void {
  const inner = new BinaryWriter();
  text(inner, 1, key);
  message(inner, 2, value);
  message(w, 5, inner.finish());
}

function attributeBytes(value: Written): Uint8Array {
  const w = new BinaryWriter();
  if ("int" in value) w.tag(3, WireType.Varint).int64(value.int);
  else if ("float" in value) w.tag(4, WireType.Bit32).float(value.float);
  else if ("text" in value) text(w, 2, value.text);
  else if ("truth" in value) w.tag(5, WireType.Varint).bool(value.truth);
  else if ("type" in value) w.tag(6, WireType.Varint).int32(typeNumbers[value.type]);
  else if ("shape" in value) message(w, 7, shapeBytes(value.shape));
  else message(w, 1, listBytes(value));
  return w.finish();
}

function listBytes(value: Extract<Written, { ints: unknown } | { texts: unknown }>): Uint8Array {
  const w = new BinaryWriter();
  if ("texts" in value) for (const one of value.texts) text(w, 2, one);
  else {
    const packed = new BinaryWriter();
    for (const one of value.ints) packed.int64(one);
    message(w, 3, packed.finish());
  }
  return w.finish();
}

function shapeBytes(sizes: readonly number[]): Uint8Array {
  const w = new BinaryWriter();
  for (const size of sizes) {
    message(w, 2, new BinaryWriter().tag(1, WireType.Varint).int64(size).finish());
  }
  return w.finish();
}

function tensorBytes({ dims, data, type }: WrittenWeight): Uint8Array {
  const w = new BinaryWriter();
  w.tag(1, WireType.Varint).int32(weightTypes[type]);
  message(w, 2, shapeBytes(dims));
  if (type === "float32" && data.length > 4) {
    message(w, 4, new Uint8Array(Float32Array.from(data).buffer));
    return w.finish();
  }
  const packed = new BinaryWriter();
  // One number stands for all where they are alike.
  const told = data.every((one) => one === data[0]) ? data.slice(0, 1) : data;
  for (const one of told) {
    if (type === "float32") packed.float(one);
    else packed.int32(one);
  }
  message(w, { float32: 5, int32: 7, bool: 11 }[type], packed.finish());
  return w.finish();
}

function text(w: BinaryWriter, field: number, value: string): void {
  message(w, field, new TextEncoder().encode(value));
}

function message(w: BinaryWriter, field: number, bytes: Uint8Array): void {
  w.tag(field, WireType.LengthDelimited).bytes(bytes);
}
