/** @file RotaryEmbedding (Su et al. 2021, arXiv:2104.09864) in plain operators. */
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/**
 * Turns pairs of features by angles whose cosines and sines are given: (x1 cos - x2 sin, x1 sin + x2 cos).
 * The pairs are the halves of the head, or neighbours if `interleaved`; features past
 * `rotary_embedding_dim` stay. [batch, heads, length, size], or [batch, length, heads x size].
 */
export const rotaryEmbedding: Rewrite = (to) => {
  const heads = to.attributes.int("num_heads", 0);
  const x = to.input(0);
  // The features of one head come last, and cosines have no axis of heads: [batch, length, heads, size].
  const split =
    heads === 0
      ? to.add("Transpose", [x], { perm: [0, 2, 1, 3] })
      : to.add("Reshape", [x, to.ints([0, 0, heads, -1])]);
  const turnedCount = to.attributes.int("rotary_embedding_dim", 0);
  const turned = turnedCount === 0 ? rotate(to, split) : rotateFirst(to, split, turnedCount);
  if (heads === 0) to.add("Transpose", [turned], { perm: [0, 2, 1, 3] }, to.output());
  else to.add("Reshape", [turned, to.ints([0, 0, -1])], {}, to.output());
};

function rotateFirst(to: NodeRewriter, x: string, count: number): string {
  const ends = Number.MAX_SAFE_INTEGER;
  const slice = (from: number, end: number) =>
    to.add("Slice", [x, to.ints([from]), to.ints([end]), to.ints([-1])]);
  return to.add("Concat", [rotate(to, slice(0, count)), slice(count, ends)], { axis: -1 });
}

function rotate(to: NodeRewriter, x: string): string {
  const [cosine, sine] = [angles(to, to.input(1)), angles(to, to.input(2))];
  const isInterleaved = to.attributes.int("interleaved", 0) !== 0;
  // Interleaved pairs become an axis of their own, halves are cut apart.
  const axis = -1;
  const paired = isInterleaved
    ? to.add("Reshape", [x, to.add("Concat", [shapeBut(to, x), to.ints([-1, 2])], { axis: 0 })])
    : x;
  const [first, second] = [to.uniqueName("first"), to.uniqueName("second")];
  to.addAll("Split", [paired], [first, second], { axis, num_outputs: 2 });
  const squeeze = (part: string) =>
    isInterleaved ? to.add("Squeeze", [part, to.ints([-1])]) : part;
  const [x1, x2] = [squeeze(first), squeeze(second)];
  const real = to.add("Sub", [to.add("Mul", [cosine, x1]), to.add("Mul", [sine, x2])]);
  const imaginary = to.add("Add", [to.add("Mul", [sine, x1]), to.add("Mul", [cosine, x2])]);
  if (!isInterleaved) return to.add("Concat", [real, imaginary], { axis });
  const unsqueeze = (part: string) => to.add("Unsqueeze", [part, to.ints([-1])]);
  const joined = to.add("Concat", [unsqueeze(real), unsqueeze(imaginary)], { axis });
  return to.add("Reshape", [joined, to.add("Shape", [x])]);
}

/** The shape of [batch, length, heads, size] without its last axis. */
function shapeBut(to: NodeRewriter, x: string): string {
  return to.add("Shape", [x], { end: -1 });
}

/** Cosines or sines as [batch, length, 1, pairs], looked up by position if positions are given. */
function angles(to: NodeRewriter, cache: string): string {
  const positions = to.optionalInput(3);
  const found = positions === "" ? cache : to.add("Gather", [cache, positions], { axis: 0 });
  return to.add("Unsqueeze", [found, to.ints([2])]);
}
