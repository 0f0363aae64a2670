/** @file Gradient rules of operators that read pictures between their pixels. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";
import { affineGridGradient } from "./affine-grid.ts";
import { productAlong } from "./axis-product.ts";
import { gridSampleGradient } from "./grid-sample.ts";
import { interpolationMatrix, type AxisResampling } from "./interpolation.ts";
import { largest, smallest } from "../../statistics.ts";

/** Everything that decides each axis of a Resize. Throws `unsupported-operator` if its scales or region are computed from the input. */
function resampledAxes(n: NodeView): readonly (AxisResampling & { readonly axis: number })[] {
  const from = n.in(0).dims;
  const to = n.out(0).dims;
  const axes = n
    .ints(
      "axes",
      from.map((_, axis) => axis),
    )
    .map((axis) => positiveAxis(axis, from.length));
  const coordinates = n.string("coordinate_transformation_mode", "half_pixel");
  const cropped = coordinates === "tf_crop_and_resize";
  const region = cropped ? n.requireConstant(1, "region of interest") : [];
  const scales = scalesOf(n, axes);
  return axes.map((axis, i) => ({
    axis,
    from: from[axis]!,
    to: to[axis]!,
    scale: scales[i]!,
    mode: n.string("mode", "nearest"),
    coordinates,
    nearest: n.string("nearest_mode", "round_prefer_floor"),
    cubicCoefficient: n.float("cubic_coeff_a", -0.75),
    excludeOutside: n.int("exclude_outside", 0) === 1,
    antialias: n.int("antialias", 0) === 1,
    region: [region[i] ?? 0, region[i + axes.length] ?? 1],
  }));
}

/** The factor of each axis: given, or asked for by sizes, of which a policy may take the smallest or largest for all. */
function scalesOf(n: NodeView, axes: readonly number[]): readonly number[] {
  const from = n.in(0).dims;
  const scales = n.hasIn(2) ? n.requireConstant(2, "scales") : [];
  if (scales.length > 0) return scales;
  const policy = n.string("keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return axes.map((axis) => n.out(0).dims[axis]! / from[axis]!);
  const asked = n.requireConstant(3, "sizes").map((size, i) => size / from[axes[i]!]!);
  const scale = policy === "not_larger" ? smallest(asked) : largest(asked);
  return axes.map(() => scale);
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
  // grid[n, p] = theta[n] place[p]; dtheta[n] = sum of dgrid[n, p] place[p] over the pixels p
  AffineGrid: affineGridGradient,
  // y = sum of x at taps times their weights; dx = dy times weights added there, dgrid = sum of dy
  // x times slopes
  GridSample: gridSampleGradient,
  Resize: resize,
} satisfies RuleTable;
