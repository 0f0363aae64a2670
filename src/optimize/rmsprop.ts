/** @file RMSprop (Tieleman and Hinton 2012). */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { checkNotNegative, checkShares } from "./checks.ts";
import { runningMoment, type MomentForm } from "./moments.ts";
import { moved, withDecay, type Direction, type Optimizer } from "./optimizer.ts";

export interface RmspropOptions {
  /** How much of the mean square a step keeps; 0.99 by default. */
  readonly alpha?: number;
  /** Beside the root where the slots keep sums, as in PyTorch, and beneath it where they keep means; 1e-8 by default. */
  readonly epsilon?: number;
  /** 0 by default. */
  readonly momentum?: number;
  /** Added to the gradient, times the variable; 0 by default. */
  readonly weightDecay?: number;
  /** `sums` by default. */
  readonly keeps?: MomentForm;
  /** `descent` by default. */
  readonly direction?: Direction;
}

/** s = alpha s + (1 - alpha) g^2; d = g / (sqrt(s) + epsilon); v = momentum v + d; p -= rate v. */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = options;
  const { keeps = "sums", direction = "descent" } = options;
  checkShares("rmsprop", { alpha, momentum });
  checkNotNegative("rmsprop", { epsilon, weightDecay });
  const root = keeps === "sums" ? Math.sqrt(1 - alpha) : 1;
  const sizeOf = (b: GraphBuilder, square: Value) =>
    keeps === "sums"
      ? b.add(b.op("Sqrt", [square]), b.scalar(epsilon / root))
      : b.op("Sqrt", [b.add(square, b.scalar(epsilon))]);
  return {
    name: "rmsprop",
    slots: momentum === 0 ? ["square"] : ["square", "velocity"],
    coefficients: ["pace"],
    at: (_, rate) => [rate / root],
    build: (b, step) => {
      const { variable, slots, coefficients } = step;
      const gradient = withDecay(b, step, weightDecay);
      const square = runningMoment(b, slots[0]!, b.mul(gradient, gradient), alpha, keeps);
      const way = b.div(gradient, sizeOf(b, square));
      const next = (by: Value) => moved(b, variable, b.mul(by, coefficients[0]!), direction);
      if (momentum === 0) return { variable: next(way), slots: [square] };
      const velocity = b.add(b.scale(slots[1]!, momentum), way);
      return { variable: next(velocity), slots: [square, velocity] };
    },
  };
}
