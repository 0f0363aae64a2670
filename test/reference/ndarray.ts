/** @file Plain n-dimensional arrays for the float64 interpreter: every element is a JavaScript number. */
import {
  elementCount,
  formatShape,
  tensorOf,
  toNumbers,
  type ElementType,
  type Tensor,
} from "../../src/graph/tensor.ts";

/**
 * A dense row-major array. `type` is the ONNX type, `data` always float64: floating types are never
 * rounded, integers are whole numbers (64-bit ones exact up to 2^53), `bool` is 0 or 1.
 */
export interface NdArray {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** An array over a copy of `values`. */
export function ndarray(
  type: ElementType,
  dims: readonly number[],
  values: ArrayLike<number>,
): NdArray {
  if (values.length !== elementCount(dims)) {
    throw new Error(`ndarray: ${formatShape(dims)} does not hold ${values.length} elements`);
  }
  return { type, dims: [...dims], data: Float64Array.from(values) };
}

/** The array with `element(position)` at every position. */
export function generate(
  type: ElementType,
  dims: readonly number[],
  element: (position: readonly number[]) => number,
): NdArray {
  const data = new Float64Array(elementCount(dims));
  let offset = 0;
  for (const position of positions(dims)) data[offset++] = element(position);
  return { type, dims: [...dims], data };
}

/** An array filled with one number. */
export function filled(type: ElementType, dims: readonly number[], value: number): NdArray {
  return { type, dims: [...dims], data: new Float64Array(elementCount(dims)).fill(value) };
}

/** The same elements in another shape. */
export function reshaped(array: NdArray, dims: readonly number[]): NdArray {
  return ndarray(array.type, dims, array.data);
}

/** Every position of a shape in row-major order. Each is a fresh array. */
export function* positions(dims: readonly number[]): Generator<number[]> {
  const count = elementCount(dims);
  const position = dims.map(() => 0);
  for (let i = 0; i < count; i++) {
    yield [...position];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      position[axis]!++;
      if (position[axis]! < dims[axis]!) break;
      position[axis] = 0;
    }
  }
}

/** The row-major offset of a position. */
export function offsetOf(position: readonly number[], dims: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < dims.length; axis++) offset = offset * dims[axis]! + position[axis]!;
  return offset;
}

/** The element at a position. Throws if it lies outside. */
export function at(array: NdArray, position: readonly number[]): number {
  const inside =
    position.length === array.dims.length &&
    position.every((index, axis) => index >= 0 && index < array.dims[axis]!);
  if (!inside) {
    throw new Error(`at: ${formatShape(position)} lies outside ${formatShape(array.dims)}`);
  }
  return array.data[offsetOf(position, array.dims)]!;
}

/** An axis counted from the front. Throws if there is no such axis. */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank) throw new Error(`axisOf: no axis ${axis} at rank ${rank}`);
  return positive;
}

/** The shape that all shapes broadcast to under NumPy's rules. Throws if they do not fit. */
export function broadcastDims(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((candidate) => candidate !== 1 && candidate !== size)) {
      throw new Error(`broadcastDims: ${shapes.map(formatShape).join(" and ")} do not fit`);
    }
    return size;
  });
}

/** The array repeated along its axes of size 1, and along new ones in front, until it has shape `dims`. */
export function broadcastTo(array: NdArray, dims: readonly number[]): NdArray {
  const extra = dims.length - array.dims.length;
  return generate(array.type, dims, (position) =>
    at(
      array,
      array.dims.map((size, axis) => (size === 1 ? 0 : position[axis + extra]!)),
    ),
  );
}

/** `f` of every element, rounded or wrapped to `type`. */
export function mapElements(
  array: NdArray,
  f: (value: number) => number,
  type: ElementType = array.type,
): NdArray {
  return { type, dims: array.dims, data: array.data.map((value) => toType(f(value), type)) };
}

/** `f` of the elements at the same place of all arrays, broadcast together. */
export function combine(
  arrays: readonly NdArray[],
  f: (...values: number[]) => number,
  type: ElementType = arrays[0]!.type,
): NdArray {
  const dims = broadcastDims(...arrays.map((array) => array.dims));
  const spread = arrays.map((array) => broadcastTo(array, dims).data);
  const data = new Float64Array(elementCount(dims));
  for (let i = 0; i < data.length; i++) {
    data[i] = toType(f(...spread.map((values) => values[i]!)), type);
  }
  return { type, dims, data };
}

/** The array with its axes in another order. */
export function transposed(array: NdArray, order: readonly number[]): NdArray {
  const dims = order.map((axis) => array.dims[axis]!);
  return generate(array.type, dims, (position) => {
    const source = array.dims.map(() => 0);
    order.forEach((axis, i) => {
      source[axis] = position[i]!;
    });
    return at(array, source);
  });
}

const integerBits: Partial<Record<ElementType, number>> = {
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
  uint8: 8,
  uint16: 16,
  uint32: 32,
  uint64: 64,
};

/** True for the integer types, `bool` not counted. */
export function isInteger(type: ElementType): boolean {
  return integerBits[type] !== undefined;
}

/** True for the floating types. */
export function isFloating(type: ElementType): boolean {
  return type === "float32" || type === "float64" || type === "float16" || type === "bfloat16";
}

/** Smallest and largest number of an integer type; 64-bit ones as far as they are exact. */
export function integerRange(type: ElementType): readonly [number, number] {
  const bits = Math.min(integerBits[type] ?? 0, 53);
  return type.startsWith("uint") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** A number as an element of `type`: integers truncated and wrapped, `bool` 0 or 1, floats as they are. */
export function toType(value: number, type: ElementType): number {
  if (type === "bool") return value === 0 ? 0 : 1;
  const bits = integerBits[type];
  if (bits === undefined) return value;
  const whole = Math.trunc(value) + 0;
  if (bits > 53 || !Number.isFinite(whole)) return whole;
  const unsigned = ((whole % 2 ** bits) + 2 ** bits) % 2 ** bits;
  const negative = !type.startsWith("uint") && unsigned >= 2 ** (bits - 1);
  return negative ? unsigned - 2 ** bits : unsigned;
}

/** The array of a tensor. */
export function fromTensor(tensor: Tensor): NdArray {
  return ndarray(tensor.type, tensor.dims, toNumbers(tensor));
}

/** The array as a tensor of its own type, or of `type`. */
export function toTensor(array: NdArray, type: ElementType = array.type): Tensor {
  if (type === "string" || type === "float16" || type === "bfloat16") {
    throw new Error(`toTensor: ${type} tensors are not made from numbers`);
  }
  return tensorOf(type, array.dims, array.data);
}
