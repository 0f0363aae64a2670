/** @file Tensors of a model file, in all the forms that ONNX stores them. */
import { BinaryReader, getTextEncoding, WireType } from "@bufbuild/protobuf/wire";
import { LimpidError } from "../../errors.ts";
import { elementTypeOf } from "../../graph/element-types.ts";
import {
  arrayType,
  formatShape,
  mostAxes,
  tensor,
  zeros,
  type ElementArrays,
  type ElementType,
  type Tensor,
} from "../../graph/tensor.ts";
import { staysOnDisk, tensorOnDisk } from "../on-disk.ts";
import { badFile } from "./bad-file.ts";
import { externalLocation, withoutFile, type ExternalData } from "./external-tensors.ts";
import type { SparseTensorProto, TensorProto } from "./messages.ts";
import { WeightBytes, type RawBytes, type WeightOptions } from "./weight-bytes.ts";

type NumberType = Exclude<ElementType, "string">;

/** Types of four bits, two numbers a byte; they are held as bytes. */
const nibbleTypes: Readonly<Record<number, "int8" | "uint8">> = { 21: "uint8", 22: "int8" };

/** Fields of the typed lists of numbers. */
const listFields = { float: 4, int32: 5, int64: 7, double: 10, uint64: 11 } as const;

/** Elements that a sparse tensor may have when it is written out; 512 MiB of float32. */
const densestElements = 2 ** 27;

export interface TensorOptions extends WeightOptions {
  /** What lies in files beside the model; by default nothing does. */
  readonly external?: ExternalData;
}

const noFiles: ExternalData = (proto) => {
  throw withoutFile(proto);
};

/** Reads the tensors of one file. Every method throws `bad-file`. */
export class TensorReader {
  readonly #bytes: WeightBytes;
  readonly #external: ExternalData;
  readonly #known = new Map<TensorProto, Tensor>();
  /** Tensors that four bits a number would have been enough for. */
  readonly #nibbles = new Set<Tensor>();

  constructor({ external, ...options }: TensorOptions = {}) {
    this.#bytes = new WeightBytes(options);
    this.#external = external ?? noFiles;
  }

  /** The tensor of a message; the same one for the same message, whose bytes may be moved but once. */
  read(proto: TensorProto): Tensor {
    const known = this.#known.get(proto);
    if (known) return known;
    const value = this.#read(proto);
    this.#known.set(proto, value);
    if (proto.dataType in nibbleTypes) this.#nibbles.add(value);
    return value;
  }

  /** True if the file holds the tensor in four bits a number, and it fills eight here. */
  wasNibbles(value: Tensor): boolean {
    return this.#nibbles.has(value);
  }

  /** The tensor with the values of a sparse one and zeros elsewhere. */
  readSparse(proto: SparseTensorProto): Tensor {
    if (!proto.values || !proto.indices) {
      throw badFile("a sparse tensor must have values and indices, got none");
    }
    const values = this.read(proto.values);
    const dims = dimsOf(proto.dims, proto.values.name);
    const count = countOf(dims);
    if (values.type === "string" || count > densestElements) {
      throw badFile(
        `sparse tensor "${proto.values.name}" must have at most ${densestElements} numbers when it is written out, got ${values.type} ${formatShape(dims)}`,
      );
    }
    const places = linearPlaces(this.read(proto.indices), values.data.length, dims);
    const dense = zeros(values.type, dims);
    for (const [i, place] of places.entries()) {
      (dense.data as Float32Array)[place] = (values.data as Float32Array)[i]!;
    }
    return dense;
  }

  #read(proto: TensorProto): Tensor {
    const dims = dimsOf(proto.dims, proto.name);
    const nibbleType = nibbleTypes[proto.dataType];
    if (nibbleType) return tensor(nibbleType, dims, this.#nibbleData(proto, dims, nibbleType));
    const type = elementTypeOf(proto.dataType);
    if (!type) {
      throw badFile(
        `tensor "${proto.name}" must have an element type that weights can have, got ${typeName(proto.dataType)}`,
      );
    }
    if (type === "string") return tensor(type, dims, strings(proto, dims));
    const raw = this.#rawBytes(proto, type);
    if (!raw) return tensor(type, dims, integers(proto, type, dims));
    const Type = arrayType(type);
    requireSize(proto, dims, type, raw.byteLength, countOf(dims) * Type.BYTES_PER_ELEMENT);
    if (raw.onDisk && staysOnDisk({ type, dims })) {
      return tensorOnDisk(type, dims, raw.onDisk.mapped, raw.onDisk.offsetBytes);
    }
    return tensor(type, dims, this.#bytes.place(raw, Type, countOf(dims)));
  }

  /** The elements as they lie in the file, if they do. */
  #rawBytes(proto: TensorProto, type: NumberType): RawBytes | undefined {
    if (proto.dataLocation === externalLocation) return this.#external(proto);
    if (proto.rawData.byteLength > 0) return fieldBytes(proto.rawData);
    if (type === "float32") return wholeList(proto, listFields.float);
    if (type === "float64") return wholeList(proto, listFields.double);
    return undefined;
  }

  #nibbleData(
    proto: TensorProto,
    dims: readonly number[],
    type: "int8" | "uint8",
  ): Int8Array | Uint8Array {
    const count = countOf(dims);
    const size = Math.ceil(count / 2);
    const packed =
      this.#rawBytes(proto, type)?.bytes ?? integers(proto, "uint8", [countVarints(proto)]);
    requireSize(proto, dims, type, packed.length, size);
    const data = type === "int8" ? new Int8Array(count) : new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const nibble = (packed[i >> 1]! >> (4 * (i & 1))) & 15;
      data[i] = type === "int8" && nibble > 7 ? nibble - 16 : nibble;
    }
    return data;
  }
}

function dimsOf(dims: readonly bigint[], name: string): number[] {
  const sizes = dims.map(Number);
  const count = sizes.reduce((product, size) => product * size, 1);
  const isShape =
    sizes.length <= mostAxes && sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (isShape && Number.isSafeInteger(count)) return sizes;
  throw badFile(`tensor "${name}" must have a shape, got ${formatShape(sizes)}`);
}

function countOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

function requireSize(
  proto: TensorProto,
  dims: readonly number[],
  type: string,
  got: number,
  wanted: number,
): void {
  if (got === wanted) return;
  throw badFile(
    `tensor "${proto.name}" must be ${type} ${formatShape(dims)} in ${wanted} bytes, got ${got}`,
    "check that the download is complete",
  );
}

/** Types that weights cannot have, for messages. */
function typeName(code: number): string {
  const names: Readonly<Record<number, string>> = {
    0: "none",
    14: "complex64",
    15: "complex128",
    17: "float8e4m3fn",
    18: "float8e4m3fnuz",
    19: "float8e5m2",
    20: "float8e5m2fnuz",
    23: "float4e2m1",
    24: "float8e8m0",
    25: "uint2",
    26: "int2",
  };
  return names[code] ?? `number ${code}`;
}

function strings(proto: TensorProto, dims: readonly number[]): string[] {
  if (proto.stringData.length !== countOf(dims)) {
    throw badFile(
      `tensor "${proto.name}" must hold ${countOf(dims)} texts, got ${proto.stringData.length}`,
    );
  }
  return proto.stringData.map((text) => getTextEncoding().decodeUtf8(text));
}

/** The bytes of a typed list, piece by piece: packed into one, or each number with a tag of its own. */
function listPieces(proto: TensorProto, field: number): Uint8Array[] {
  const pieces = (proto.$unknown ?? []).filter(({ no }) => no === field);
  return pieces.map(({ wireType, data }) =>
    wireType === WireType.LengthDelimited ? new BinaryReader(data).bytes() : data,
  );
}

/** A list of floats: the bytes of one piece where they lie, or those of all pieces together. */
function wholeList(proto: TensorProto, field: number): RawBytes {
  const pieces = listPieces(proto, field);
  const [only] = pieces;
  if (pieces.length === 1 && only) return fieldBytes(only);
  const bytes = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes, byteLength: bytes.byteLength, isField: false };
}

function fieldBytes(bytes: Uint8Array): RawBytes {
  return { bytes, byteLength: bytes.byteLength, isField: true };
}

function listFieldOf(type: NumberType): number {
  switch (type) {
    case "int64":
      return listFields.int64;
    case "uint32":
    case "uint64":
      return listFields.uint64;
    default:
      return listFields.int32;
  }
}

function countVarints(proto: TensorProto): number {
  const { bytes } = wholeList(proto, listFields.int32);
  return bytes.reduce((count, byte) => count + Number(byte < 0x80), 0);
}

/** The whole numbers of a typed list; `float16` and `bfloat16` are stored as their bits. */
function integers<T extends NumberType>(
  proto: TensorProto,
  type: T,
  dims: readonly number[],
): ElementArrays[T] {
  const { bytes } = wholeList(proto, listFieldOf(type));
  const count = countOf(dims);
  const found = bytes.reduce((total, byte) => total + Number(byte < 0x80), 0);
  if (found !== count || (bytes.at(-1) ?? 0) >= 0x80) {
    throw badFile(
      `tensor "${proto.name}" must hold ${count} numbers of shape ${formatShape(dims)}, got ${found}`,
    );
  }
  const data = new (arrayType(type))(count);
  const reader = new BinaryReader(bytes);
  try {
    for (let i = 0; i < count; i++) data[i] = readInteger(reader, type);
  } catch (cause) {
    const { message } = badFile(`tensor "${proto.name}" must hold numbers, got a broken one`);
    throw new LimpidError("bad-file", message, { cause });
  }
  return data as ElementArrays[T];
}

function readInteger(reader: BinaryReader, type: NumberType): number & bigint {
  const value = (() => {
    switch (type) {
      case "int64":
        return reader.int64();
      case "uint64":
        return reader.uint64();
      case "uint32":
        return Number(reader.uint64());
      default:
        return reader.int32();
    }
  })();
  return value as number & bigint;
}

/** Where each value of a sparse tensor goes: `indices` is [values] or [values, axes]. */
function linearPlaces(indices: Tensor, count: number, dims: readonly number[]): number[] {
  const axes = indices.dims.length === 2 ? dims.length : 1;
  if (indices.type !== "int64" || indices.data.length !== count * axes) {
    throw badFile(
      `a sparse tensor must have int64 indices for ${count} values of shape ${formatShape(dims)}, got ${indices.type} ${formatShape(indices.dims)}`,
    );
  }
  const sizes = axes === 1 && indices.dims.length !== 2 ? [countOf(dims)] : dims;
  const numbers = Array.from(indices.data as BigInt64Array, Number);
  return Array.from({ length: count }, (_, i) => {
    let place = 0;
    for (const [axis, size] of sizes.entries()) {
      const index = numbers[i * sizes.length + axis]!;
      if (index < 0 || index >= size) {
        throw badFile(
          `indices of a sparse tensor must lie in ${formatShape(dims)}, got ${index} on axis ${axis}`,
        );
      }
      place = place * size + index;
    }
    return place;
  });
}
