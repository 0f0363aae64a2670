/** @file Numbers that are computed when a graph is read: shapes, and weights that are made of weights. */
import { elementCount, tensorOf, toNumbers, type Tensor } from "../../../graph/tensor.ts";
import { badGraph } from "../description.ts";
import type { Operation } from "../operation.ts";

/** What comes of constants alone. */
export type Fold = (inputs: readonly Tensor[], o: Operation) => Tensor | readonly Tensor[];

/** Folds by the names that TensorFlow has for operators. */
export type Folds = Readonly<Record<string, Fold>>;

/** Elements that may come of one operation at reading. */
const mostElements = 2 ** 22;

/** A tensor of another's type, or of the type that is said; float16 becomes float32. */
export function numbersAs(
  type: Tensor["type"],
  dims: readonly number[],
  numbers: ArrayLike<number>,
): Tensor {
  requireSmall(dims);
  const exact = type === "float16" || type === "bfloat16" || type === "string" ? "float32" : type;
  if (numbers.length !== elementCount(dims)) {
    throw badGraph(`numbers of [${dims.join(", ")}] must be as many, got ${numbers.length}`);
  }
  return tensorOf(exact, dims, numbers);
}

/** Throws `bad-file` for more elements than are computed at reading. */
export function requireSmall(dims: readonly number[]): void {
  const fits = dims.every((dim) => Number.isInteger(dim) && dim >= 0);
  if (fits && elementCount(dims) <= mostElements) return;
  throw badGraph(`what is computed of constants must be small, got [${dims.join(", ")}]`);
}

/** Input `i` of a fold. */
export function given(inputs: readonly Tensor[], i: number, o: Operation): Tensor {
  const value = inputs[i];
  if (!value) throw o.refused(`must read ${i + 1} values, got ${inputs.length}`);
  return value;
}

/** The elements of a value as plain numbers, within bounds. */
export function plainNumbers(value: Tensor): readonly number[] {
  requireSmall(value.dims);
  if (value.type === "string") throw badGraph("constants must be numbers, got text");
  return toNumbers(value);
}

/** Elements between neighbours on each axis. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  }
  return strides;
}

/** Which element of a source stands at each place of a result: `start` and a step an axis of the result. */
export function indicesOf(dims: readonly number[], steps: readonly number[], start = 0): number[] {
  requireSmall(dims);
  let found = [start];
  for (const [axis, size] of dims.entries()) {
    found = found.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * steps[axis]!));
  }
  return found;
}

/** Elements of a value by their indices. */
export function picked(value: Tensor, dims: readonly number[], indices: readonly number[]): Tensor {
  const numbers = plainNumbers(value);
  return numbersAs(
    value.type,
    dims,
    indices.map((at) => numbers[at]!),
  );
}

/** The number of a known axis, which may count from the end. Throws `bad-file`. */
export function axisOf(o: Operation, axis: number | undefined, rank: number): number {
  if (axis !== undefined && Number.isInteger(axis) && axis >= -rank && axis < rank) {
    return axis < 0 ? axis + rank : axis;
  }
  throw o.refused(`must go along one of ${rank} axes, got ${axis}`);
}
