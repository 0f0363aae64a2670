/** @file Gradient rules of normalisations. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { positiveAxis } from "../../graph/infer.ts";
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule, RuleTable } from "../rule.ts";

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

/** 1 / sqrt(variance + epsilon) of a value, written so that runtimes need no Rsqrt. */
function inverseDeviation(b: GraphBuilder, variance: Value, epsilon: number): Value {
  const shifted = b.add(variance, b.scalar(epsilon, variance.type));
  return b.op("Reciprocal", [b.op("Sqrt", [shifted])]);
}

/**
 * scale / sqrt(variance + epsilon), one number a channel, in a shape of as many elements; a constant
 * where scale and variance are, so that the gradient by x is one product.
 */
function batchSlope(
  b: GraphBuilder,
  scale: Value,
  variance: Value,
  epsilon: number,
  dims: readonly number[],
): Value {
  const { type } = scale;
  const [factors, spreads] = [b.numbersOf(scale), b.numbersOf(variance)];
  if (factors && spreads && (type === "float32" || type === "float64")) {
    const slopes = factors.map((factor, i) => factor / Math.sqrt(spreads[i]! + epsilon));
    return b.constant(slopes, dims, type);
  }
  return b.reshape(b.mul(scale, inverseDeviation(b, variance, epsilon)), dims);
}

/** y = (x - mean) / sqrt(var + epsilon) * scale + bias with stored statistics; dx = dy * scale / sqrt(var + epsilon). */
const batchInference: GradientRule = (n, b) => {
  const x = n.in(0);
  const [scale, mean, variance] = [n.in(1), n.in(3), n.in(4)];
  const channels = x.dims.map((dim, axis) => (axis === 1 ? dim : 1));
  const epsilon = n.float("epsilon", 1e-5);
  const dy = n.grad(0);
  const slope = (dims: readonly number[]) => batchSlope(b, scale, variance, epsilon, dims);
  const inverse = () => inverseDeviation(b, variance, epsilon);
  const sumOf = (value: Value) => b.reduceSum(value, allButChannels(x), false);
  const dyCentred = () => sumOf(b.mul(dy, b.sub(x, b.reshape(mean, channels))));
  const gradientOfVariance = () => {
    const r = inverse();
    return b.scale(b.mul(b.mul(dyCentred(), slope(variance.dims)), b.mul(r, r)), -0.5);
  };
  return [
    n.needs(0) ? b.mul(dy, slope(channels)) : null,
    n.needs(1) ? b.mul(dyCentred(), inverse()) : null,
    n.needs(2) ? sumOf(dy) : null,
    n.needs(3) ? b.neg(b.mul(sumOf(dy), slope(mean.dims))) : null,
    n.needs(4) ? gradientOfVariance() : null,
  ];
};

/** A normalised value under the gradient's construction; each function adds its own nodes when it is called. */
interface Normalized {
  /** x minus its mean. */
  readonly centred: Value;
  /** 1 / sqrt(var(x) + epsilon). */
  readonly inverse: Value;
  /** The normalised value h. */
  value(): Value;
  /** The gradient of x from that of h. */
  pullBack(gradient: Value): Value;
}

/**
 * h = c r with c = x - mean(x) and r = 1 / sqrt(var(x) + epsilon) over `axes`;
 * dx = r (dh - mean(dh) - h mean(dh h)) (Ioffe and Szegedy 2015), written without h: it takes one pass less.
 */
function normalize(
  b: GraphBuilder,
  x: Value,
  axes: readonly number[],
  epsilon: number,
): Normalized {
  const centred = b.sub(x, b.reduceMean(x, axes));
  const inverse = inverseDeviation(b, b.reduceMean(b.mul(centred, centred), axes), epsilon);
  return {
    centred,
    inverse,
    value: () => b.mul(centred, inverse),
    pullBack: (gradient) => {
      const along = b.mul(b.mul(inverse, inverse), b.reduceMean(b.mul(gradient, centred), axes));
      const free = b.sub(gradient, b.reduceMean(gradient, axes));
      return b.mul(b.sub(free, b.mul(centred, along)), inverse);
    },
  };
}

/** Batch statistics; the running ones that are put out are weighted means of them and the old ones. */
const batchTraining: GradientRule = (n, b) => {
  const x = n.in(0);
  const rank = x.dims.length;
  const axes = allButChannels(x);
  const momentum = n.float("momentum", 0.9);
  const normalized = normalize(b, x, axes, n.float("epsilon", 1e-5));
  const dy = n.grad(0);
  const share = (1 - momentum) / elementCount(axes.map((axis) => x.dims[axis]!));
  const gradientOfX = () => {
    let dx = normalized.pullBack(b.mul(dy, alongChannels(b, n.in(1), rank)));
    if (n.hasGrad(1)) dx = b.add(dx, b.scale(alongChannels(b, n.grad(1), rank), share));
    if (!n.hasGrad(2)) return dx;
    const spread = b.mul(normalized.centred, alongChannels(b, n.grad(2), rank));
    return b.add(dx, b.scale(spread, 2 * share));
  };
  const running = (output: number) =>
    n.hasGrad(output) ? b.scale(n.grad(output), momentum) : null;
  return [
    n.needs(0) ? gradientOfX() : null,
    n.needs(1) ? b.reduceSum(b.mul(dy, normalized.value()), axes, false) : null,
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
    n.needs(1) ? b.reduceSum(b.mul(dy, value()), axes, false) : null,
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
  const scaled = () => b.mul(dy, alongChannels(b, n.in(1), x.dims.length));
  return [
    n.needs(0) ? b.reshape(pullBack(b.reshape(scaled(), grouped)), x.dims) : null,
    n.needs(1) ? b.reduceSum(b.mul(dy, b.reshape(value(), x.dims)), axes, false) : null,
    n.needs(2) ? b.reduceSum(dy, axes, false) : null,
  ];
};

/**
 * As `normalize` over all axes from `first` on. Of float32 one operator gives h and r, which takes a third of the time; of other
 * types it gives r with float32's digits only.
 */
function normalizeLast(
  b: GraphBuilder,
  x: Value,
  first: number,
  epsilon: number,
): Omit<Normalized, "centred"> {
  const axes = x.dims.map((_, axis) => axis).slice(first);
  if (x.type !== "float32") return normalize(b, x, axes, epsilon);
  const ones = b.fill(x.dims.slice(first), 1, x.type);
  const outputs = b.ops("LayerNormalization", [x, ones], 3, { axis: first, epsilon });
  const [h, , inverse] = outputs as [Value, Value, Value];
  return {
    inverse,
    value: () => h,
    pullBack: (gradient) => {
      const along = b.mul(h, b.reduceMean(b.mul(gradient, h), axes));
      const free = b.sub(gradient, b.reduceMean(gradient, axes));
      return b.mul(b.sub(free, along), inverse);
    },
  };
}

/** All axes from `axis` on; the mean and inverse deviation that may be put out (float32) have gradients too. */
const layerNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const first = positiveAxis(n.int("axis", -1), x.dims.length);
  const axes = x.dims.map((_, axis) => axis).slice(first);
  const { value, inverse, pullBack } = normalizeLast(b, x, first, n.float("epsilon", 1e-5));
  const dy = n.grad(0);
  const share = 1 / elementCount(axes.map((axis) => x.dims[axis]!));
  const gradientOfX = () => {
    let dx = pullBack(b.mul(dy, n.in(1)));
    if (n.hasGrad(1)) dx = b.add(dx, b.scale(b.cast(n.grad(1), x.type), share));
    if (!n.hasGrad(2)) return dx;
    const squared = b.mul(inverse, inverse);
    const slope = b.scale(b.mul(squared, b.cast(n.grad(2), x.type)), share);
    return b.sub(dx, b.mul(value(), slope));
  };
  return [
    n.needs(0) ? gradientOfX() : null,
    n.needs(1) ? b.mul(dy, value()) : null,
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

/** y = (x - mean) / sqrt(variance) over `axes`; 1e-9, which ONNX adds to the root, keeps it from dividing by 0. */
const meanVarianceNormalization: GradientRule = (n, b) => {
  const x = n.in(0);
  const axes = n.ints("axes", [0, 2, 3]).map((axis) => positiveAxis(axis, x.dims.length));
  return [normalize(b, x, axes, 1e-9).pullBack(n.grad(0))];
};

export const normalization = {
  // y = (x - mean) / deviation scale + bias; dx = dy scale / deviation, with statistics of the
  // batch as LayerNormalization
  BatchNormalization: batchNormalization,
  // as LayerNormalization over the places of a group of channels, scale and bias one number a channel
  GroupNormalization: groupNormalization,
  // as LayerNormalization over the places of a channel, scale and bias one number a channel
  InstanceNormalization: instanceNormalization,
  // y = v scale + bias, v = (x - mean) / deviation; with dv = dy scale, dx = (dv - mean(dv) - v
  // mean(dv v)) / deviation
  LayerNormalization: layerNormalization,
  // y = x / |x|_p; dx = (dy - u sum(dy y)) / |x|_p, u = sign(x) for p = 1, y for p = 2; 0 where the norm is 0
  LpNormalization: lpNormalization,
  // y = v = (x - mean) / deviation; dx = (dy - mean(dy) - v mean(dy v)) / deviation
  MeanVarianceNormalization: meanVarianceNormalization,
} satisfies RuleTable;
