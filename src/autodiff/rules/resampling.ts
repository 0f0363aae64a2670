/** @file Gradient rules of operators that read pictures between their pixels. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { productAlong } from "./axis-product.ts";
import { gridSampleGradient } from "./grid-sample.ts";
import { interpolationMatrix, type AxisResampling } from "./interpolation.ts";

function resampledAxes(n: NodeView): readonly (AxisResampling & { readonly axis: number })[] {
  const from = n.in(0).dims;
  const to = n.out(0).dims;
  const axes = n
    .ints(
      "axes",
      from.map((_, axis) => axis),
    )
    .map((axis) => positiveAxis(axis, from.length));
  const scales = n.constant(2);
  const region = n.constant(1) ?? [];
  return axes.map((axis, i) => ({
    axis,
    from: from[axis]!,
    to: to[axis]!,
    scale: scales && scales.length > 0 ? scales[i]! : to[axis]! / from[axis]!,
    mode: n.string("mode", "nearest"),
    coordinates: n.string("coordinate_transformation_mode", "half_pixel"),
    nearest: n.string("nearest_mode", "round_prefer_floor"),
    cubicCoefficient: n.float("cubic_coeff_a", -0.75),
    excludeOutside: n.int("exclude_outside", 0) === 1,
    antialias: n.int("antialias", 0) === 1,
    region: [region[i] ?? 0, region[i + axes.length] ?? 1],
  }));
}

function isIdentity(matrix: Float64Array, { from, to }: AxisResampling): boolean {
  return from === to && matrix.every((weight, i) => weight === (i % (from + 1) === 0 ? 1 : 0));
}

/** Nearest neighbours at a whole factor: every source has `factor` copies in a row, whose gradients add up. */
function isRepetition(matrix: Float64Array, { from, to }: AxisResampling): boolean {
  if (to % from !== 0) return false;
  const factor = to / from;
  return matrix.every((weight, i) => {
    const source = Math.floor(Math.floor(i / from) / factor);
    return weight === (i % from === source ? 1 : 0);
  });
}

function repetitionGradient(b: GraphBuilder, dy: Value, axis: number, from: number): Value {
  const apart = dy.dims.toSpliced(axis, 1, from, dy.dims[axis]! / from);
  return b.reduceSum(b.reshape(dy, apart), [axis + 1], false);
}

/** y is x times a matrix along each axis; dx is dy times its transpose along each. */
const resize: GradientRule = (n, b) => {
  let gradient = n.grad(0);
  for (const axis of resampledAxes(n)) {
    const matrix = interpolationMatrix(axis);
    if (isIdentity(matrix, axis)) continue;
    gradient = isRepetition(matrix, axis)
      ? repetitionGradient(b, gradient, axis.axis, axis.from)
      : productAlong(b, gradient, axis.axis, matrix, [axis.to, axis.from]);
  }
  return [gradient];
};

export const resampling = {
  GridSample: gridSampleGradient,
  Resize: resize,
} satisfies RuleTable;
