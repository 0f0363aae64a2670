/** @file The normalisations of the float64 interpreter. */
import {
  axisOf,
  combine,
  generate,
  mapElements,
  positions,
  at,
  reshaped,
  type NdArray,
} from "../ndarray.ts";
import { required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

/** Mean and population variance over `axes`, which stay as axes of size 1. */
function moments(x: NdArray, axes: readonly number[]): { mean: NdArray; variance: NdArray } {
  const kept = x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const inner = x.dims.map((size, axis) => (axes.includes(axis) ? size : 1));
  const average = (f: (value: number, position: readonly number[]) => number) =>
    generate(x.type, kept, (position) => {
      let sum = 0;
      let count = 0;
      for (const offset of positions(inner)) {
        sum += f(
          at(
            x,
            position.map((place, axis) => place + offset[axis]!),
          ),
          position,
        );
        count += 1;
      }
      return sum / count;
    });
  const mean = average((value) => value);
  return { mean, variance: average((value, position) => (value - at(mean, position)) ** 2) };
}

/** (x - mean) / sqrt(variance + epsilon), broadcast. */
function normalized(x: NdArray, mean: NdArray, variance: NdArray, epsilon: number): NdArray {
  return combine(
    [x, mean, variance],
    (value = 0, centre = 0, spread = 0) => (value - centre) / Math.sqrt(spread + epsilon),
  );
}

/** value * scale + bias with one number a channel. */
function perChannel(value: NdArray, scale: NdArray, bias: NdArray): NdArray {
  const dims = value.dims.map((_, axis) => (axis === 1 ? scale.dims[0]! : 1));
  return combine(
    [value, reshaped(scale, dims), reshaped(bias, dims)],
    (x = 0, factor = 0, shift = 0) => x * factor + shift,
  );
}

const batchNormalization: ReferenceOperator = (inputs, attributes) => {
  const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => required(inputs, i)) as [
    NdArray,
    NdArray,
    NdArray,
    NdArray,
    NdArray,
  ];
  const epsilon = attributes.float("epsilon", 1e-5);
  const channels = x.dims.map((_, axis) => (axis === 1 ? mean.dims[0]! : 1));
  if (attributes.int("training_mode", 0) === 0) {
    const value = normalized(x, reshaped(mean, channels), reshaped(variance, channels), epsilon);
    return [perChannel(value, scale, bias)];
  }
  const momentum = attributes.float("momentum", 0.9);
  const axes = x.dims.map((_, axis) => axis).filter((axis) => axis !== 1);
  const current = moments(x, axes);
  const running = (old: NdArray, now: NdArray) =>
    combine([old, reshaped(now, old.dims)], (a = 0, c = 0) => a * momentum + c * (1 - momentum));
  return [
    perChannel(normalized(x, current.mean, current.variance, epsilon), scale, bias),
    running(mean, current.mean),
    running(variance, current.variance),
  ];
};

const instanceNormalization: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const { mean, variance } = moments(x, x.dims.map((_, axis) => axis).slice(2));
  const value = normalized(x, mean, variance, attributes.float("epsilon", 1e-5));
  return [perChannel(value, required(inputs, 1), required(inputs, 2))];
};

const groupNormalization: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const groups = attributes.int("num_groups");
  const grouped = reshaped(x, [x.dims[0]!, groups, x.data.length / (x.dims[0]! * groups)]);
  const { mean, variance } = moments(grouped, [2]);
  const value = normalized(grouped, mean, variance, attributes.float("epsilon", 1e-5));
  return [perChannel(reshaped(value, x.dims), required(inputs, 1), required(inputs, 2))];
};

const layerNormalization: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const epsilon = attributes.float("epsilon", 1e-5);
  const axis = axisOf(attributes.int("axis", -1), x.dims.length);
  const axes = x.dims.map((_, i) => i).slice(axis);
  const { mean, variance } = moments(x, axes);
  const value = normalized(x, mean, variance, epsilon);
  const scaled = combine([value, required(inputs, 1)], (a = 0, factor = 0) => a * factor);
  const shifted = inputs[2]
    ? combine([scaled, inputs[2]], (a = 0, shift = 0) => a + shift)
    : scaled;
  return [shifted, mean, mapElements(variance, (spread) => 1 / Math.sqrt(spread + epsilon))];
};

const lpNormalization: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const axis = axisOf(attributes.int("axis", -1), x.dims.length);
  const p = attributes.int("p", 2);
  const norms = generate(x.type, x.dims.with(axis, 1), (position) => {
    const line = Array.from({ length: x.dims[axis]! }, (_, i) =>
      Math.abs(at(x, position.with(axis, i))),
    );
    return line.reduce((sum, value) => sum + value ** p, 0) ** (1 / p);
  });
  return [combine([x, norms], (value = 0, norm = 0) => (norm === 0 ? 0 : value / norm))];
};

const meanVarianceNormalization: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const axes = attributes.ints("axes", [0, 2, 3]).map((axis) => axisOf(axis, x.dims.length));
  const { mean, variance } = moments(x, axes);
  return [normalized(x, mean, variance, 1e-9)];
};

export const normalization: OperatorTable = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
