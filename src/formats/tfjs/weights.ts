/** @file The weights of a TensorFlow.js model by name, each read from its files when it is asked for. */
import {
  elementCount,
  tensor,
  toFloat32,
  type ElementType,
  type Tensor,
} from "../../graph/tensor.ts";
import { mappedIfLarge, staysOnDisk, tensorOnDisk } from "../on-disk.ts";
import type { ByteSource } from "../source.ts";
import { badTfjs } from "./bad-tfjs.ts";
import type { StoredType, WeightEntry, WeightGroup } from "./manifest.ts";
import { ShardFiles, type Shards } from "./shards.ts";
import { stringsIn, textsOf } from "./text-weights.ts";

/** A weight of a model. */
export interface StoredWeight {
  readonly name: string;
  /** As it was before it was quantised. */
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** How its numbers are stored, if in fewer bits than they had. */
  readonly quantizedAs: "uint8" | "uint16" | "float16" | undefined;
  /** Whether its numbers have two parts, which no network here has, so that it cannot be read. */
  readonly isComplex: boolean;
  /** Throws `bad-file`. */
  read(): Promise<Tensor>;
}

const bytesOfType: Readonly<Record<Exclude<StoredType, "string">, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** All weights of the groups, in their order. Throws `bad-file` for missing files and for files of another size. */
export async function openWeights(
  groups: readonly WeightGroup[],
  model: ByteSource,
): Promise<readonly StoredWeight[]> {
  const files = new ShardFiles(model);
  const weights: StoredWeight[] = [];
  for (const group of groups) {
    for (const weight of await openGroup(group, files)) weights.push(weight);
  }
  return weights;
}

async function openGroup(group: WeightGroup, files: ShardFiles): Promise<readonly StoredWeight[]> {
  const sizes = group.weights.map(bytesOfEntry);
  const wanted = sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const shards = await files.open(group.paths, wanted);
  const lengths = wanted === undefined ? await stringsIn(group.weights, sizes, shards) : sizes;
  let offset = 0;
  const opened = group.weights.map((entry, i) => {
    const length = lengths[i]!;
    offset += length;
    return storedWeight(entry, shards, offset - length, length);
  });
  if (offset !== shards.size) throw wrongSize(group, offset, shards.size);
  return opened;
}

/** Bytes of a weight; undefined for texts, which tell themselves. */
function bytesOfEntry({ dims, dtype, quantization }: WeightEntry): number | undefined {
  const type = quantization?.dtype ?? dtype;
  return type === "string" ? undefined : elementCount(dims) * bytesOfType[type];
}

const mostPaths = 3;

function wrongSize({ paths }: WeightGroup, wanted: number, got: number): Error {
  if (paths.length === 0) {
    return badTfjs(`a manifest of ${wanted} bytes of weights must name their files, got none`);
  }
  const names = paths.slice(0, mostPaths).map((path) => `"${path}"`);
  const more = paths.length > mostPaths ? ` and ${paths.length - mostPaths} more` : "";
  return badTfjs(
    `the weights in ${names.join(", ")}${more} must have ${wanted} bytes, got ${got}`,
    "check that the download is complete",
  );
}

function storedWeight(
  entry: WeightEntry,
  shards: Shards,
  offset: number,
  length: number,
): StoredWeight {
  const { name, dims, dtype, quantization } = entry;
  return {
    name,
    type: typeOf(dtype),
    dims,
    quantizedAs: quantization?.dtype,
    isComplex: dtype === "complex64",
    read: async () => {
      if (dtype === "complex64") {
        throw badTfjs(
          `weight "${name}" must have real numbers, got complex64`,
          "no network here has such",
        );
      }
      return (
        onDisk(entry, shards, offset, length) ?? tensorOf(entry, await shards.read(offset, length))
      );
    },
  };
}

function typeOf(dtype: StoredType): ElementType {
  return dtype === "complex64" ? "float32" : dtype;
}

/** A large weight of a large file that can be mapped, if it lies there as it is computed with. */
function onDisk(
  { dims, dtype, quantization }: WeightEntry,
  shards: Shards,
  offset: number,
  length: number,
): Tensor | undefined {
  if (quantization || (dtype !== "float32" && dtype !== "int32")) return undefined;
  const part = shards.within(offset, length);
  const mapped = part && mappedIfLarge(part.file);
  if (!mapped || part.offset % 4 !== 0 || !staysOnDisk({ type: dtype, dims })) return undefined;
  return tensorOnDisk(dtype, dims, mapped, part.offset);
}

function tensorOf(entry: WeightEntry, bytes: Uint8Array): Tensor {
  const { dims, dtype, quantization } = entry;
  if (quantization) return dequantized(entry, quantization, bytes);
  switch (dtype) {
    case "string":
      return tensor("string", dims, textsOf(bytes));
    case "bool":
      return tensor("bool", dims, bytes.map(Math.sign));
    case "uint8":
      return tensor("uint8", dims, bytes);
    case "uint16":
    case "float16":
      return tensor(dtype, dims, elements(Uint16Array, bytes));
    case "int32":
      return tensor("int32", dims, elements(Int32Array, bytes));
    default:
      return tensor("float32", dims, elements(Float32Array, bytes));
  }
}

/** Bytes that have a buffer of their own as elements of a type. */
function elements<T>(
  Type: {
    readonly BYTES_PER_ELEMENT: number;
    new (buffer: ArrayBuffer, at: number, count: number): T;
  },
  bytes: Uint8Array,
): T {
  const count = bytes.byteLength / Type.BYTES_PER_ELEMENT;
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
}

/** `q * scale + min` in double precision, as TensorFlow.js has it; whole numbers are rounded. */
function dequantized(
  { dims, dtype }: WeightEntry,
  quantization: NonNullable<WeightEntry["quantization"]>,
  bytes: Uint8Array,
): Tensor {
  const stored = quantization.dtype === "uint8" ? bytes : elements(Uint16Array, bytes);
  if (quantization.dtype === "float16") {
    const half = tensor("float16", dims, stored as Uint16Array);
    return tensor("float32", dims, toFloat32(half));
  }
  const { scale, min } = quantization;
  if (dtype === "int32") {
    const whole = Int32Array.from(stored, (q) => Math.round(q * scale + min));
    return tensor("int32", dims, whole);
  }
  const values = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) values[i] = stored[i]! * scale + min;
  return tensor("float32", dims, values);
}
