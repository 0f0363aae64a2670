/** @file RMSNormalization (Zhang and Sennrich 2019, arXiv:1910.07467) in plain operators. */
import { castCodes } from "../infer.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/** y = x / sqrt(mean(x^2) + epsilon) * scale, over the axes from `axis` on. */
export const rmsNormalization: Rewrite = (to) => {
  const epsilon = to.attributes.float("epsilon", 1e-5);
  const { result } = normalizeRootMeanSquare(
    to,
    to.input(0),
    to.attributes.int("axis", -1),
    epsilon,
  );
  to.add("Mul", [result, to.input(1)], {}, to.output());
};

/** x / rms(x) and 1 / rms(x), computed in the precision that `stash_type` asks for. */
export function normalizeRootMeanSquare(
  to: NodeRewriter,
  x: string,
  axis: number,
  epsilon: number,
): { readonly result: string; readonly inverse: string } {
  const stash = to.attributes.int("stash_type", castCodes.float32);
  const { type } = to.factsOf(x);
  const isExact = type !== undefined && castCodes[type] === stash;
  const exact = isExact ? x : to.add("Cast", [x], { to: stash });
  const square = to.add("Mul", [exact, exact]);
  const mean = to.add("ReduceMean", [square, axesFrom(to, x, axis)], { keepdims: 1 });
  const root = to.add("Sqrt", [to.add("Add", [mean, to.number(epsilon, exact)])]);
  const inverse = to.add("Reciprocal", [root]);
  const normal = to.add("Mul", [exact, inverse]);
  return { result: isExact ? normal : to.add("CastLike", [normal, x]), inverse };
}

/** The axes from `axis` to the last; those counted from the front end at a rank that only the shape tells. */
function axesFrom(to: NodeRewriter, x: string, axis: number): string {
  if (axis < 0) return to.ints(Array.from({ length: -axis }, (_, i) => axis + i));
  const rank = to.add("Size", [to.add("Shape", [x])]);
  return to.add("Range", [to.int(axis), rank, to.int(1)]);
}
