/** @file Layers that normalise numbers, by stored statistics or by those of each example. */
import { tensor, tensorOf, toFloat32, type Tensor } from "../../../graph/tensor.ts";
import { binary } from "../../channels-last/elementwise.ts";
import {
  groupNormalization,
  layerNormalization,
  type LayerNormalization,
} from "../../channels-last/example-normalization.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import {
  batchNormalization,
  type NormalizationWeights,
} from "../../channels-last/normalization.ts";
import { constant } from "./constants.ts";
import { withChannelsFirst } from "./data-format.ts";
import { only, readWeights, refused, type LayerCall, type LayerKind } from "./layer-kind.ts";
import { unitLength } from "./unit-length.ts";

/** Axes of a layer, counted from the front, each once and in order. Throws `bad-file`. */
export function axesOf(call: LayerCall, x: NhwcValue, usual: number): readonly number[] {
  const rank = x.dims.length;
  const axes = call.config.ints("axis", [usual]).map((axis) => (axis < 0 ? axis + rank : axis));
  const sorted = axes.toSorted((a, b) => a - b);
  const isSet = sorted.every((axis, i) => axis > 0 && axis < rank && axis !== sorted[i - 1]);
  if (isSet && axes.length > 0) return sorted;
  throw refused(call, `"axis" must be among ${rank} axes, got [${axes.join(", ")}]`);
}

/** Which of scale (gamma) and shift (beta) a layer has. */
function rowsOf({ config }: LayerCall, dims: readonly number[]) {
  return {
    gamma: config.flag("scale", true) ? dims : undefined,
    beta: config.flag("center", true) ? dims : undefined,
  };
}

const batchLayer: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const axes = axesOf(call, x, -1);
    const [axis = 0] = axes;
    if (axes.length > 1) throw refused(call, `"axis" must be one axis, got ${axes.length}`);
    const channels = x.dims[axis]!;
    const read = await readWeights(call, {
      ...rowsOf(call, [channels]),
      moving_mean: [channels],
      moving_variance: [channels],
      // What training needs to renormalise.
      ...(config.flag("renorm", false) ? renormalising : {}),
    });
    const statistics: NormalizationWeights = {
      mean: read.moving_mean!,
      variance: read.moving_variance!,
      epsilon: config.number("epsilon", 1e-3),
      ...(read.gamma ? { scale: read.gamma } : {}),
      ...(read.beta ? { shift: read.beta } : {}),
    };
    const build = (held: NhwcValue) => batchNormalization(b, held, statistics, name);
    if (axis === x.dims.length - 1) return build(x);
    if (axis === 1) return withChannelsFirst(call, x, build);
    return scaledAlong(call, x, axis, statistics);
  },
};

const renormalising = {
  moving_stddev: [undefined],
  renorm_mean: [undefined],
  renorm_stddev: [undefined],
} as const;

/** By a factor and a number to add for each place of an axis that is neither the first nor the last behind the batch. */
function scaledAlong(
  call: LayerCall,
  x: NhwcValue,
  axis: number,
  { mean, variance, scale, shift, epsilon }: NormalizationWeights,
): NhwcValue {
  const { b, name } = call;
  const [means, variances] = [toFloat32(mean), toFloat32(variance)];
  const scales = scale && toFloat32(scale);
  const shifts = shift && toFloat32(shift);
  const factors = Array.from(
    variances,
    (value, i) => (scales?.[i] ?? 1) / Math.sqrt(value + epsilon),
  );
  const added = factors.map((factor, i) => (shifts?.[i] ?? 0) - means[i]! * factor);
  const dims = x.dims.map((dim, i) => (i === axis ? dim : 1));
  const row = (called: string, values: readonly number[]) =>
    constant(call, called, tensorOf("float32", dims, values));
  const scaled = binary(b, "Mul", [x, row("scale", factors)], b.freeName(`${name}/scaled`));
  return binary(b, "Add", [scaled, row("shift", added)], name);
}

const layerLayer: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const axes = axesOf(call, x, -1);
    const dims = axes.map((axis) => x.dims[axis]!);
    // Keras has the variance there, not the mean square that the name promises, and gamma whatever else it is told.
    const isScaled = config.flag("rms_scaling", false);
    const read = await readWeights(call, isScaled ? { gamma: dims } : rowsOf(call, dims));
    const how: LayerNormalization = {
      axes,
      epsilon: config.number("epsilon", 1e-3),
      kind: isScaled ? "by-deviation" : "centred",
      ...(read.gamma ? { scale: read.gamma } : {}),
      ...(read.beta ? { shift: read.beta } : {}),
    };
    return layerNormalization(b, x, how, name);
  },
};

const rootMeanSquareLayer: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const axes = axesOf(call, x, -1);
    const { scale } = await readWeights(call, { scale: axes.map((axis) => x.dims[axis]!) });
    const epsilon = config.number("epsilon", 1e-6);
    const how = { axes, epsilon, kind: "by-root-mean-square", scale: scale! } as const;
    return layerNormalization(b, x, how, name);
  },
};

const groupLayer: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const [axis = 0, ...others] = axesOf(call, x, -1);
    const isLast = axis === x.dims.length - 1;
    if (others.length > 0 || (!isLast && axis !== 1)) {
      throw refused(call, `"axis" must be that of the channels, got ${axis}`);
    }
    const channels = x.dims[axis]!;
    const asked = config.int("groups", 32);
    const groups = asked === -1 ? channels : asked;
    if (groups < 1 || channels % groups !== 0) {
      throw refused(call, `"groups" must divide ${channels} channels, got ${asked}`);
    }
    const read = await readWeights(call, rowsOf(call, [channels]));
    const how = {
      groups,
      epsilon: config.number("epsilon", 1e-3),
      scale: read.gamma ?? filled(channels, 1),
      shift: read.beta ?? filled(channels, 0),
    };
    const build = (held: NhwcValue) => groupNormalization(b, held, how, name);
    return isLast ? build(x) : withChannelsFirst(call, x, build);
  },
};

function filled(count: number, value: number): Tensor<"float32"> {
  return tensor("float32", [count], new Float32Array(count).fill(value));
}

const unitLayer: LayerKind = {
  build: (call) => {
    const x = only(call);
    return unitLength(call.b, x, axesOf(call, x, -1), call.name);
  },
};

export const normalizationLayers: Readonly<Record<string, LayerKind>> = {
  BatchNormalization: batchLayer,
  GroupNormalization: groupLayer,
  LayerNormalization: layerLayer,
  RMSNormalization: rootMeanSquareLayer,
  UnitNormalization: unitLayer,
};
