/** @file Convolutions, normalisations and pools of random networks, each computed and written. */
import type { Value } from "../../src/graph/builder.ts";
import type { Drawing, Pen, Step } from "./drawing.ts";
import {
  convolved,
  emptyMaps,
  mapped,
  means,
  pooled,
  standardised,
  windowCounts,
  type Convolution,
  type Maps,
  type Windows,
} from "./maps.ts";

type Pads = Windows["pads"];

/** Padding on all sides, none, one side, or anything less than a window's reach. */
function padsOf(d: Drawing, reach: readonly [number, number]): Pads {
  const [down, across] = reach;
  switch (d.below(5)) {
    case 0:
      return [0, 0, 0, 0];
    case 1:
      return [down, across, 0, 0];
    case 2:
      return [0, 0, down, across];
    case 3:
      return [d.below(down + 1), d.below(across + 1), d.below(down + 1), d.below(across + 1)];
    default:
      return [down >> 1, across >> 1, (down + 1) >> 1, (across + 1) >> 1];
  }
}

/** The padding of SAME_UPPER, by the rule of the operator's document. */
function samePads({ rows, columns }: Maps, { kernel, strides }: Windows): Pads {
  const total = ([rows, columns] as const).map((size, axis) =>
    Math.max((Math.ceil(size / strides[axis]!) - 1) * strides[axis]! + kernel[axis]! - size, 0),
  ) as [number, number];
  return [total[0] >> 1, total[1] >> 1, (total[0] + 1) >> 1, (total[1] + 1) >> 1];
}

function fits(x: Maps, windows: Windows): boolean {
  return windowCounts(x, windows).every((count) => count >= 1);
}

function groupsOf(d: Drawing, x: Maps): { readonly filters: number; readonly groups: number } {
  const kind = d.below(4);
  if (kind === 0 && x.channels > 1) {
    return { filters: x.channels * d.of(1, 1, 2), groups: x.channels };
  }
  if (kind === 1 && x.channels % 2 === 0) return { filters: d.of(2, 4, 6), groups: 2 };
  return { filters: 2 + d.below(5), groups: 1 };
}

type Pair = Windows["kernel"];

const kernels: readonly Pair[] = [
  [1, 1],
  [3, 3],
  [3, 3],
  [5, 3],
  [2, 4],
  [7, 7],
];

/** A convolution of any form that leaves at least one place. */
export function convolution(d: Drawing, x: Maps, keepsShape = false): Step {
  const kernel: Pair = keepsShape ? [3, 3] : d.of<Pair>(...kernels);
  const strides: Pair = keepsShape ? [1, 1] : d.of<Pair>([1, 1], [1, 1], [2, 2], [2, 1]);
  const dilation = keepsShape ? 1 : d.of(1, 1, 1, 2);
  const dilations = [dilation, dilation] as const;
  const reach = kernel.map((size) => (size - 1) * dilation) as [number, number];
  const isSame = !keepsShape && dilation === 1 && d.chance(0.15);
  const open = { kernel, strides, dilations } as const;
  const pads = keepsShape
    ? ([1, 1, 1, 1] as const)
    : isSame
      ? samePads(x, { ...open, pads: [0, 0, 0, 0] })
      : padsOf(d, reach);
  if (!fits(x, { ...open, pads })) return convolution(d, x, true);
  const { filters, groups } = keepsShape ? { filters: x.channels, groups: 1 } : groupsOf(d, x);
  const inputs = (x.channels / groups) * kernel[0] * kernel[1];
  const size = 1.4 / Math.sqrt(inputs) / Math.max(spreadOf(x), 1e-3);
  const layer: Convolution = {
    ...open,
    pads,
    filters,
    groups,
    weights: carried(d, d.weights(filters * inputs, size), kernel, x.channels / groups),
    bias: d.chance(0.7) ? raised(d, d.weights(filters, 0.3)) : undefined,
  };
  if (d.planted) d.planted = [1];
  const how = isSame ? "same" : d.of("plain", "plain", "pad");
  return {
    what: `conv ${kernel.join("x")} strides ${strides.join("x")} dilation ${dilation} groups ${groups} pads ${pads.join(" ")} (${how})`,
    compute: (maps) => convolved(maps, layer),
    write: (p, value) => writtenConvolution(p, value, layer, how),
  };
}

/** The weights with a first filter that sees the planted pattern in its own middle, if there is one. */
function carried(d: Drawing, weights: readonly number[], kernel: Pair, channels: number) {
  const { planted } = d;
  if (!planted) return weights;
  const [down, across] = kernel.map((size) =>
    Array.from({ length: size }, (_, i) => Math.min(i + 1, size - i)),
  ) as [number[], number[]];
  const window = down.flatMap((row) => across.map((column) => row * column));
  const total = window.reduce((sum, weight) => sum + weight, 0);
  const filter = Array.from({ length: channels }, (_, c) =>
    window.map((weight) => ((planted[c] ?? 0) * weight) / total),
  );
  return d.exact([...filter.flat(), ...weights.slice(filter.flat().length)]);
}

/** Biases that do not take the planted pattern below 0. */
function raised(d: Drawing, bias: readonly number[]): readonly number[] {
  return d.planted ? [Math.abs(bias[0]!), ...bias.slice(1)] : bias;
}

/** Root mean square. */
export function spreadOf({ data }: Maps): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
}

function writtenConvolution(p: Pen, x: Value, layer: Convolution, how: string): Value {
  const { kernel, strides, dilations, pads, filters, groups } = layer;
  const weights = p.weights(layer.weights, [filters, x.dims[1]! / groups, ...kernel]);
  const bias = layer.bias ? [p.weights(layer.bias, [filters])] : [];
  const usual = groups === 1 && p.chance(0.5) ? {} : { group: groups };
  const form = { ...usual, strides, dilations, ...(p.chance(0.5) ? { kernel_shape: kernel } : {}) };
  if (how === "same") {
    return p.op("Conv", [x, weights, ...bias], { ...form, auto_pad: "SAME_UPPER" });
  }
  if (how === "plain" || pads.every((pad) => pad === 0)) {
    return p.op("Conv", [x, weights, ...bias], { ...form, pads });
  }
  const [top, left, bottom, right] = pads;
  const padded = p.op("Pad", [x, p.b.ints([0, 0, top, left, 0, 0, bottom, right])]);
  return p.op("Conv", [padded, weights, ...bias], form);
}

/** Normalisation by stored statistics, which are near those of the values. */
export function batchNormalisation(d: Drawing, x: Maps): Step {
  const n = x.channels;
  const spread = spreadOf(x);
  const [scale, bias] = [d.between(n, 0.5, 1.5), raised(d, d.weights(n, 0.4))];
  const mean = d.exact(means(x).map((value) => value + 0.1 * spread * d.random.normal()));
  const variance = d.exact(
    Array.from({ length: n }, () => spread ** 2 * d.random.between(0.5, 2) + 0.01),
  );
  const epsilon = d.of(1e-5, 1e-3);
  const how = d.of("inference", "inference", "training", "two steps");
  if (how === "training") d.isTraining = true;
  const factors = scale.map((s, c) => s / Math.sqrt(variance[c]! + epsilon));
  const [exactFactors, shifts] = [
    d.exact(factors),
    d.exact(bias.map((b, c) => b - mean[c]! * factors[c]!)),
  ];
  const compute = (maps: Maps) =>
    how === "two steps"
      ? mapped(maps, (value, c) => value * exactFactors[c]! + shifts[c]!)
      : mapped(maps, (value, c) => (value - mean[c]!) * factors[c]! + bias[c]!);
  const write = (p: Pen, value: Value) => {
    const column = (numbers: readonly number[]) => p.weights(numbers, [n, 1, 1]);
    if (how === "two steps") {
      return p.op("Add", [p.op("Mul", [value, column(exactFactors)]), column(shifts)]);
    }
    const inputs = [value, ...[scale, bias, mean, variance].map((v) => p.weights(v, [n]))];
    if (how === "inference") return p.op("BatchNormalization", inputs, { epsilon });
    return p.b.ops("BatchNormalization", inputs, 3, { epsilon, training_mode: 1 })[0]!;
  };
  return { what: `batch normalisation (${how})`, compute, write };
}

/** Normalisation by the values' own statistics: of channels, of groups of them, or of places. */
export function normalisation(d: Drawing, x: Maps): Step {
  const n = x.channels;
  const [scale, bias] = [d.between(n, 0.5, 1.5), raised(d, d.weights(n, 0.4))];
  const epsilon = 0.01;
  const area = x.rows * x.columns;
  const ofPlaces = d.planted ? [] : (["layer", "layer by hand"] as const);
  const kind = area < 4 ? "layer" : d.of("instance", "group", ...ofPlaces);
  const scaled = (maps: Maps) => mapped(maps, (value, c) => value * scale[c]! + bias[c]!);
  if (kind === "instance" || kind === "group") {
    const groups = kind === "instance" ? n : n % 2 === 0 ? 2 : 1;
    const of = (channel: number) => Math.floor(channel / (n / groups));
    return {
      what: `${kind} normalisation`,
      compute: (maps) => scaled(standardised(maps, of, groups, epsilon)),
      write: (p, value) =>
        kind === "instance"
          ? p.op("InstanceNormalization", [value, p.weights(scale, [n]), p.weights(bias, [n])], {
              epsilon,
            })
          : groupNormalised(p, value, { groups, scale, bias, epsilon }),
    };
  }
  return {
    what: `${kind} normalisation`,
    compute: (maps) => scaled(standardised(maps, (_, place) => place, area, epsilon)),
    write: (p, value) =>
      kind === "layer"
        ? lastAxisNormalised(p, value, { scale, bias, epsilon })
        : normalisedByHand(p, value, { scale, bias, epsilon }),
  };
}

interface Affine {
  readonly scale: readonly number[];
  readonly bias: readonly number[];
  readonly epsilon: number;
}

/** As PyTorch writes it. */
function groupNormalised(
  p: Pen,
  x: Value,
  { groups, scale, bias, epsilon }: Affine & { readonly groups: number },
): Value {
  const n = scale.length;
  const ones = p.constant(Array<number>(groups).fill(1), [groups]);
  const zeros = p.constant(Array<number>(groups).fill(0), [groups]);
  const flat = p.op("Reshape", [x, p.b.constant([0, groups, -1], [3], "int64")]);
  const normal = p.op("InstanceNormalization", [flat, ones, zeros], { epsilon });
  const back = p.b.reshape(normal, x.dims);
  const product = p.op("Mul", [back, p.weights(scale, [n, 1, 1])]);
  return p.op("Add", [product, p.weights(bias, [n, 1, 1])]);
}

function lastAxisNormalised(p: Pen, x: Value, { scale, bias, epsilon }: Affine): Value {
  const n = scale.length;
  const last = p.b.transpose(x, [0, 2, 3, 1]);
  const normal = p.op("LayerNormalization", [last, p.weights(scale, [n]), p.weights(bias, [n])], {
    epsilon,
    axis: -1,
  });
  return p.b.transpose(normal, [0, 3, 1, 2]);
}

function normalisedByHand(p: Pen, x: Value, { scale, bias, epsilon }: Affine): Value {
  const n = scale.length;
  const centred = p.op("Sub", [x, p.b.reduceMean(x, [1])]);
  const square = p.chance(0.5)
    ? p.op("Mul", [centred, centred])
    : p.op("Pow", [centred, p.scalar(2)]);
  const variance = p.op("Add", [p.b.reduceMean(square, [1]), p.scalar(epsilon)]);
  const normal = p.op("Div", [centred, p.op("Sqrt", [variance])]);
  const product = p.op("Mul", [normal, p.weights(scale, [n, 1, 1])]);
  return p.op("Add", [product, p.weights(bias, [n, 1, 1])]);
}

/** A pool of any form that leaves at least one place. */
export function pool(d: Drawing, x: Maps): Step {
  const kernel = d.of([2, 2], [2, 2], [3, 3], [3, 2]) as readonly [number, number];
  const strides = d.of([2, 2], [2, 2], [1, 1], [3, 2]) as readonly [number, number];
  const what = d.of("max", "max", "mean", "mean", "mean-with-padding" as const);
  const pads = d.chance(0.4)
    ? ([0, 0, 0, 0] as const)
    : padsOf(d, [kernel[0] >> 1, kernel[1] >> 1]);
  const ceil =
    what !== "mean-with-padding" &&
    pads.every((pad) => pad === 0) &&
    strides.join() === "2,2" &&
    d.chance(0.3);
  const windows: Windows = { kernel, strides, dilations: [1, 1], pads, ceil };
  if (!fits(x, { ...windows, ceil: false }))
    return { what: "none", compute: (m) => m, write: (_, v) => v };
  return {
    what: `${what} pool ${kernel.join("x")} strides ${strides.join("x")} pads ${pads.join(" ")}${ceil ? " ceil" : ""}`,
    compute: (maps) => pooled(maps, windows, what),
    write: (p, value) =>
      p.op(what === "max" ? "MaxPool" : "AveragePool", [value], {
        kernel_shape: kernel,
        strides,
        ...(pads.every((pad) => pad === 0) && p.chance(0.5) ? {} : { pads }),
        ...(ceil ? { ceil_mode: 1 } : {}),
        ...(what === "mean-with-padding" ? { count_include_pad: 1 } : {}),
      }),
  };
}

/** Twice as many rows and columns, each repeated. */
export const enlarged: Step = {
  what: "resize to the nearest",
  compute: (x) => {
    const y = emptyMaps(x.channels, 2 * x.rows, 2 * x.columns);
    for (let i = 0; i < y.data.length; i++) {
      const column = i % y.columns;
      const row = Math.floor(i / y.columns) % y.rows;
      const c = Math.floor(i / y.columns / y.rows);
      y.data[i] = x.data[(c * x.rows + (row >> 1)) * x.columns + (column >> 1)]!;
    }
    return y;
  },
  write: (p, x) =>
    p.op("Resize", [x, null, p.b.constant([1, 1, 2, 2], [4])], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    }),
};
