/** @file How files spell max(x, 0) and min(max(x, 0), 6): what a node bounds, and where. */
import { AttributeReader } from "../attributes.ts";
import type { Node } from "../graph.ts";
import { largest, smallest } from "../../statistics.ts";

/** A value that is another one, kept above and below numbers. */
export interface Bounded {
  readonly of: string;
  /** -Infinity where it is not bounded. */
  readonly floor: number;
  /** Infinity where it is not bounded. */
  readonly ceiling: number;
}

/** What a spelling is read from. */
export interface SpellingView {
  readonly node: Node;
  /** The node of the standard domain that gives a value. */
  maker(value: string | undefined): Node | undefined;
  /** The number that every element of a constant is. */
  number(value: string | undefined): number | undefined;
  /** What is known of a value: itself, without bounds, if nothing is. */
  bounded(value: string): Bounded;
}

type Spelling = (view: SpellingView) => Bounded | undefined;

/** Numbers from here on are no bounds: the largest of float32. */
const boundless = 3.4e38;

/** THE table of spellings by the operator that gives the bounded value. */
export const rectifierSpellings: Readonly<Record<string, Spelling>> = {
  Relu: ({ node, bounded }) => within(bounded(node.inputs[0]!), 0, Infinity),
  // min(max(x, low), high)
  Clip: ({ node, number, bounded }) => {
    const low = node.inputs[1] ? number(node.inputs[1]) : -Infinity;
    const high = node.inputs[2] ? number(node.inputs[2]) : Infinity;
    if (low === undefined || high === undefined || low > high) return undefined;
    const floor = low <= -boundless ? -Infinity : low;
    return within(bounded(node.inputs[0]!), floor, high >= boundless ? Infinity : high);
  },
  Max: (view) => extreme(view, (numbers) => ({ floor: largest(numbers), ceiling: Infinity })),
  Min: (view) => extreme(view, (numbers) => ({ floor: -Infinity, ceiling: smallest(numbers) })),
  Where: chosen,
  LeakyRelu: (view) => sloped(view, attribute(view.node, "alpha", 0.01)),
  Elu: (view) => sloped(view, attribute(view.node, "alpha", 1)),
  ThresholdedRelu: (view) => sloped(view, attribute(view.node, "alpha", 1)),
  PRelu: (view) => sloped(view, view.number(view.node.inputs[1])),
  Mul: (view) => masked(view) ?? halved(view, (by) => by === 0.5),
  Div: (view) => halved(view, (by) => by === 2),
  // x - min(x, 0); 0 - min(-x, 0)
  Sub: (view) => {
    const [a, b] = view.node.inputs as [string, string];
    if (view.number(a) === 0) return negatedMinimum(view, b);
    const taken = view.bounded(b);
    return taken.of === a && isMinimum(taken) ? { of: a, floor: 0, ceiling: Infinity } : undefined;
  },
  // -min(-x, 0)
  Neg: (view) => negatedMinimum(view, view.node.inputs[0]!),
  // x + max(-x, 0)
  Add: (view) => {
    const [a, b] = view.node.inputs as [string, string];
    const holds = (x: string, other: string) => {
      const { of, floor, ceiling } = view.bounded(other);
      return floor === 0 && ceiling === Infinity && negativeOf(view, of) === x;
    };
    const x = holds(a, b) ? a : holds(b, a) ? b : undefined;
    return x === undefined ? undefined : { of: x, floor: 0, ceiling: Infinity };
  },
};

function attribute(node: Node, name: string, usual: number): number {
  return new AttributeReader(node).float(name, usual);
}

/** Tighter bounds of what is bounded already; none where they exclude each other. */
function within({ of, ...known }: Bounded, floor: number, ceiling: number): Bounded | undefined {
  const both = {
    of,
    floor: Math.max(known.floor, floor),
    ceiling: Math.min(known.ceiling, ceiling),
  };
  return both.floor <= both.ceiling ? both : undefined;
}

/** A maximum or minimum of one value and numbers. */
function extreme(
  { node, number, bounded }: SpellingView,
  boundsOf: (numbers: readonly number[]) => Omit<Bounded, "of">,
): Bounded | undefined {
  const [value, ...others] = node.inputs.filter((input) => number(input) === undefined);
  const numbers = node.inputs.flatMap((input) => number(input) ?? []);
  if (value === undefined || others.length > 0 || numbers.length === 0) return undefined;
  const { floor, ceiling } = boundsOf(numbers);
  return within(bounded(value), floor, ceiling);
}

/** A function that is x above 0 and `slope` times something below. */
function sloped({ node, bounded }: SpellingView, slope: number | undefined): Bounded | undefined {
  return slope === 0 ? within(bounded(node.inputs[0]!), 0, Infinity) : undefined;
}

/** Where a condition compares a value with a number: the value, the number, and whether it asks for more or less. */
interface Comparison {
  readonly value: string;
  readonly than: number;
  readonly asks: "more" | "less";
}

function comparisonOf(view: SpellingView, condition: string | undefined): Comparison | undefined {
  const node = view.maker(condition);
  if (!node) return undefined;
  if (node.operator === "Not") {
    const inner = comparisonOf(view, node.inputs[0]);
    return inner && { ...inner, asks: inner.asks === "more" ? "less" : "more" };
  }
  const isMore = node.operator === "Greater" || node.operator === "GreaterOrEqual";
  if (!isMore && node.operator !== "Less" && node.operator !== "LessOrEqual") return undefined;
  const [a, b] = node.inputs as [string, string];
  const [left, right] = [view.number(a), view.number(b)];
  if (left === undefined && right !== undefined) {
    return { value: a, than: right, asks: isMore ? "more" : "less" };
  }
  if (left === undefined || right !== undefined) return undefined;
  return { value: b, than: left, asks: isMore ? "less" : "more" };
}

/** Where(x > k, x, k), in all orders. */
function chosen(view: SpellingView): Bounded | undefined {
  const [condition, yes, no] = view.node.inputs as [string, string, string];
  const compared = comparisonOf(view, condition);
  if (!compared) return undefined;
  const { value, than, asks } = compared;
  const isKept = yes === value && view.number(no) === than;
  const isReplaced = no === value && view.number(yes) === than;
  if (!isKept && !isReplaced) return undefined;
  const isFloor = isKept === (asks === "more");
  return within(view.bounded(value), isFloor ? than : -Infinity, isFloor ? Infinity : than);
}

/** x times whether x is over 0, as a number. */
function masked(view: SpellingView): Bounded | undefined {
  const [a, b] = view.node.inputs as [string, string];
  const x = isPositiveMask(view, b, a) ? a : isPositiveMask(view, a, b) ? b : undefined;
  return x === undefined ? undefined : within(view.bounded(x), 0, Infinity);
}

function isPositiveMask(view: SpellingView, mask: string, x: string): boolean {
  const node = view.maker(mask);
  if (!node) return false;
  const isPositive = (condition: string | undefined, asks: Comparison["asks"]) => {
    const compared = comparisonOf(view, condition);
    return compared?.value === x && compared.than === 0 && compared.asks === asks;
  };
  if (node.operator === "Cast") return isPositive(node.inputs[0], "more");
  if (node.operator !== "Where") return false;
  const [condition, yes, no] = node.inputs;
  const [whenTrue, whenFalse] = [view.number(yes), view.number(no)];
  if (whenTrue === 1 && whenFalse === 0) return isPositive(condition, "more");
  return whenTrue === 0 && whenFalse === 1 && isPositive(condition, "less");
}

/** Half of x + |x|. */
function halved(view: SpellingView, isHalf: (by: number) => boolean): Bounded | undefined {
  const [a, b] = view.node.inputs as [string, string];
  const isSecond = isHalf(view.number(b) ?? Number.NaN);
  const isFirst = view.node.operator === "Mul" && isHalf(view.number(a) ?? Number.NaN);
  if (!isFirst && !isSecond) return undefined;
  const sum = view.maker(isSecond ? a : b);
  if (sum?.operator !== "Add") return undefined;
  const [left, right] = sum.inputs as [string, string];
  const isSize = (size: string, of: string) => {
    const node = view.maker(size);
    return node?.operator === "Abs" && node.inputs[0] === of;
  };
  const x = isSize(right, left) ? left : isSize(left, right) ? right : undefined;
  return x === undefined ? undefined : within(view.bounded(x), 0, Infinity);
}

function isMinimum({ floor, ceiling }: Bounded): boolean {
  return floor === -Infinity && ceiling === 0;
}

/** What a value is the negative of. */
function negativeOf(view: SpellingView, value: string): string | undefined {
  const node = view.maker(value);
  if (node?.operator === "Neg") return node.inputs[0];
  if (node?.operator !== "Mul") return undefined;
  const [a, b] = node.inputs as [string, string];
  if (view.number(b) === -1) return a;
  return view.number(a) === -1 ? b : undefined;
}

function negatedMinimum(view: SpellingView, minimum: string): Bounded | undefined {
  const known = view.bounded(minimum);
  const x = isMinimum(known) ? negativeOf(view, known.of) : undefined;
  return x === undefined ? undefined : within(view.bounded(x), 0, Infinity);
}
