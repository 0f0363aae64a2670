/** @file Steps along the gradient, all of one length. */
import { checkNotNegative } from "./checks.ts";
import { moved, type Direction, type Optimizer } from "./optimizer.ts";

export interface NormalizedOptions {
  /** Added to the root mean square; 1e-12 by default. */
  readonly epsilon?: number;
  /** The axis whose entries are normalised each by itself; none by default. */
  readonly batchAxis?: number;
  /** `ascent` by default. */
  readonly direction?: Direction;
}

/** Steps along the gradient divided by its root mean square over a picture (Chollet 2016). */
export function normalizedAscent(options: NormalizedOptions = {}): Optimizer {
  const { epsilon = 1e-12, batchAxis, direction = "ascent" } = options;
  checkNotNegative("normalized-ascent", { epsilon });
  return {
    name: "normalized-ascent",
    slots: [],
    coefficients: ["rate"],
    at: (_, rate) => [rate],
    build: (b, { variable, gradient, coefficients }) => {
      const axes = gradient.dims.map((_, axis) => axis).filter((axis) => axis !== batchAxis);
      const power = b.reduceMean(b.mul(gradient, gradient), axes);
      const size = b.add(b.op("Sqrt", [power]), b.scalar(epsilon));
      const move = b.mul(b.div(gradient, size), coefficients[0]!);
      return { variable: moved(b, variable, move, direction), slots: [] };
    },
  };
}
