/** @file How operands of different shapes were laid against each other before opset 7. */
import { tensorOf } from "../tensor.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/**
 * Operators of two operands: with `broadcast` the second lay against the axes of the first from `axis` on, without an
 * `axis` against the last ones, as today.
 */
export const legacyBroadcast: Rewrite = (to) => {
  const isLaid = to.attributes.int("broadcast", 0) !== 0 && to.attributes.has("axis");
  const second = isLaid ? laidFrom(to, to.attributes.int("axis")) : to.input(1);
  if (second === undefined) to.refuse();
  else to.change({ inputs: [to.input(0), second], drop: ["axis", "broadcast"] });
};

/** PRelu: a slope of more than one number in a line was one a channel. */
export const slopePerChannel: Rewrite = (to) => {
  const { rank } = to.factsOf(to.input(1));
  const isLine = rank === undefined || rank === 1;
  const slope = isLine ? laidFrom(to, 1) : to.input(1);
  if (slope === undefined) to.refuse();
  else to.change({ inputs: [to.input(0), slope] });
};

/** The second input with axes of size 1 behind its own; undefined if it reaches past the last axis of the first. */
function laidFrom(to: NodeRewriter, axis: number): string | undefined {
  const [first, second] = [to.input(0), to.input(1)];
  if (to.constantOf(second)?.data.length === 1) return second;
  const [rank, own] = [to.factsOf(first).rank, to.factsOf(second).rank];
  if (rank === undefined || own === undefined) return laidByRanks(to, axis);
  const start = axis < 0 ? axis + rank : axis;
  const behind = rank - start - own;
  if (behind < 0) return undefined;
  if (behind === 0) return second;
  const axes = Array.from({ length: behind }, (_, i) => own + i);
  return to.add("Unsqueeze", [second], { axes });
}

/** As `laidFrom`, where only the shapes tell how many axes there are. */
function laidByRanks(to: NodeRewriter, axis: number): string {
  const [rank, own] = [to.input(0), to.input(1)].map((value) => rankOf(to, value)) as [
    string,
    string,
  ];
  const start = axis < 0 ? to.add("Add", [rank, to.ints([axis])]) : to.ints([axis]);
  const behind = to.add("Sub", [to.add("Sub", [rank, start]), own]);
  const ones = to.add("ConstantOfShape", [to.add("Max", [behind, to.ints([0])])], {
    value: tensorOf("int64", [1], [1]),
  });
  const shape = to.add("Concat", [to.add("Shape", [to.input(1)]), ones], { axis: 0 });
  return to.add("Reshape", [to.input(1), shape]);
}

/** The number of axes of a value, [1]. */
function rankOf(to: NodeRewriter, value: string): string {
  return to.add("Shape", [to.add("Shape", [value])]);
}
