/** @file What the operations of a graph hand to each other: values of a run, or numbers that are known at reading. */
import type { Tensor } from "../../graph/tensor.ts";
import type { NhwcValue } from "../channels-last/nhwc-value.ts";

/**
 * Numbers that are known at reading. Those that come from sizes which the model leaves open are computed once for each
 * of several sizes, and `samples` has what came of each; one entry where the sizes do not matter.
 */
export interface Constant {
  readonly samples: readonly [Tensor, ...Tensor[]];
}

/** What comes of a branch that is never taken. */
export interface DeadEnd {
  readonly dead: true;
}

export type Operand = NhwcValue | Constant | DeadEnd;

export const deadEnd: DeadEnd = { dead: true };

export function isDead(operand: Operand): operand is DeadEnd {
  return "dead" in operand;
}

export function isConstant(operand: Operand): operand is Constant {
  return "samples" in operand;
}

/** Numbers that hold for all sizes. */
export function constantOf(value: Tensor): Constant {
  return { samples: [value] };
}

/** What came of each size; one entry if it is the same for all. */
export function sampled(samples: readonly [Tensor, ...Tensor[]]): Constant {
  const [first, ...others] = samples;
  const same = others.every(
    (other) =>
      String(other.dims) === String(first.dims) && String(other.data) === String(first.data),
  );
  return same ? constantOf(first) : { samples };
}

/** The numbers for the size of that number. */
export function sampleOf({ samples }: Constant, size: number): Tensor {
  return samples[samples.length === 1 ? 0 : size]!;
}
