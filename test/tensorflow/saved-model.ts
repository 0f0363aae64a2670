/** @file SavedModels whose weights are constants, written by the layout of their protocol buffers. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A tensor of a signature: `x:0`, and its sizes. */
interface SignedTensor {
  readonly tensor: string;
  readonly shape: readonly number[];
}

/** The bytes of saved_model.pb around those of a GraphDef, with the signature `serving_default`. */
export function savedModel(
  graph: Uint8Array,
  inputs: readonly SignedTensor[],
  outputs: readonly SignedTensor[],
): Uint8Array<ArrayBuffer> {
  const entries = [
    ...inputs.map((one) => message(1, entry(one.tensor, tensorInfo(one)))),
    ...outputs.map((one) => message(2, entry(one.tensor, tensorInfo(one)))),
  ];
  const signature = message(5, entry("serving_default", joined(entries)));
  const other = message(5, entry("__saved_model_init_op", new Uint8Array()));
  const meta = joined([message(2, graph), other, signature]);
  const version = new BinaryWriter().tag(1, WireType.Varint).int32(1).finish();
  return joined([version, message(2, meta)]);
}

function tensorInfo({ tensor, shape }: SignedTensor): Uint8Array {
  const sizes = shape.map((size) =>
    message(2, new BinaryWriter().tag(1, WireType.Varint).int64(size).finish()),
  );
  const float = new BinaryWriter().tag(2, WireType.Varint).int32(1).finish();
  const name = message(1, new TextEncoder().encode(tensor));
  return joined([name, float, message(3, joined(sizes))]);
}

function entry(key: string, value: Uint8Array): Uint8Array {
  return joined([message(1, new TextEncoder().encode(key)), message(2, value)]);
}

function message(field: number, bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish();
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
