/** @file Gradient rules of normalisations. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule, NodeView, RuleTable } from "../rule.ts";

/** A [C] vector in the shape that broadcasts along axis 1. */
function alongChannels(b: GraphBuilder, vector: Value, rank: number): Value {
  const dims = Array<number>(rank).fill(1);
  dims[1] = vector.dims[0]!;
  return b.reshape(vector, dims);
}

/** All axes but the channels'. */
function allButChannels(value: Value): number[] {
  return value.dims.map((_, axis) => axis).filter((axis) => axis !== 1);
}

/** A per-channel vector computed at once if its parts are constants, else by `compute`. */
function folded(
  b: GraphBuilder,
  parts: readonly Value[],
  numbers: (...values: number[]) => number,
  compute: () => Value,
): Value {
  const known = parts.map((part) => b.numbersOf(part));
  const type = parts[0]!.type;
  if (known.includes(undefined) || (type !== "float32" && type !== "float64")) return compute();
  const values = known[0]!.map((_, i) => numbers(...known.map((list) => list![i]!)));
  return b.constant(values, parts[0]!.dims, type);
}

/** 1 / sqrt(variance + epsilon) of a value, written so that runtimes need no Rsqrt. */
function inverseDeviation(b: GraphBuilder, variance: Value, epsilon: number): Value {
  const shifted = b.add(variance, b.scalar(epsilon, variance.type));
  return b.op("Reciprocal", [b.op("Sqrt", [shifted])]);
}

/**
 * y = (x - mean) / sqrt(var + epsilon) * scale + bias with stored statistics; dx = dy * scale / sqrt(var + epsilon),
 * one product when the parameters are constants.
 */
const batchInference = (n: NodeView, b: GraphBuilder): readonly (Value | null)[] => {
  const [x, scale, , mean, variance] = [0, 1, 2, 3, 4].map((i) => n.in(i)) as [
    Value,
    Value,
    Value,
    Value,
    Value,
  ];
  const rank = x.dims.length;
  const epsilon = n.float("epsilon", 1e-5);
  const dy = n.grad(0);
  const axes = allButChannels(x);
  const inverse = () => inverseDeviation(b, variance, epsilon);
  const slope = folded(
    b,
    [scale, variance],
    (factor = 0, spread = 0) => factor / Math.sqrt(spread + epsilon),
    () => b.mul(scale, inverse()),
  );
  const sumOf = (value: Value) => b.reduceSum(value, axes, false);
  const centred = () => b.sub(x, alongChannels(b, mean, rank));
  const dyCentred = () => sumOf(b.mul(dy, centred()));
  return [
    n.needs(0) ? b.mul(dy, alongChannels(b, slope, rank)) : null,
    n.needs(1) ? b.mul(dyCentred(), inverse()) : null,
    n.needs(2) ? sumOf(dy) : null,
    n.needs(3) ? b.neg(b.mul(sumOf(dy), slope)) : null,
    n.needs(4)
      ? b.scale(b.mul(b.mul(dyCentred(), slope), b.mul(inverse(), inverse())), -0.5)
      : null,
  ];
};

/** A normalised value, what it was divided by, and its gradient pulled back to x. */
interface Normalized {
  readonly value: Value;
  pullBack(gradient: Value): Value;
}

/**
 * h = (x - mean(x)) / sqrt(var(x) + epsilon) over `axes`;
 * dx = (dh - mean(dh) - h mean(dh h)) / sqrt(var + epsilon) (Ioffe and Szegedy 2015).
 */
function normalize(
  b: GraphBuilder,
  x: Value,
  axes: readonly number[],
  epsilon: number,
): Normalized {
  const centred = b.sub(x, b.reduceMean(x, axes));
  const inverse = inverseDeviation(b, b.reduceMean(b.mul(centred, centred), axes), epsilon);
  const value = b.mul(centred, inverse);
  return {
    value,
    pullBack: (gradient) => {
      const alongValue = b.mul(value, b.reduceMean(b.mul(gradient, value), axes));
      return b.mul(b.sub(b.sub(gradient, b.reduceMean(gradient, axes)), alongValue), inverse);
    },
  };
}

/** Batch statistics; the running ones that are put out are weighted means of them and the old ones. */
const batchTraining = (n: NodeView, b: GraphBuilder): readonly (Value | null)[] => {
  const x = n.in(0);
  const rank = x.dims.length;
  const axes = allButChannels(x);
  const momentum = n.float("momentum", 0.9);
  const { value, pullBack } = normalize(b, x, axes, n.float("epsilon", 1e-5));
  const dy = n.grad(0);
  let dx = pullBack(b.mul(dy, alongChannels(b, n.in(1), rank)));
  const count = elementCount(axes.map((axis) => x.dims[axis]!));
  const share = (1 - momentum) / count;
  if (n.outputCount > 1 && n.hasGrad(1)) {
    dx = b.add(dx, b.scale(alongChannels(b, n.grad(1), rank), share));
  }
  if (n.outputCount > 2 && n.hasGrad(2)) {
    const centred = b.sub(x, b.reduceMean(x, axes));
    dx = b.add(dx, b.scale(b.mul(centred, alongChannels(b, n.grad(2), rank)), 2 * share));
  }
  const running = (output: number) =>
    n.outputCount > output && n.hasGrad(output) ? b.scale(n.grad(output), momentum) : null;
  return [
    n.needs(0) ? dx : null,
    n.needs(1) ? b.reduceSum(b.mul(dy, value), axes, false) : null,
    n.needs(2) ? b.reduceSum(dy, axes, false) : null,
    n.needs(3) ? running(1) : null,
    n.needs(4) ? running(2) : null,
  ];
};

const batchNormalization: GradientRule = (n, b) =>
  n.int("training_mode", 0) === 1 ? batchTraining(n, b) : batchInference(n, b);

/** Every channel of every picture on its own. */
const instanceNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const rank = x.dims.length;
  const spatial = x.dims.map((_, axis) => axis).slice(2);
  const { value, pullBack } = normalize(b, x, spatial, n.float("epsilon", 1e-5));
  const dy = n.grad(0);
  const axes = allButChannels(x);
  return [
    n.needs(0) ? pullBack(b.mul(dy, alongChannels(b, n.in(1), rank))) : null,
    n.needs(1) ? b.reduceSum(b.mul(dy, value), axes, false) : null,
    n.needs(2) ? b.reduceSum(dy, axes, false) : null,
  ];
};

/** Channels in groups; scale and bias are one number a channel. */
const groupNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const [pictures, channels, ...spatial] = x.dims as [number, number, ...number[]];
  const groups = n.int("num_groups");
  const grouped = [pictures, groups, elementCount([channels / groups, ...spatial])];
  const flat = b.reshape(x, grouped);
  const { value, pullBack } = normalize(b, flat, [2], n.float("epsilon", 1e-5));
  const dy = n.grad(0);
  const axes = allButChannels(x);
  const scaled = b.mul(dy, alongChannels(b, n.in(1), x.dims.length));
  return [
    n.needs(0) ? b.reshape(pullBack(b.reshape(scaled, grouped)), x.dims) : null,
    n.needs(1) ? b.reduceSum(b.mul(dy, b.reshape(value, x.dims)), axes, false) : null,
    n.needs(2) ? b.reduceSum(dy, axes, false) : null,
  ];
};

/** All axes from `axis` on; the mean and inverse deviation that may be put out have gradients too. */
const layerNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const first = positiveAxis(n.int("axis", -1), x.dims.length);
  const axes = x.dims.map((_, axis) => axis).slice(first);
  const { value, pullBack } = normalize(b, x, axes, n.float("epsilon", 1e-5));
  const dy = n.grad(0);
  let dx = pullBack(b.mul(dy, n.in(1)));
  const count = elementCount(axes.map((axis) => x.dims[axis]!));
  if (n.outputCount > 1 && n.hasGrad(1)) dx = b.add(dx, b.scale(n.grad(1), 1 / count));
  if (n.outputCount > 2 && n.hasGrad(2)) {
    const inverse = n.out(2);
    const pulled = b.mul(b.mul(value, b.mul(inverse, inverse)), n.grad(2));
    dx = b.sub(dx, b.scale(pulled, 1 / count));
  }
  return [
    n.needs(0) ? dx : null,
    n.needs(1) ? b.mul(dy, value) : null,
    n.needs(2) ? dy : null,
  ].slice(0, n.inputCount);
};

/** y = x / |x|_p along an axis; where the norm is 0, y is 0 and so is its gradient. */
const lpNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const axis = positiveAxis(n.int("axis", -1), x.dims.length);
  const p = n.int("p", 2);
  const dy = n.grad(0);
  const reducer = p === 1 ? "ReduceL1" : "ReduceL2";
  const norm = b.op(reducer, [x, b.ints([axis])], { keepdims: 1 });
  const direction = p === 1 ? b.op("Sign", [x]) : n.out(0);
  const along = b.mul(direction, b.reduceSum(b.mul(dy, n.out(0)), [axis]));
  const zero = b.scalar(0, x.type);
  const positive = b.greater(norm, zero);
  const safe = b.where(positive, norm, b.scalar(1, x.type));
  return [b.where(positive, b.div(b.sub(dy, along), safe), zero)];
};

/** y = (x - mean) / sqrt(variance) over `axes`, as ONNX defines it with 1e-9 inside the division. */
const meanVarianceNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const axes = n.ints("axes", [0, 2, 3]).map((axis) => positiveAxis(axis, x.dims.length));
  return [normalize(b, x, axes, 1e-9).pullBack(n.grad(0))];
};

export const normalization = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
} satisfies RuleTable;
