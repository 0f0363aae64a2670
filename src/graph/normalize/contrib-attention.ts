/** @file ONNX Runtime's Attention and MultiHeadAttention, as its optimiser writes them for encoders without masks. */
import { mergeHeads, scaledScores, splitHeadsBy } from "./attention.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/** Attention whose queries, keys and values are one product: x W + bias, [batch, length, 3 x hidden]. */
export const packedAttention: Rewrite = (to) => {
  const bias = 5;
  const isPlain =
    [3, 4, 6].every((i) => to.optionalInput(i) === "") &&
    ["unidirectional", "do_rotary"].every((flag) => to.attributes.int(flag, 0) === 0) &&
    !to.attributes.has("qkv_hidden_sizes") &&
    to.optionalOutput(1) === "";
  if (!isPlain) {
    to.leave();
    return;
  }
  const product = to.add("MatMul", [to.input(0), to.input(1)]);
  const offset = to.optionalInput(2);
  const packed = offset === "" ? product : to.add("Add", [product, offset]);
  const parts = ["queries", "keys", "values"].map((hint) => to.uniqueName(hint));
  to.addAll("Split", [packed], parts, { axis: -1, num_outputs: 3 });
  attend(to, parts as [string, string, string], to.optionalInput(bias));
};

/** Attention of queries, keys and values that were projected before, [batch, length, hidden] each. */
export const multiHeadAttention: Rewrite = (to) => {
  const scoresBias = 5;
  const isPlain =
    [1, 2].every((i) => to.optionalInput(i) !== "") &&
    [3, 4, 6, 7, 8, 9].every((i) => to.optionalInput(i) === "") &&
    to.attributes.int("unidirectional", 0) === 0 &&
    [1, 2, 3].every((i) => to.optionalOutput(i) === "") &&
    // Keys and values may come packed or with heads of their own, which only their ranks tell.
    [0, 1, 2].every((i) => (to.factsOf(to.input(i)).rank ?? 3) === 3);
  if (!isPlain) {
    to.leave();
    return;
  }
  attend(to, [to.input(0), to.input(1), to.input(2)], to.optionalInput(scoresBias));
};

function attend(
  to: NodeRewriter,
  [queries, keys, values]: readonly [string, string, string],
  bias: string,
): void {
  const heads = to.attributes.int("num_heads");
  const q = splitHeadsBy(to, queries, heads);
  const k = splitHeadsBy(to, keys, heads);
  const scores = scaledScores(to, q, k, to.attributes.float("scale", 0));
  const biased = bias === "" ? scores : to.add("Add", [scores, bias]);
  const weights = to.add("Softmax", [biased], { axis: -1 });
  const result = to.add("MatMul", [weights, splitHeadsBy(to, values, heads)]);
  mergeHeads(to, result, to.output());
}
