/** @file Attention (Vaswani et al. 2017, arXiv:1706.03762) as opsets 23 to 26 have it, in plain operators. */
import { castCodes } from "../infer.ts";
import { toNumbers } from "../tensor.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/**
 * softmax(scale q k' + mask) v. Queries, keys and values are [batch, heads, length, size], or
 * [batch, length, heads x size] with the numbers of heads as attributes. What a query may not look at
 * (a mask of truth values, later positions if `is_causal`, positions outside a window) gets no weight.
 */
export const attention: Rewrite = (to) => {
  const q = splitHeads(to, to.input(0), "q_num_heads");
  const keys = withPast(to, splitHeads(to, to.input(1), "kv_num_heads"), 4, 1);
  const values = withPast(to, splitHeads(to, to.input(2), "kv_num_heads"), 5, 2);
  const scores = cappedScores(to, q, repeatHeads(to, keys, q));
  const weights = softmax(to, q, keys, scores);
  const result = to.add("MatMul", [weights, repeatHeads(to, values, q)]);
  if (!to.attributes.has("q_num_heads")) {
    to.add("Identity", [result], {}, to.output());
    return;
  }
  mergeHeads(to, result, to.output());
};

/** [batch, length, heads x size] -> [batch, heads, length, size]. */
export function splitHeadsBy(to: NodeRewriter, x: string, heads: number): string {
  const split = to.add("Reshape", [x, to.ints([0, 0, heads, -1])]);
  return to.add("Transpose", [split], { perm: [0, 2, 1, 3] });
}

/** [batch, heads, length, size] -> [batch, length, heads x size]. */
export function mergeHeads(to: NodeRewriter, x: string, output: string): void {
  const turned = to.add("Transpose", [x], { perm: [0, 2, 1, 3] });
  to.add("Reshape", [turned, to.ints([0, 0, -1])], {}, output);
}

/** q k' times `scale`, or over the root of the size of a head. */
export function scaledScores(to: NodeRewriter, q: string, k: string, scale: number): string {
  const product = to.add("MatMul", [q, to.add("Transpose", [k], { perm: [0, 1, 3, 2] })]);
  if (scale !== 0) return to.add("Mul", [product, to.number(scale, q)]);
  const size = to.add("Shape", [q], { start: 3, end: 4 });
  const root = to.add("Sqrt", [to.add("Cast", [size], { to: castCodes.float32 })]);
  return to.add("Div", [product, to.add("CastLike", [root, q])]);
}

function splitHeads(to: NodeRewriter, x: string, attribute: string): string {
  if (!to.attributes.has(attribute)) return x;
  return splitHeadsBy(to, x, to.attributes.int(attribute));
}

/** Keys or values with those of earlier calls before them; `present` is the output that passes them on. */
function withPast(to: NodeRewriter, x: string, past: number, present: number): string {
  const earlier = to.optionalInput(past);
  const output = to.optionalOutput(present) || undefined;
  if (earlier !== "") return to.add("Concat", [earlier, x], { axis: 2 }, output);
  return output === undefined ? x : to.add("Identity", [x], {}, output);
}

/** Keys or values for every head of the queries, where several of those share one. */
function repeatHeads(to: NodeRewriter, x: string, q: string): string {
  const heads = to.attributes.int("q_num_heads", 0);
  if (heads !== 0 && heads === to.attributes.int("kv_num_heads", heads)) return x;
  const queryHeads = to.add("Shape", [q], { start: 1, end: 2 });
  const ownHeads = to.add("Shape", [x], { start: 1, end: 2 });
  const repeats = to.add("Div", [queryHeads, ownHeads]);
  const one = to.ints([1]);
  const size = to.add("Concat", [one, one, repeats, one, one], { axis: 0 });
  const repeated = to.add("Expand", [to.add("Unsqueeze", [x, to.ints([2])]), size]);
  const batch = to.add("Shape", [x], { start: 0, end: 1 });
  const rest = to.add("Shape", [x], { start: 2, end: 4 });
  const shape = to.add("Concat", [batch, queryHeads, rest], { axis: 0 });
  return to.add("Reshape", [repeated, shape]);
}

function cappedScores(to: NodeRewriter, q: string, k: string): string {
  const scores = scaledScores(to, q, k, to.attributes.float("scale", 0));
  reveal(to, scores, 0);
  const cap = to.attributes.float("softcap", 0);
  const capped =
    cap === 0
      ? scores
      : to.add("Mul", [
          to.add("Tanh", [to.add("Div", [scores, to.number(cap, q)])]),
          to.number(cap, q),
        ]);
  reveal(to, capped, 1);
  return capped;
}

/** Gives a value out as `qk_matmul_output` if the node wants the one of this stage. */
function reveal(to: NodeRewriter, value: string, mode: number): void {
  const output = to.optionalOutput(3);
  if (output === "" || to.attributes.int("qk_matmul_output_mode", 0) !== mode) return;
  to.add("Identity", [value], {}, output);
}

function softmax(to: NodeRewriter, q: string, k: string, scores: string): string {
  const mask = to.optionalInput(3);
  const maskType = mask === "" ? undefined : to.factsOf(mask).type;
  const isAdded = mask !== "" && maskType !== "bool";
  const unmasked = isAdded ? notTakenOff(to, mask) : mask === "" ? [] : [mask];
  const allowed = allOf(to, [...unmasked, ...positions(to, q, k)]);
  const biased = isAdded ? to.add("Add", [scores, mask]) : scores;
  const lowest = to.factsOf(q).type === "float32" ? -3.4028234663852886e38 : -65504;
  const masked =
    allowed === undefined ? biased : to.add("Where", [allowed, biased, to.number(lowest, q)]);
  reveal(to, masked, 2);
  const precision = to.attributes.int("softmax_precision", 0);
  const exact = precision === 0 ? masked : to.add("Cast", [masked], { to: precision });
  const soft = to.add("Softmax", [exact], { axis: -1 });
  const weights = precision === 0 ? soft : to.add("CastLike", [soft, q]);
  // A query that may look at nothing gets zeros, where the softmax of equal numbers would be uniform.
  const result =
    allowed === undefined ? weights : to.add("Where", [allowed, weights, to.number(0, q)]);
  reveal(to, result, 3);
  return result;
}

/** The condition on keys that a mask of numbers does not take off by an infinite one; none if it is known to take off none. */
function notTakenOff(to: NodeRewriter, mask: string): string[] {
  const known = to.constantOf(mask);
  const takesNone = known && toNumbers(known).every((value) => value !== Number.NEGATIVE_INFINITY);
  if (takesNone) return [];
  return [to.add("Not", [to.add("IsInf", [mask], { detect_positive: 0 })])];
}

function allOf(to: NodeRewriter, conditions: readonly string[]): string | undefined {
  const [first, ...others] = conditions;
  return first === undefined
    ? undefined
    : others.reduce((all, condition) => to.add("And", [all, condition]), first);
}

/** The conditions on positions: keys that are no padding, not later, not before and not after a window. */
function positions(to: NodeRewriter, q: string, k: string): string[] {
  const lengths = keyLengths(to);
  const isKey = lengths === undefined ? [] : [to.add("Less", [count(to, k), lengths])];
  return [...isKey, ...windows(to, q, k, lengths)];
}

/** How many keys of each sample are no padding, [batch, 1, 1, 1], if that is told. */
function keyLengths(to: NodeRewriter): string | undefined {
  const lengths = to.optionalInput(6);
  return lengths === "" ? undefined : to.add("Unsqueeze", [lengths, to.ints([1, 2, 3])]);
}

/** The conditions on how far a key may lie from its query, [queries, keys] or [batch, 1, queries, keys] each. */
function windows(to: NodeRewriter, q: string, k: string, lengths: string | undefined): string[] {
  const isCausal = to.attributes.int("is_causal", 0) !== 0;
  const left = to.attributes.int("left_window_size", -1);
  const right = to.attributes.int("right_window_size", -1);
  if (!isCausal && left < 0 && right < 0) return [];
  const row = to.add("Add", [
    to.add("Unsqueeze", [count(to, q), to.ints([1])]),
    firstPosition(to, q, lengths),
  ]);
  const distance = to.add("Sub", [row, count(to, k)]);
  return [
    ...(isCausal ? [to.add("GreaterOrEqual", [distance, to.int(0)])] : []),
    ...(left >= 0 ? [to.add("LessOrEqual", [distance, to.int(left)])] : []),
    ...(right >= 0 ? [to.add("GreaterOrEqual", [distance, to.int(-right)])] : []),
  ];
}

/** Where the first query stands among the keys: behind those of earlier calls, or so that the last stands at the last key. */
function firstPosition(to: NodeRewriter, q: string, lengths: string | undefined): string {
  const past = to.optionalInput(4);
  if (past !== "") return to.add("Shape", [past], { start: 2, end: 3 });
  if (lengths === undefined) return to.ints([0]);
  return to.add("Sub", [lengths, to.add("Shape", [q], { start: 2, end: 3 })]);
}

/** 0, 1, 2, ... along the length of [batch, heads, length, size]. */
function count(to: NodeRewriter, x: string): string {
  const length = to.add("Squeeze", [to.add("Shape", [x], { start: 2, end: 3 })]);
  return to.add("Range", [to.int(0), length, to.int(1)]);
}
