/** @file Sums and differences of classes as weights of their scores. */
import { LimpidError } from "../errors.ts";
import type { HeadKind } from "../network/head-kind.ts";
import { requireClass } from "./class-targets.ts";

/**
 * One weight a unit of the scores: how often a class is added minus how often it is taken off; of an answer of yes or no, class 0 is
 * the lower side. Throws `bad-option` for a class that there is not, and where nothing is left.
 */
export function combinationWeights(
  plus: readonly number[],
  minus: readonly number[],
  units: number,
  kind: HeadKind,
): readonly number[] {
  const weights = Array<number>(units).fill(0);
  const count = (target: number, sign: number) => {
    requireClass(target, units, kind);
    if (kind === "yes-no") weights[0]! += target === 0 ? -sign : sign;
    else weights[target]! += sign;
  };
  for (const target of plus) count(target, 1);
  for (const target of minus) count(target, -1);
  if (weights.some((weight) => weight !== 0)) return weights;
  throw new LimpidError(
    "bad-option",
    `target: classes that are added and taken off must differ, got ${plus.join(", ")} minus ${minus.join(", ")}. choose others.`,
  );
}
