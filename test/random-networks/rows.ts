/** @file Numbers in a row: pools, dense layers and final activations of random networks, in the usual forms. */
import type { Value } from "../../src/graph/builder.ts";
import type { Drawing, Pen } from "./drawing.ts";
import { dense, maxima, means, type Maps } from "./maps.ts";

interface Row {
  compute(x: Maps): number[];
  write(p: Pen, x: Value): Value;
}

/** Numbers [units] of maps: a pool, and a dense layer, in any of the usual forms. */
export function row(d: Drawing, x: Maps, units: number, size = 1.5): Row {
  const isFlat = x.data.length <= 400 && d.chance(0.3);
  const pools = d.of("mean", "mean", "max");
  const read = (maps: Maps) => (isFlat ? maps.data : pools === "mean" ? means(maps) : maxima(maps));
  const values = read(x);
  const spread = Math.max(
    Math.sqrt([...values].reduce((s, v) => s + v * v, 0) / values.length),
    1e-2,
  );
  const weights = d.weights(units * values.length, size / Math.sqrt(values.length) / spread);
  const bias = d.weights(units, 0.4);
  return {
    compute: (maps) => dense(read(maps), weights, bias),
    write: (p, value) => {
      const flat = isFlat ? flattened(p, value) : pooledRow(p, value, pools);
      return densely(p, flat, weights, bias);
    },
  };
}

function flattened(p: Pen, x: Value): Value {
  if (p.chance(0.5)) return p.op("Flatten", [x]);
  return p.op("Reshape", [x, p.b.constant(p.of([1, -1], [0, -1]), [2], "int64")]);
}

export function pooledRow(p: Pen, x: Value, kind: string): Value {
  if (kind === "max") {
    return p.chance(0.5)
      ? p.op("Flatten", [p.op("GlobalMaxPool", [x])])
      : p.op("ReduceMax", [x, p.b.ints([2, 3])], { keepdims: 0 });
  }
  switch (p.random.below(4)) {
    case 0:
      return p.op("Flatten", [p.op("GlobalAveragePool", [x])]);
    case 1:
      return p.b.reduceMean(x, [2, 3], false);
    case 2:
      return p.op("Squeeze", [p.b.reduceMean(x, [-1, -2]), p.b.ints([2, 3])]);
    default:
      return flattened(p, p.op("AveragePool", [x], { kernel_shape: x.dims.slice(2) }));
  }
}

export function densely(
  p: Pen,
  x: Value,
  weights: readonly number[],
  bias: readonly number[],
): Value {
  const [units, inputs] = [bias.length, x.dims[1]!];
  const turned = Array.from(
    weights,
    (_, i) => weights[(i % units) * inputs + Math.floor(i / units)]!,
  );
  const b = p.weights(bias, [units]);
  switch (p.random.below(4)) {
    case 0:
      return p.op("Gemm", [x, p.weights(weights, [units, inputs]), b], { transB: 1 });
    case 1:
      return p.op("Gemm", [x, p.weights(turned, [inputs, units]), b]);
    case 2: {
      const wide = p.op("Unsqueeze", [x, p.b.ints([2, 3])]);
      const conv = p.op("Conv", [wide, p.weights(weights, [units, inputs, 1, 1]), b]);
      return p.op("Flatten", [conv]);
    }
    default:
      return p.op("Add", [p.op("MatMul", [x, p.weights(turned, [inputs, units])]), b]);
  }
}

/** A value as an output of the file, in float32. */
export function end(p: Pen, value: Value, name: string): void {
  p.b.output(p.op("Identity", [p.b.cast(value, "float32")], {}, name));
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export function shares(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

interface Spelling {
  write(p: Pen, x: Value): Value;
  compute(shares: readonly number[], logits: readonly number[]): readonly number[];
}

export const softmax = (p: Pen, x: Value) => p.op("Softmax", [x], { axis: p.of(-1, 1) });

/** What files write of logits whose softmax is meant. */
export const softmaxes: Readonly<Record<string, Spelling>> = {
  logits: { write: (_, x) => x, compute: (_, logits) => logits },
  softmax: { write: softmax, compute: (all) => all },
  "softmax by hand": {
    write: (p, x) => {
      const powers = p.op("Exp", [x]);
      return p.op("Div", [powers, p.b.reduceSum(powers, [1])]);
    },
    compute: (all) => all,
  },
  "log of softmax": {
    write: (p, x) => p.op("Log", [softmax(p, x)]),
    compute: (all) => all.map(Math.log),
  },
  "log-softmax": {
    write: (p, x) => p.op("LogSoftmax", [x], { axis: p.of(-1, 1) }),
    compute: (all) => all.map(Math.log),
  },
  percent: {
    write: (p, x) => p.op("Mul", [softmax(p, x), p.scalar(100)]),
    compute: (all) => all.map((share) => 100 * share),
  },
  "clipped softmax": {
    write: (p, x) => p.op("Clip", [softmax(p, x), p.scalar(2 ** -20), p.scalar(1)]),
    compute: (all) => all.map((share) => Math.max(share, 2 ** -20)),
  },
};

function plainSigmoid(p: Pen, x: Value): Value {
  if (p.chance(0.6)) return p.op("Sigmoid", [x]);
  const sum = p.op("Add", [p.scalar(1), p.op("Exp", [p.op("Neg", [x])])]);
  return p.op("Div", [p.scalar(1), sum]);
}

/** What files write of logits whose sigmoids are meant. */
export const sigmoids: Readonly<
  Record<string, Omit<Spelling, "compute"> & { compute(share: number): number }>
> = {
  sigmoid: { write: plainSigmoid, compute: (share) => share },
  "log of sigmoid": {
    write: (p, x) => p.op("Log", [plainSigmoid(p, x)]),
    compute: Math.log,
  },
  "clipped sigmoid": {
    write: (p, x) => p.op("Clip", [plainSigmoid(p, x), p.scalar(2 ** -20), p.scalar(1)]),
    compute: (share) => Math.max(share, 2 ** -20),
  },
};

/** Functions at the end of values, which are none of answers. */
export const ranges: Readonly<
  Record<string, Omit<Spelling, "compute"> & { compute(x: number): number }>
> = {
  "a value": { write: (_, x) => x, compute: (x) => x },
  "a positive value": {
    write: (p, x) => p.op("Softplus", [x]),
    compute: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  },
  "a scaled value": {
    write: (p, x) => p.op("Add", [p.op("Mul", [x, p.scalar(12.5)]), p.scalar(40)]),
    compute: (x) => 12.5 * x + 40,
  },
  "a value up to 120": {
    write: (p, x) => p.op("Mul", [p.op("Sigmoid", [x]), p.scalar(120)]),
    compute: (x) => 120 * sigmoid(x),
  },
  "a value up to 100": {
    write: (p, x) => p.op("Mul", [plainSigmoid(p, x), p.scalar(100)]),
    compute: (x) => 100 * sigmoid(x),
  },
  "a share that is left": {
    write: (p, x) => p.op("Sub", [p.scalar(1), plainSigmoid(p, x)]),
    compute: (x) => 1 - sigmoid(x),
  },
  "a value from -1 to 1": { write: (p, x) => p.op("Tanh", [x]), compute: Math.tanh },
  "a value on either side": {
    write: (p, x) => p.op("Sub", [p.op("Mul", [p.scalar(2), p.op("Sigmoid", [x])]), p.scalar(1)]),
    compute: (x) => 2 * sigmoid(x) - 1,
  },
};
