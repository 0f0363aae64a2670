/** @file Reductions, cumulative sums and orderings of the float64 interpreter. */
import type { AttributeReader } from "../../../src/graph/attributes.ts";
import { at, axisOf, generate, ndarray, positions, toType, type NdArray } from "../ndarray.ts";
import {
  numbers,
  required,
  type OperatorInputs,
  type OperatorTable,
  type ReferenceOperator,
} from "../operator.ts";

/** `f` of the elements along `axes`, which stay as axes of size 1 if `keep`. */
function reduce(
  x: NdArray,
  axes: readonly number[],
  keep: boolean,
  f: (values: readonly number[]) => number,
): NdArray {
  const dims = x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const groups = new Map<string, number[]>();
  for (const position of positions(dims)) groups.set(position.join(), []);
  let offset = 0;
  for (const position of positions(x.dims)) {
    const target = position.map((index, axis) => (axes.includes(axis) ? 0 : index));
    groups.get(target.join())!.push(x.data[offset++]!);
  }
  const values = Array.from(groups.values(), (group) => toType(f(group), x.type));
  return ndarray(x.type, keep ? dims : dims.filter((_, axis) => !axes.includes(axis)), values);
}

function reducer(f: (values: readonly number[]) => number): ReferenceOperator {
  return (inputs, attributes) => {
    const x = required(inputs, 0);
    const listed = numbers(inputs, 1).map((axis) => axisOf(axis, x.dims.length));
    const nothing = attributes.int("noop_with_empty_axes", 0) === 1;
    const axes = listed.length > 0 || nothing ? listed : x.dims.map((_, axis) => axis);
    return [reduce(x, axes, attributes.int("keepdims", 1) === 1, f)];
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const sumOf = (values: readonly number[], f: (x: number) => number) => sum(values.map(f));

/** log(sum(exp(x))), without overflow. */
export function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(sumOf(values, (x) => Math.exp(x - largest)));
}

/** The index of the extreme: the first, or the last if `select_last_index` is set. */
function argReduction(better: (a: number, b: number) => boolean): ReferenceOperator {
  return (inputs, attributes) => {
    const x = required(inputs, 0);
    const axis = axisOf(attributes.int("axis", 0), x.dims.length);
    const last = attributes.int("select_last_index", 0) === 1;
    const keep = attributes.int("keepdims", 1) === 1;
    const found = reduce({ ...x, type: "int64" }, [axis], keep, (values) => {
      let best = 0;
      values.forEach((value, i) => {
        if (better(value, values[best]!) || (last && value === values[best])) best = i;
      });
      return best;
    });
    return [found];
  };
}

/** Sums or products of what lies before an element along the axis, and of itself unless `exclusive`. */
function cumulative(start: number, combine: (a: number, b: number) => number): ReferenceOperator {
  return (inputs, attributes) => {
    const x = required(inputs, 0);
    const axis = axisOf(numbers(inputs, 1)[0]!, x.dims.length);
    const exclusive = attributes.int("exclusive", 0) === 1;
    const reverse = attributes.int("reverse", 0) === 1;
    const result = generate(x.type, x.dims, (position) => {
      let total = start;
      for (let k = 0; k < x.dims[axis]!; k++) {
        const before = reverse ? k > position[axis]! : k < position[axis]!;
        const own = k === position[axis] && !exclusive;
        if (before || own) total = combine(total, at(x, position.with(axis, k)));
      }
      return total;
    });
    return [result];
  };
}

/** Sorted by value; equal ones by their index. */
function topK(inputs: OperatorInputs, attributes: AttributeReader): NdArray[] {
  const x = required(inputs, 0);
  const axis = axisOf(attributes.int("axis", -1), x.dims.length);
  const sign = attributes.int("largest", 1) === 1 ? -1 : 1;
  const dims = x.dims.with(axis, numbers(inputs, 1)[0]!);
  const ranked = (position: readonly number[]): number => {
    const values = Array.from({ length: x.dims[axis]! }, (_, k) => at(x, position.with(axis, k)));
    const order = values.map((_, k) => k).sort((a, b) => sign * (values[a]! - values[b]!) || a - b);
    return order[position[axis]!]!;
  };
  const indices = generate("int64", dims, ranked);
  const values = generate(x.type, dims, (position) =>
    at(x, position.with(axis, at(indices, position))),
  );
  return [values, indices];
}

export const reductions: OperatorTable = {
  ArgMax: argReduction((a, b) => a > b),
  ArgMin: argReduction((a, b) => a < b),
  CumProd: cumulative(1, (a, b) => a * b),
  CumSum: cumulative(0, (a, b) => a + b),
  ReduceL1: reducer((values) => sumOf(values, Math.abs)),
  ReduceL2: reducer((values) => Math.sqrt(sumOf(values, (x) => x * x))),
  ReduceLogSum: reducer((values) => Math.log(sum(values))),
  ReduceLogSumExp: reducer(logSumExp),
  ReduceMax: reducer((values) => Math.max(...values)),
  ReduceMean: reducer((values) => sum(values) / values.length),
  ReduceMin: reducer((values) => Math.min(...values)),
  ReduceProd: reducer((values) => values.reduce((a, b) => a * b, 1)),
  ReduceSum: reducer(sum),
  ReduceSumSquare: reducer((values) => sumOf(values, (x) => x * x)),
  TopK: topK,
};
