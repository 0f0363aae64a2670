/** @file Bytes -> the messages of an ONNX file, after a walk over all fields has shown that they fit. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { LimpidError } from "../../errors.ts";
import { badFile, notOnnx } from "./bad-file.ts";
import { fieldOf, readMessage, type NamedField } from "./message-bytes.ts";
import type { GraphProto, MessageName, ModelProto } from "./messages.ts";

/** A model whose graph is there. */
export type ModelWithGraph = ModelProto & { readonly graph: GraphProto };

/** Of bytes that are no model; who knows kinds of files can say of which one they are. */
export class NotOnnx extends LimpidError {
  constructor(got: string, options?: ErrorOptions) {
    super("bad-file", notOnnx(got).said, options);
  }
}

/** The messages of a file; their bytes are views of it. Throws `bad-file`, as `NotOnnx` for what is no model. */
export function parseModel(bytes: Uint8Array): ModelWithGraph {
  const fault = findFault("ModelProto", bytes, 0, 0, { messages: 0 });
  if (fault?.what === "hold too many parts") {
    throw badFile(`the file must hold at most ${mostMessages} nodes, values and weights, got more`);
  }
  if (fault) throw new NotOnnx(`${bytes.length} bytes that ${fault.what} at byte ${fault.at}`);
  const model = parse(bytes);
  if (!hasGraph(model)) throw new NotOnnx(`${bytes.length} bytes without a graph`);
  return model;
}

/** Whether the first field of a file could be one of a model. */
export function startsAsModel(start: Uint8Array): boolean {
  try {
    const [number, wireType] = new BinaryReader(start).tag();
    const field = fieldOf("ModelProto", number);
    return field !== undefined && fits(field, wireType);
  } catch {
    return false;
  }
}

function hasGraph(model: ModelProto): model is ModelWithGraph {
  return model.graph !== undefined;
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return readMessage("ModelProto", bytes);
  } catch (cause) {
    // A packed list whose last number crosses its end passes the walk.
    throw new NotOnnx("a list of numbers with a broken end", { cause });
  }
}

interface Fault {
  readonly what: "end inside a field" | "make no sense" | "nest too deep" | "hold too many parts";
  readonly at: number;
}

/** Messages inside messages that the parser takes. */
const deepest = 100;

/** Messages that a file may hold: nodes, attributes, tensors, values. */
const mostMessages = 1_000_000;

/** The first field of a message that does not fit; `base` is where its bytes start in the file. */
function findFault(
  message: MessageName,
  bytes: Uint8Array,
  base: number,
  depth: number,
  seen: { messages: number },
): Fault | undefined {
  if (depth >= deepest) return { what: "nest too deep", at: base };
  seen.messages += 1;
  if (seen.messages > mostMessages) return { what: "hold too many parts", at: base };
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const at = base + reader.pos;
    try {
      const [number, wireType] = reader.tag();
      const field = fieldOf(message, number);
      if (field && !fits(field, wireType)) return { what: "make no sense", at };
      if (!field?.message) {
        reader.skip(wireType, number);
        continue;
      }
      const inner = reader.bytes();
      const start = base + reader.pos - inner.length;
      const fault = findFault(field.message, inner, start, depth + 1, seen);
      if (fault) return fault;
    } catch {
      const isCut = reader.pos > reader.len;
      return { what: isCut ? "end inside a field" : "make no sense", at };
    }
  }
  return undefined;
}

function fits(field: NamedField, wireType: WireType): boolean {
  const isPackable = field.isList && field.wireType !== WireType.LengthDelimited;
  return wireType === field.wireType || (isPackable && wireType === WireType.LengthDelimited);
}
