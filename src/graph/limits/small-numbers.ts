/** @file The arithmetic of shapes, computed ahead: small constants through the operators that exporters write it in. */
import { elementCount, type ElementType } from "../tensor.ts";
import { positiveAxis } from "../infer/rule.ts";
import { mostInt32 } from "./demands.ts";
import type { SizedNode } from "./sized-node.ts";

/** The result's sizes and type are known already; undefined where the numbers are not. */
interface Result {
  readonly dims: readonly number[];
  readonly type: ElementType;
}

type Evaluate = (n: SizedNode, result: Result) => readonly number[] | undefined;

type Binary = (a: number, b: number) => number;

const isInteger = (type: ElementType | undefined) => type !== undefined && /^u?int/.test(type);

function binary(f: (n: SizedNode) => Binary): Evaluate {
  return (n, { dims }) => {
    const [a, b] = [spread(n, 0, dims), spread(n, 1, dims)];
    const compute = f(n);
    return a && b && a.map((value, i) => compute(value, b[i]!));
  };
}

function unary(f: (value: number, n: SizedNode) => number): Evaluate {
  return (n) => n.few(0)?.map((value) => f(value, n));
}

/** Places of a value in memory, as an axis goes on. */
function stridesOf(dims: readonly number[]): readonly number[] {
  return dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
}

/** The numbers at places that go on by a stride an axis, from a first one. */
function strided(
  numbers: readonly number[],
  dims: readonly number[],
  strides: readonly number[],
  first = 0,
): readonly number[] {
  return Array.from({ length: elementCount(dims) }, (_, at) => {
    let [place, rest] = [first, at];
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place += (rest % dims[axis]!) * strides[axis]!;
      rest = Math.floor(rest / dims[axis]!);
    }
    return numbers[place]!;
  });
}

/** An input's numbers, repeated as broadcasting repeats them. */
function spread(n: SizedNode, i: number, dims: readonly number[]): readonly number[] | undefined {
  const [numbers, own] = [n.few(i), n.dims(i)];
  if (!numbers || !own) return undefined;
  if (own.join() === dims.join()) return numbers;
  const strides = stridesOf(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride));
  return strided(numbers, dims, [...Array<number>(dims.length - own.length).fill(0), ...strides]);
}

const same: Evaluate = (n) => n.few(0);

const gather: Evaluate = (n) => {
  const [numbers, dims, places] = [n.few(0), n.dims(0), n.few(1)];
  if (dims?.length !== 1 || !numbers || !places) return undefined;
  const found = places.map((place) => numbers[place < 0 ? place + numbers.length : place]);
  return found.every((value) => value !== undefined) ? found : undefined;
};

const concat: Evaluate = (n) => {
  const parts = n.node.inputs.map((_, i) => (n.dims(i)?.length === 1 ? n.few(i) : undefined));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
};

const slice: Evaluate = (n, { dims }) => {
  const [numbers, own, starts] = [n.few(0), n.dims(0), n.few(1)];
  const axes = n.has(3) ? n.few(3) : starts?.map((_, i) => i);
  const steps = n.has(4) ? n.few(4) : starts?.map(() => 1);
  if (!numbers || !own || !starts || !axes || !steps) return undefined;
  const strides = [...stridesOf(own)];
  let first = 0;
  for (const [i, given] of axes.entries()) {
    const axis = positiveAxis(given, own.length);
    const [start, step, size] = [starts[i]!, steps[i]!, own[axis]!];
    const fromFront = start < 0 ? start + size : start;
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    first += Math.min(Math.max(fromFront, low), high) * strides[axis]!;
    strides[axis]! *= step;
  }
  return strided(numbers, dims, strides, first);
};

const transpose: Evaluate = (n, { dims }) => {
  const [numbers, own] = [n.few(0), n.dims(0)];
  if (!numbers || !own) return undefined;
  const backwards = own.map((_, axis) => own.length - 1 - axis);
  const strides = stridesOf(own);
  const order = n.attributes.ints("perm", backwards);
  return strided(
    numbers,
    dims,
    order.map((axis) => strides[axis]!),
  );
};

const reduce =
  (f: (numbers: readonly number[]) => number): Evaluate =>
  (n, { dims }) => {
    const numbers = n.few(0);
    return numbers?.length && elementCount(dims) === 1 ? [f(numbers)] : undefined;
  };

const range: Evaluate = (n, { dims }) => {
  const [start, step] = [n.few(0)?.[0], n.few(2)?.[0]];
  if (start === undefined || step === undefined) return undefined;
  return Array.from({ length: dims[0]! }, (_, i) => start + i * step);
};

const where: Evaluate = (n, { dims }) => {
  const [choice, then, otherwise] = [0, 1, 2].map((i) => spread(n, i, dims));
  return choice && then && otherwise
    ? choice.map((flag, i) => (flag === 0 ? otherwise[i]! : then[i]!))
    : undefined;
};

const cast: Evaluate = (n, { type }) => {
  const numbers = n.few(0);
  if (type === "bool") return numbers?.map((value) => Number(value !== 0));
  return isInteger(type) ? numbers?.map(Math.trunc) : numbers;
};

const constantOfShape: Evaluate = (n, { dims }) => {
  const { value } = n.node.attributes;
  const data = value?.kind === "tensor" && value.value.type !== "string" ? value.value.data : [0];
  return Array<number>(elementCount(dims)).fill(Number(data[0] ?? 0));
};

const shapeOf: Evaluate = (n, { dims }) => {
  const own = n.dims(0);
  const start = Math.max(positiveAxis(n.attributes.int("start", 0), own?.length ?? 0), 0);
  return own?.slice(start, start + dims[0]!);
};

const divide = (n: SizedNode): Binary =>
  isInteger(n.known(0)?.type)
    ? (a, b) => (b === 0 ? Number.NaN : Math.trunc(a / b))
    : (a, b) => a / b;

/** Of the divisor's sign, or as C has it. */
const modulo = (n: SizedNode): Binary =>
  n.attributes.int("fmod", 0) === 1 ? (a, b) => a % b : (a, b) => ((a % b) + b) % b;

const compare = (f: (a: number, b: number) => boolean): Evaluate =>
  binary(() => (a, b) => Number(f(a, b)));

const table: Readonly<Record<string, Evaluate>> = {
  Abs: unary(Math.abs),
  Add: binary(() => (a, b) => a + b),
  And: compare((a, b) => a !== 0 && b !== 0),
  Cast: cast,
  Ceil: unary(Math.ceil),
  Concat: concat,
  ConstantOfShape: constantOfShape,
  Div: binary(divide),
  Equal: compare((a, b) => a === b),
  Expand: (n, { dims }) => spread(n, 0, dims),
  Flatten: same,
  Floor: unary(Math.floor),
  Gather: gather,
  Greater: compare((a, b) => a > b),
  GreaterOrEqual: compare((a, b) => a >= b),
  Identity: same,
  Less: compare((a, b) => a < b),
  LessOrEqual: compare((a, b) => a <= b),
  Max: (n, result) => extreme(n, result, Math.max),
  Min: (n, result) => extreme(n, result, Math.min),
  Mod: binary(modulo),
  Mul: binary(() => (a, b) => a * b),
  Neg: unary((value) => -value),
  Not: unary((value) => Number(value === 0)),
  Or: compare((a, b) => a !== 0 || b !== 0),
  Range: range,
  ReduceMax: reduce((numbers) => numbers.reduce((a, b) => Math.max(a, b))),
  ReduceMin: reduce((numbers) => numbers.reduce((a, b) => Math.min(a, b))),
  ReduceProd: reduce((numbers) => numbers.reduce((a, b) => a * b, 1)),
  ReduceSum: reduce((numbers) => numbers.reduce((a, b) => a + b, 0)),
  Reshape: same,
  Shape: shapeOf,
  Size: (n) => {
    const count = n.count(0);
    return count === undefined ? undefined : [count];
  },
  Slice: slice,
  Sqrt: unary(Math.sqrt),
  Squeeze: same,
  Sub: binary(() => (a, b) => a - b),
  Transpose: transpose,
  Unsqueeze: same,
  Where: where,
};

function extreme(n: SizedNode, { dims }: Result, f: Binary): readonly number[] | undefined {
  const all = n.node.inputs.map((_, i) => spread(n, i, dims));
  if (!all.every((numbers) => numbers !== undefined)) return undefined;
  return all.reduce((a, b) => a.map((value, i) => f(value, b[i]!)));
}

/** The largest whole number of each type that is computed ahead. */
const exactUpTo: Partial<Record<ElementType, number>> = {
  bool: 1,
  int32: mostInt32,
  int64: Number.MAX_SAFE_INTEGER,
};

/**
 * The numbers of a node's one output, in the precision of its type; undefined for operators that are not known, and where
 * a number would not be exact: then a run tells.
 */
export function smallNumbers(n: SizedNode, result: Result): readonly number[] | undefined {
  const { operator, domain } = n.node;
  if (domain !== "" || !Object.hasOwn(table, operator)) return undefined;
  const numbers = table[operator]!(n, result);
  if (numbers?.length !== elementCount(result.dims)) return undefined;
  if (result.type === "float32") return numbers.map(Math.fround);
  const most = exactUpTo[result.type] ?? 0;
  return numbers.every((value) => Number.isInteger(value) && Math.abs(value) <= most)
    ? numbers
    : undefined;
}
