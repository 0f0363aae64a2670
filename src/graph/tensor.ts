/** @file Tensors: an element type, dimensions and row-major data, as ONNX has them. */
import { LimpidError, internalError } from "../errors.ts";

/** Element types that a tensor of a graph can have; names as in ONNX Runtime's JavaScript API. */
export type ElementType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool"
  | "string";

/** The array that holds the elements of each type. `float16` and `bfloat16` hold raw bits. */
export interface ElementArrays {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  bool: Uint8Array;
  string: string[];
}

/** Axes that a tensor may have. */
export const mostAxes = 64;

/** Where the same bytes lie in a file on disk, so that a runtime may map the file instead of copying. */
interface FileRegion {
  readonly path: string;
  readonly offsetBytes: number;
}

/** A dense row-major tensor; `data.length` is the product of `dims`. */
export interface Tensor<T extends ElementType = ElementType> {
  readonly type: T;
  readonly dims: readonly number[];
  readonly data: ElementArrays[T];
  /** Set for weights that were read from a file and not changed since. */
  readonly file?: FileRegion;
  /** Set for numbers that are not in memory: all of them in order, a few MiB at a time; the next piece takes the memory of the last. */
  readonly pieces?: () => Iterable<ElementArrays[T]>;
}

const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

/** The typed-array constructor that holds elements of `type` (every type but `string`). */
export function arrayType<T extends Exclude<ElementType, "string">>(
  type: T,
): (typeof arrayTypes)[T] {
  return arrayTypes[type];
}

/** Bytes that one element takes. */
export function bytesPerElement(type: Exclude<ElementType, "string">): number {
  return arrayTypes[type].BYTES_PER_ELEMENT;
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  let count = 1;
  for (const dim of dims) count *= dim;
  return count;
}

/** Bytes that the elements of a type and shape take; 0 for strings, whose size no shape tells. */
export function sizeInBytes({ type, dims }: Pick<Tensor, "type" | "dims">): number {
  return type === "string" ? 0 : elementCount(dims) * bytesPerElement(type);
}

/** A tensor over `data`, which is not copied. Throws `shape-mismatch` if its length is not that of `dims`. */
export function tensor<T extends ElementType>(
  type: T,
  dims: readonly number[],
  data: ElementArrays[T],
): Tensor<T> {
  if (data.length !== elementCount(dims)) {
    throw new LimpidError(
      "shape-mismatch",
      `tensor: shape ${formatShape(dims)} needs ${elementCount(dims)} elements, got ${data.length}.`,
    );
  }
  return { type, dims: [...dims], data };
}

/** A tensor with the given numbers, rounded to the element type (64-bit integers included). */
export function tensorOf(
  type: Exclude<ElementType, "string" | "float16" | "bfloat16">,
  dims: readonly number[],
  values: ArrayLike<number>,
): Tensor {
  if (type === "int64") return tensor(type, dims, BigInt64Array.from(toBigInts(values)));
  if (type === "uint64") return tensor(type, dims, BigUint64Array.from(toBigInts(values)));
  return tensor(type, dims, arrayTypes[type].from(values));
}

function toBigInts(values: ArrayLike<number>): bigint[] {
  return Array.from(values, (value) => {
    if (Number.isFinite(value)) return BigInt(Math.trunc(value));
    throw new LimpidError("shape-mismatch", `tensor: whole numbers must be finite, got ${value}.`);
  });
}

/** A tensor of zeros (`false` for `bool`). */
export function zeros(type: Exclude<ElementType, "string">, dims: readonly number[]): Tensor {
  return tensor(type, dims, new arrayTypes[type](elementCount(dims)));
}

/** The elements as JavaScript numbers: 64-bit integers are clamped to the safe range, `float16` and `bfloat16` decoded. */
export function toNumbers(value: Tensor): number[] {
  switch (value.type) {
    case "string":
      throw internalError("toNumbers", "a string tensor has no numbers");
    case "float16":
      return Array.from(value.data as Uint16Array, float16ToNumber);
    case "bfloat16":
      return Array.from(upperHalves(value.data as Uint16Array));
    case "int64":
    case "uint64":
      return Array.from(value.data as BigInt64Array, clampToSafe);
    default:
      return Array.from(value.data as Float64Array);
  }
}

/** The elements as float32, a copy; as `toNumbers`, without a number of JavaScript's for each of millions of weights. */
export function toFloat32(value: Tensor): Float32Array {
  switch (value.type) {
    case "float32":
      return (value.data as Float32Array).slice();
    case "float16": {
      halfValues ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => float16ToNumber(bits));
      return lookedUp(value.data as Uint16Array, halfValues);
    }
    case "bfloat16":
      return upperHalves(value.data as Uint16Array);
    default:
      return Float32Array.from(toNumbers(value));
  }
}

/** The values of all float16 bits. */
let halfValues: Float32Array | undefined;

function lookedUp(bits: Uint16Array, values: Float32Array): Float32Array {
  const found = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) found[i] = values[bits[i]!]!;
  return found;
}

function upperHalves(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return new Float32Array(words.buffer);
}

function clampToSafe(value: bigint): number {
  if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  if (value < Number.MIN_SAFE_INTEGER) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}

/** The value of IEEE 754 half-precision bits. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A shape for messages: `[1, 3, 224, 224]`. */
export function formatShape(dims: readonly (number | string)[]): string {
  return `[${dims.join(", ")}]`;
}
