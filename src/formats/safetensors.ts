/** @file Safetensors: named tensors in one file, a JSON header before raw little-endian bytes. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import * as v from "valibot";
import { plainBytes } from "../bytes.ts";
import { LimpidError } from "../errors.ts";
import { readJson, shownJson } from "../wording/read-json.ts";
import { byName } from "../wording/record-schema.ts";
import {
  arrayType,
  bytesPerElement,
  elementCount,
  tensor,
  type ElementType,
  type Tensor,
} from "../graph/tensor.ts";

const elementTypes: Readonly<Record<string, Exclude<ElementType, "string">>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};

const headerLengthBytes = 8;
/** As the format's own reader has it. */
const mostHeaderBytes = 1e8;

/** The tensors of a file and its free text entries. */
export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

function bad(what: string): LimpidError {
  return new LimpidError("bad-file", `safetensors: ${what}. check that the file is complete.`);
}

/** The tensors of a safetensors file. Throws `bad-file` where header and bytes do not agree. */
export function decodeSafetensors(file: Uint8Array): SafetensorsFile {
  const bytes = plainBytes(file);
  if (bytes.byteLength < headerLengthBytes) {
    throw bad(
      `the file must start with ${headerLengthBytes} bytes of header length, got ${bytes.byteLength} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const start = headerLengthBytes + length;
  if (start > bytes.byteLength) {
    throw bad(
      `the header must end inside the file, got ${length} bytes of header in ${bytes.byteLength}`,
    );
  }
  const header = parseHeader(bytes.subarray(headerLengthBytes, start));
  const body = bytes.subarray(start);
  const isText = ([name]: readonly [string, unknown]) => name === "__metadata__";
  const [, text = {}] = header.find(isText) ?? [];
  const metadata = v.safeParse(metadataSchema, text);
  if (!metadata.success) throw bad(`__metadata__ must hold texts, got ${shownJson(text)}`);
  let left = body.byteLength;
  const tensors: (readonly [string, Tensor])[] = [];
  for (const [name, entry] of header.filter((each) => !isText(each))) {
    const value = readEntry(name, entry, body);
    left -= (value.data as Uint8Array).byteLength;
    // Tensors that share bytes may be far more than the file.
    if (left < 0)
      throw bad(`tensors must have bytes of their own, got "${name}" over those of others`);
    tensors.push([name, value]);
  }
  return { tensors: Object.fromEntries(tensors), metadata: metadata.output };
}

const metadataSchema = byName(v.string());

/** The entries one by one, so that a tensor may have any name. */
function parseHeader(bytes: Uint8Array): readonly [string, unknown][] {
  if (bytes.byteLength > mostHeaderBytes) {
    throw bad(`the header must have at most ${mostHeaderBytes} bytes, got ${bytes.byteLength}`);
  }
  const read = readJson(getTextEncoding().decodeUtf8(bytes));
  if ("fault" in read) throw bad(`the header must be JSON, got ${read.fault}`);
  const { value } = read;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  throw bad("the header must be a JSON object, got another value");
}

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({
  dtype: v.string(),
  shape: v.array(size),
  data_offsets: v.tuple([size, size]),
});

function readEntry(name: string, value: unknown, body: Uint8Array): Tensor {
  const entry = v.safeParse(entrySchema, value);
  const {
    dtype = "",
    shape = [],
    data_offsets: offsets = [0, 0],
  } = entry.success ? entry.output : {};
  const type = Object.hasOwn(elementTypes, dtype) ? elementTypes[dtype] : undefined;
  if (!type) {
    throw bad(
      `tensor "${name}" must have a known dtype, a shape and offsets, got ${shownJson(value)}`,
    );
  }
  const [begin, end] = offsets;
  const count = elementCount(shape);
  const bytes = count * bytesPerElement(type);
  if (!(end <= body.byteLength && end - begin === bytes)) {
    throw bad(
      `tensor "${name}" must hold ${bytes} bytes inside the file, got offsets ${begin} to ${end}`,
    );
  }
  // A copy puts the bytes where typed arrays of any element size may lie.
  const own = body.slice(begin, end);
  return tensor(type, shape, new (arrayType(type))(own.buffer, 0, count));
}

/** A safetensors file of named tensors, in the order of their names. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = Object.keys(tensors).sort();
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(["__metadata__", metadata]);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const { type, dims, data } = tensors[name]!;
    const dtype = Object.entries(elementTypes).find(([, known]) => known === type)?.[0];
    if (!dtype) throw bad(`tensor "${name}" must have numbers, got ${type}`);
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    header.push([name, { dtype, shape: dims, data_offsets: [offset, offset + byteLength] }]);
    offset += byteLength;
  }
  return assemble(JSON.stringify(Object.fromEntries(header)), parts, offset);
}

function assemble(header: string, parts: readonly Uint8Array[], bodyBytes: number): Uint8Array {
  const text = getTextEncoding().encodeUtf8(header);
  const padded = Math.ceil(text.byteLength / 8) * 8;
  const file = new Uint8Array(headerLengthBytes + padded + bodyBytes).fill(
    0x20,
    0,
    headerLengthBytes + padded,
  );
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(text, headerLengthBytes);
  let at = headerLengthBytes + padded;
  for (const part of parts) {
    file.set(part, at);
    at += part.byteLength;
  }
  return file;
}
