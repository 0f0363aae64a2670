/** @file THE tables of optimisers, as commands and presets name them: of weights and of pictures. */
import { adam, adamW, nadam } from "./adam.ts";
import { normalizedAscent } from "./normalized-ascent.ts";
import type { Optimizer } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

/** For weights: they make a loss small, and some weights decay. */
export const weightOptimizers = {
  sgd: (weightDecay) => sgd({ momentum: 0.9, weightDecay }),
  rmsprop: (weightDecay) => rmsprop({ weightDecay }),
  adam: (weightDecay) => adam({ weightDecay }),
  adamw: (weightDecay) => adamW({ weightDecay }),
} as const satisfies Readonly<Record<string, (weightDecay: number) => Optimizer>>;

export type WeightOptimizerName = keyof typeof weightOptimizers;

const ascent = { direction: "ascent", keeps: "means" } as const;

/**
 * For pictures, axis 0 of which is the batch: they make activations large. The epsilons are smaller than in the
 * papers: gradients of deep units can be 1e-9, and one default must serve every network.
 */
export const pictureOptimizers = {
  adam: adam({ ...ascent, epsilon: 1e-12 }),
  nadam: nadam({ direction: "ascent", epsilon: 1e-12 }),
  rmsprop: rmsprop({ ...ascent, alpha: 0.95, epsilon: 1e-24 }),
  "normalized-ascent": normalizedAscent({ batchAxis: 0 }),
} as const satisfies Readonly<Record<string, Optimizer>>;

export type PictureOptimizerName = keyof typeof pictureOptimizers;
