/** @file Normalisations of Keras in double precision. */
import type { Config } from "./maker-layer.ts";
import { mapped, mean, paired, reduced, reshaped, type Numbers } from "./numbers.ts";

export type MakerNormalization = "batch" | "layer" | "group" | "root" | "stored";

type Weights = Readonly<Record<string, Numbers>>;

/** Numbers that lie along some axes, with axes of 1 for the others. */
function along(row: Numbers, x: Numbers, axes: readonly number[]): Numbers {
  return reshaped(
    row,
    x.dims.map((dim, axis) => (axes.includes(axis) ? dim : 1)),
  );
}

function scaled(x: Numbers, axes: readonly number[], { gamma, beta }: Weights): Numbers {
  const by = gamma ? paired(x, along(gamma, x, axes), (a, b) => a * b) : x;
  return beta ? paired(by, along(beta, x, axes), (a, b) => a + b) : by;
}

/** Numbers of each example brought to mean 0 and variance 1 over some axes. */
function whitened(
  x: Numbers,
  axes: readonly number[],
  epsilon: number,
  isCentred: boolean,
): Numbers {
  const centred = isCentred ? paired(x, reduced(x, axes, mean), (a, b) => a - b) : x;
  const variance = reduced(
    mapped(centred, (value) => value * value),
    axes,
    mean,
  );
  return paired(centred, variance, (a, b) => a / Math.sqrt(b + epsilon));
}

function grouped(x: Numbers, axis: number, config: Config, weights: Weights): Numbers {
  const asked = (config["groups"] as number) ?? 32;
  const channels = x.dims[axis]!;
  const groups = asked === -1 ? channels : asked;
  const parted = reshaped(x, x.dims.toSpliced(axis, 1, groups, channels / groups));
  const axes = parted.dims.flatMap((_, i) => (i === 0 || i === axis ? [] : [i]));
  const epsilon = (config["epsilon"] as number) ?? 1e-3;
  return scaled(reshaped(whitened(parted, axes, epsilon, true), x.dims), [axis], weights);
}

function byStored(x: Numbers, axes: readonly number[], config: Config, weights: Weights): Numbers {
  const listed = (value: unknown): Numbers =>
    Array.isArray(value)
      ? along({ dims: [value.length], data: value as number[] }, x, axes)
      : { dims: [], data: [value as number] };
  const of = (name: string) =>
    weights[name] ? along(weights[name], x, axes) : listed(config[name]);
  const deviation = mapped(of("variance"), (value) => Math.max(Math.sqrt(value), 1e-7));
  if (config["invert"] === true) {
    return paired(
      paired(x, deviation, (a, b) => a * b),
      of("mean"),
      (a, b) => a + b,
    );
  }
  return paired(
    paired(x, of("mean"), (a, b) => a - b),
    deviation,
    (a, b) => a / b,
  );
}

export function normalized(
  kind: MakerNormalization,
  x: Numbers,
  config: Config,
  weights: Weights,
): Numbers {
  const given = config["axis"] === null ? [] : ([config["axis"] ?? -1].flat() as number[]);
  const axes = given.map((axis) => (axis < 0 ? axis + x.dims.length : axis)).sort((a, b) => a - b);
  const epsilon = (config["epsilon"] as number) ?? (kind === "root" ? 1e-6 : 1e-3);
  if (kind === "group") return grouped(x, axes[0]!, config, weights);
  if (kind === "stored") return byStored(x, axes, config, weights);
  if (kind === "batch") {
    const { moving_mean: center, moving_variance: variance } = weights;
    const centred = paired(x, along(center!, x, axes), (a, b) => a - b);
    const even = paired(centred, along(variance!, x, axes), (a, b) => a / Math.sqrt(b + epsilon));
    return scaled(even, axes, weights);
  }
  // As `layer_normalization.py` of Keras 3 has it: the numbers as they are, by the deviation from their mean.
  if (kind === "layer" && config["rms_scaling"] === true) {
    const apart = paired(x, reduced(x, axes, mean), (a, b) => a - b);
    const variance = reduced(
      paired(apart, apart, (a, b) => a * b),
      axes,
      mean,
    );
    const even = paired(x, variance, (a, b) => a / Math.sqrt(b + epsilon));
    return scaled(even, axes, weights);
  }
  const rows = kind === "root" ? { gamma: weights["scale"]! } : weights;
  return scaled(whitened(x, axes, epsilon, kind === "layer"), axes, rows);
}
