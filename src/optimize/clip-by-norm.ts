/** @file Gradients that are kept from being too long. */
import type { GraphBuilder, Value } from "../graph/builder.ts";

/**
 * The gradients times min(1, limit / (norm + 1e-6)), where the norm is that of all of them together
 * (Pascanu et al. 2013).
 */
export function clipByNorm(b: GraphBuilder, gradients: readonly Value[], limit: number): Value[] {
  const squares = gradients.map((gradient) => {
    const axes = gradient.dims.map((_, axis) => axis);
    return b.op("ReduceSumSquare", [gradient, b.ints(axes)], { keepdims: 0 });
  });
  const norm = b.op("Sqrt", [squares.length === 1 ? squares[0]! : b.op("Sum", squares)]);
  const ratio = b.div(b.scalar(limit), b.add(norm, b.scalar(1e-6)));
  const factor = b.op("Min", [ratio, b.scalar(1)]);
  return gradients.map((gradient) => b.mul(gradient, factor));
}
