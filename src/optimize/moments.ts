/** @file Running moments of gradients: what slots keep of all steps so far. */
import type { GraphBuilder, Value } from "../graph/builder.ts";

/**
 * What slots keep: `means` as in the papers, or the `sums` behind them, means / (1 - decay), which save a pass
 * over the variable each and are for weights, of which there are millions. Both are the same but for last digits;
 * pictures are made of means, so that a recipe makes the bytes that it always made.
 */
export type MomentForm = "means" | "sums";

/** A running moment with one more value. */
export function runningMoment(
  b: GraphBuilder,
  kept: Value,
  value: Value,
  decay: number,
  form: MomentForm,
): Value {
  const fresh = form === "means" ? b.scale(value, 1 - decay) : value;
  return b.add(b.scale(kept, decay), fresh);
}
