/** @file Calls of every layer of the table: configurations, inputs and the weights that they need. */
import { activationNames } from "./maker-activations.ts";
import {
  channelsFirst as first,
  features,
  line,
  map,
  room,
  row,
  type LayerRow,
  type Weights,
} from "./layer-row.ts";
import { movingRows } from "./moving-rows.ts";

const same = { padding: "same" } as const;
const noBias = { use_bias: false } as const;

const convolutions: readonly LayerRow[] = [
  row("Conv1D", { filters: 2, kernel_size: [3], strides: [2], ...same }, line, {
    kernel: [3, 3, 2],
    bias: [2],
  }),
  row(
    "Conv1D",
    { filters: 2, kernel_size: 3, padding: "causal", dilation_rate: [2], ...noBias },
    line,
    { kernel: [3, 3, 2] },
  ),
  row("Conv1D", { filters: 2, kernel_size: 2, ...first }, line, { kernel: [2, 7, 2], bias: [2] }),
  row("Conv2D", { filters: 3, kernel_size: [3, 2], activation: "relu" }, map, {
    kernel: [3, 2, 4, 3],
    bias: [3],
  }),
  row("Conv2D", { filters: 2, kernel_size: [3, 3], strides: [2, 2], ...same, ...noBias }, map, {
    kernel: [3, 3, 4, 2],
  }),
  row("Conv2D", { filters: 2, kernel_size: [3, 2], dilation_rate: [2, 1], ...same }, map, {
    kernel: [3, 2, 4, 2],
    bias: [2],
  }),
  row("Conv2D", { filters: 6, kernel_size: [2, 2], groups: 2, activation: "softmax" }, map, {
    kernel: [2, 2, 2, 6],
    bias: [6],
  }),
  row(
    "Conv2D",
    { filters: 3, kernel_size: [3, 3], strides: [1, 2], ...same, ...first, activation: "tanh" },
    map,
    { kernel: [3, 3, 5, 3], bias: [3] },
  ),
  row("Conv3D", { filters: 2, kernel_size: [2, 1, 3], strides: [1, 1, 2], ...same }, room, {
    kernel: [2, 1, 3, 2, 2],
    bias: [2],
  }),
  row("DepthwiseConv1D", { kernel_size: [3], depth_multiplier: 2, ...same }, line, {
    depthwise_kernel: [3, 3, 2],
    bias: [6],
  }),
  row(
    "DepthwiseConv2D",
    { kernel_size: [3, 3], depth_multiplier: 2, strides: [2, 2], ...same },
    map,
    { depthwise_kernel: [3, 3, 4, 2], bias: [8] },
  ),
  row("DepthwiseConv2D", { kernel_size: [2, 2], dilation_rate: [2, 2], ...noBias, ...first }, map, {
    depthwise_kernel: [2, 2, 5, 1],
  }),
  row("SeparableConv1D", { filters: 4, kernel_size: [2] }, line, {
    depthwise_kernel: [2, 3, 1],
    pointwise_kernel: [1, 3, 4],
    bias: [4],
  }),
  row(
    "SeparableConv2D",
    {
      filters: 2,
      kernel_size: [3, 3],
      depth_multiplier: 2,
      strides: [2, 2],
      ...same,
      activation: "elu",
    },
    map,
    {
      depthwise_kernel: [3, 3, 4, 2],
      pointwise_kernel: [1, 1, 8, 2],
      bias: [2],
    },
  ),
  row("Conv1DTranspose", { filters: 2, kernel_size: [3], strides: [2], ...same }, line, {
    kernel: [3, 2, 3],
    bias: [2],
  }),
  row("Conv2DTranspose", { filters: 2, kernel_size: [3, 2], strides: [2, 3], ...same }, map, {
    kernel: [3, 2, 2, 4],
    bias: [2],
  }),
  row("Conv2DTranspose", { filters: 2, kernel_size: [3, 3], strides: [2, 2] }, map, {
    kernel: [3, 3, 2, 4],
    bias: [2],
  }),
  row("Conv2DTranspose", { filters: 2, kernel_size: [1, 2], strides: [2, 3], ...noBias }, map, {
    kernel: [1, 2, 2, 4],
  }),
  row(
    "Conv2DTranspose",
    { filters: 2, kernel_size: [3, 4], strides: [2, 2], output_padding: [1, 0], ...same },
    map,
    { kernel: [3, 4, 2, 4], bias: [2] },
  ),
  row(
    "Conv2DTranspose",
    { filters: 2, kernel_size: [3, 3], strides: [2, 2], output_padding: [1, 1] },
    map,
    { kernel: [3, 3, 2, 4], bias: [2] },
  ),
  row(
    "Conv2DTranspose",
    { filters: 2, kernel_size: [2, 2], dilation_rate: [2, 2], ...same, ...first },
    map,
    { kernel: [2, 2, 2, 5], bias: [2] },
  ),
  row(
    "Conv3DTranspose",
    { filters: 2, kernel_size: [2, 2, 2], strides: [2, 1, 2], ...same },
    room,
    { kernel: [2, 2, 2, 2, 2], bias: [2] },
  ),
];

const products: readonly LayerRow[] = [
  row("Dense", { units: 3, activation: "softmax" }, features, { kernel: [6, 3], bias: [3] }),
  row("Dense", { units: 3, ...noBias }, map, { kernel: [4, 3] }),
  row("Dense", { units: 3, activation: "relu" }, line, { kernel: [3, 3], bias: [3] }),
  row("EinsumDense", { equation: "ab,bc->ac", output_shape: 4, bias_axes: "c" }, features, {
    kernel: [6, 4],
    bias: [4],
  }),
  row(
    "EinsumDense",
    { equation: "abc,cde->abde", output_shape: [null, 2, 5], bias_axes: "de" },
    line,
    { kernel: [3, 2, 5], bias: [2, 5] },
  ),
  row(
    "EinsumDense",
    { equation: "abc,cd->abd", output_shape: [null, 5], bias_axes: null, activation: "relu" },
    line,
    { kernel: [3, 5] },
  ),
  row("EinsumDense", { equation: "abc,bd->adc", output_shape: [4, 3], bias_axes: "d" }, line, {
    kernel: [7, 4],
    bias: [4, 1],
  }),
  row("Embedding", { input_dim: 5, output_dim: 3 }, [4], { embeddings: [5, 3] }),
];

const pools: readonly LayerRow[] = ["Max", "Average"].flatMap((kind) => [
  row(`${kind}Pooling1D`, { pool_size: [2], strides: [2], ...same }, line),
  row(`${kind}Pooling2D`, { pool_size: [2, 2] }, map),
  row(`${kind}Pooling2D`, { pool_size: [3, 2], strides: [1, 2], ...same }, map),
  row(`${kind}Pooling2D`, { pool_size: [2, 2], strides: [2, 2], ...same, ...first }, map),
  row(`${kind}Pooling3D`, { pool_size: [2, 2, 2], strides: [1, 2, 2], ...same }, room),
  row(`Global${kind}Pooling1D`, {}, line),
  row(`Global${kind}Pooling2D`, {}, map),
  row(`Global${kind}Pooling2D`, { keepdims: true }, map),
  row(`Global${kind}Pooling2D`, { keepdims: true, ...first }, map),
  row(`Global${kind}Pooling3D`, {}, room),
]);

const moving = (channels: number): Weights => ({
  gamma: [channels],
  beta: [channels],
  moving_mean: [channels],
  moving_variance: [channels],
});
const scaling = (...dims: readonly number[]): Weights => ({ gamma: dims, beta: dims });

const normalizations: readonly LayerRow[] = [
  row("BatchNormalization", { axis: [3], epsilon: 0.01 }, map, moving(4)),
  row("BatchNormalization", { axis: -1, scale: false }, line, {
    beta: [3],
    moving_mean: [3],
    moving_variance: [3],
  }),
  row("BatchNormalization", { axis: 1, center: false }, map, {
    gamma: [5],
    moving_mean: [5],
    moving_variance: [5],
  }),
  row("BatchNormalization", { axis: 2 }, map, moving(6)),
  row("BatchNormalization", {}, features, moving(6)),
  row("BatchNormalization", { renorm: true }, map, {
    ...moving(4),
    moving_stddev: [4],
    renorm_mean: [4],
    renorm_stddev: [4],
  }),
  row("LayerNormalization", { axis: -1 }, map, scaling(4)),
  row("LayerNormalization", { axis: [3], scale: false, epsilon: 1e-6 }, map, { beta: [4] }),
  row("LayerNormalization", { axis: [1, 2, 3] }, map, scaling(5, 6, 4)),
  row("LayerNormalization", { center: false }, line, { gamma: [3] }),
  row("LayerNormalization", { rms_scaling: true }, features, { gamma: [6] }),
  row("LayerNormalization", { rms_scaling: true, scale: false, axis: [3] }, map, { gamma: [4] }),
  row("LayerNormalization", { scale: false, center: false }, features),
  row("GroupNormalization", { groups: 2 }, map, scaling(4)),
  row("GroupNormalization", { groups: -1, scale: false }, map, { beta: [4] }),
  row("GroupNormalization", { groups: 5, axis: 1, center: false }, map, { gamma: [5] }),
  row("GroupNormalization", { groups: 3 }, features, scaling(6)),
  row("RMSNormalization", {}, map, { scale: [4] }),
  row("UnitNormalization", {}, map),
  row("UnitNormalization", { axis: [1, 2] }, map),
  row("UnitNormalization", {}, features),
  row("Normalization", { axis: -1 }, map, { mean: [4], variance: [4], count: [] }),
  row("Normalization", { axis: [-1] }, features, { mean: [6], variance: [6] }),
  row("Normalization", { axis: -1, mean: [1, 2, 3, 4], variance: [4, 1, 0, 9] }, map),
  row("Normalization", { axis: null, mean: 0.5, variance: 4, invert: true }, map),
  row("Rescaling", { scale: 1 / 127.5, offset: -1 }, map),
  row("Rescaling", { scale: [1, 2, 3, 4], offset: [0, 1, 0, 2] }, map),
  row("Rescaling", { scale: 1 / 255, offset: 0 }, features),
];

const activations: readonly LayerRow[] = [
  ...[...activationNames, "softmax", "log_softmax"].map((name) =>
    row("Activation", { activation: name }, map),
  ),
  row("ReLU", {}, map),
  row("ReLU", { max_value: 6 }, map),
  row("ReLU", { max_value: 0.5, negative_slope: 0.1, threshold: 0.2 }, map),
  row("ReLU", { negative_slope: 0.25 }, features),
  row("ReLU", { threshold: 0.4 }, line),
  row("ReLU", { threshold: -0.4, max_value: 0.6 }, line),
  row("LeakyReLU", {}, map),
  row("LeakyReLU", { alpha: 0.1 }, map),
  row("LeakyReLU", { negative_slope: 0.2 }, features),
  row("PReLU", { shared_axes: [1, 2] }, map, { alpha: [1, 1, 4] }),
  row("PReLU", {}, map, { alpha: [5, 6, 4] }),
  row("PReLU", { shared_axes: null }, features, { alpha: [6] }),
  row("ELU", { alpha: 0.7 }, map),
  row("Softmax", { axis: -1 }, map),
  row("Softmax", { axis: 1 }, map),
  row("Softmax", {}, features),
  row("ThresholdedReLU", { theta: 0.3 }, map),
];

/** Every layer with weights or arithmetic of its own. */
export const layerRows: readonly LayerRow[] = [
  ...convolutions,
  ...products,
  ...pools,
  ...normalizations,
  ...activations,
  ...movingRows,
];
