/** @file Safetensors: named tensors in one file, a JSON header before raw little-endian bytes. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { plainBytes } from "../bytes.ts";
import { LimpidError } from "../errors.ts";
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
  const entries = parseHeader(bytes.subarray(headerLengthBytes, start));
  const body = bytes.subarray(start);
  const tensors: Record<string, Tensor> = {};
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(entries)) {
    if (name === "__metadata__") metadata = entry as Record<string, string>;
    else tensors[name] = readEntry(name, entry, body);
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(getTextEncoding().decodeUtf8(bytes));
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    throw bad("the header must be JSON, got something else");
  }
  throw bad("the header must be a JSON object, got another value");
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function readEntry(name: string, value: unknown, body: Uint8Array): Tensor {
  const entry = value as Partial<Entry>;
  const type = elementTypes[entry.dtype ?? ""];
  const { shape, data_offsets: offsets } = entry;
  if (!type || !Array.isArray(shape) || !Array.isArray(offsets)) {
    throw bad(
      `tensor "${name}" must have a known dtype, a shape and offsets, got ${JSON.stringify(value)}`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const count = elementCount(shape as number[]);
  const size = count * bytesPerElement(type);
  if (!(begin >= 0 && end <= body.byteLength && end - begin === size)) {
    throw bad(
      `tensor "${name}" must hold ${size} bytes inside the file, got offsets ${begin} to ${end}`,
    );
  }
  // A copy puts the bytes where typed arrays of any element size may lie.
  const own = body.slice(begin, end);
  return tensor(type, shape as number[], new (arrayType(type))(own.buffer, 0, count));
}

/** A safetensors file of named tensors, in the order of their names. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = Object.keys(tensors).sort();
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header["__metadata__"] = metadata;
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const { type, dims, data } = tensors[name]!;
    const dtype = Object.entries(elementTypes).find(([, known]) => known === type)?.[0];
    if (!dtype) throw bad(`tensor "${name}" must have numbers, got ${type}`);
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    header[name] = { dtype, shape: dims, data_offsets: [offset, offset + byteLength] };
    offset += byteLength;
  }
  return assemble(JSON.stringify(header), parts, offset);
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
