/** @file Stochastic gradient descent, with momentum and Nesterov's. */
import { LimpidError } from "../errors.ts";
import type { Value } from "../graph/builder.ts";
import { checkNotNegative, checkShares } from "./checks.ts";
import { moved, withDecay, type Direction, type Optimizer } from "./optimizer.ts";

export interface SgdOptions {
  /** 0 by default. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  /** Added to the gradient, times the variable; 0 by default. */
  readonly weightDecay?: number;
  /** `descent` by default. */
  readonly direction?: Direction;
}

/** g += wd p; v = momentum v + g; p -= rate v (Nesterov: rate (g + momentum v)), as in PyTorch. */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false, weightDecay = 0, direction = "descent" } = options;
  checkShares("sgd", { momentum });
  checkNotNegative("sgd", { weightDecay });
  if (nesterov && momentum === 0) {
    throw new LimpidError("bad-option", "sgd: nesterov must have momentum, got 0. set momentum.");
  }
  return {
    name: "sgd",
    slots: momentum === 0 ? [] : ["velocity"],
    coefficients: ["rate"],
    at: (_, rate) => [rate],
    build: (b, step) => {
      const { variable, slots, coefficients } = step;
      const gradient = withDecay(b, step, weightDecay);
      const next = (way: Value) => moved(b, variable, b.mul(way, coefficients[0]!), direction);
      if (momentum === 0) return { variable: next(gradient), slots: [] };
      const velocity = b.add(b.scale(slots[0]!, momentum), gradient);
      const way = nesterov ? b.add(gradient, b.scale(velocity, momentum)) : velocity;
      return { variable: next(way), slots: [velocity] };
    },
  };
}
