/** @file Layers models of TensorFlow.js that are drawn: small networks of pictures of most of its layers, saved by itself. */
import * as fc from "fast-check";
import { randomStream } from "../../src/random.ts";
import { keras, tf } from "./oracle.ts";
import type { SavedWeight } from "./saved-model.ts";

type Tensor = keras.SymbolicTensor;

const { layers } = keras;

/** Numbers that decide how a layer is set; each is taken modulo what there is to choose. */
interface Dice {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** What is added to a network; it may be left out where it does not fit. */
interface DrawnStep extends Dice {
  readonly kind: StepKind;
}

/** A network that is drawn. */
export interface DrawnModel {
  /** [height, width, channels] of its pictures. */
  readonly picture: readonly [number, number, number];
  readonly steps: readonly DrawnStep[];
  readonly head: "dense" | "pooled" | "most" | "map";
  /** How many of the steps are a model within the model, from the first on. */
  readonly nested: number;
  /** Whether it is a list of layers, without branches. */
  readonly isSequential: boolean;
}

function choose<T>(list: readonly T[], dice: number): T {
  return list[dice % list.length]!;
}

const paddings = ["same", "valid"] as const;
const activations = ["linear", "relu", "tanh", "sigmoid", "elu", "selu", "relu6"] as const;
const allActivations = [
  ...activations,
  "softplus",
  "softsign",
  "hardSigmoid",
  "softmax",
  "swish",
  "mish",
  "gelu",
] as const;

/** Kernel, strides and padding of a window that fits a map. */
function windowOf({ shape }: Tensor, { a, b, c }: Dice) {
  const [height, width] = [shape[1]!, shape[2]!];
  const padding = choose(paddings, c);
  const most = padding === "same" ? [3, 3] : [Math.min(3, height), Math.min(3, width)];
  const kernel: [number, number] = [1 + (a % most[0]!), 1 + ((a >> 3) % most[1]!)];
  const stride = 1 + (b % 2);
  return { kernel, strides: [stride, stride] as [number, number], padding };
}

/** Layers that go on from a map [N, height, width, channels], each with its own settings. */
const mapLayers = {
  conv: (x, dice) => {
    const { kernel, strides, padding } = windowOf(x, dice);
    const isDilated = strides[0] === 1 && padding === "same" && dice.d % 3 === 0;
    return layers.conv2d({
      filters: 1 + (dice.d % 4),
      kernelSize: kernel,
      strides,
      padding,
      dilationRate: isDilated ? 2 : 1,
      useBias: dice.c % 3 > 0,
      activation: choose(activations, dice.d),
    });
  },
  depthwise: (x, dice) => {
    const { kernel, strides, padding } = windowOf(x, dice);
    return layers.depthwiseConv2d({
      kernelSize: kernel,
      strides,
      padding,
      depthMultiplier: 1 + (dice.d % 2),
      useBias: dice.d % 3 > 0,
      activation: choose(activations, dice.a),
    });
  },
  // Another depth multiplier is not saved by TensorFlow.js, which then cannot load its own file.
  separable: (x, dice) => {
    const { kernel, strides, padding } = windowOf(x, dice);
    return layers.separableConv2d({ filters: 2, kernelSize: kernel, strides, padding });
  },
  transposed: (_, { a, b, c, d }) =>
    layers.conv2dTranspose({
      filters: 1 + (d % 3),
      kernelSize: [1 + (a % 3), 1 + ((a >> 3) % 3)],
      strides: 1 + (b % 2),
      padding: choose(paddings, c),
    }),
  maxPool: (x, dice) => {
    const { kernel, strides, padding } = windowOf(x, dice);
    return layers.maxPooling2d({ poolSize: kernel, strides, padding });
  },
  averagePool: (x, dice) => {
    const { kernel, strides, padding } = windowOf(x, dice);
    return layers.averagePooling2d({ poolSize: kernel, strides, padding });
  },
  batchNormalization: (_, { a, b }) =>
    layers.batchNormalization({ center: a % 2 > 0, scale: b % 2 > 0, epsilon: 0.01 }),
  layerNormalization: (_, { a, b }) =>
    layers.layerNormalization({ center: a % 2 > 0, scale: b % 2 > 0 }),
  activation: (_, { a }) => layers.activation({ activation: choose(allActivations, a) }),
  reLU: (_, { a }) => layers.reLU(a % 2 > 0 ? { maxValue: 0.5 } : {}),
  leakyReLU: (_, { a }) => layers.leakyReLU(a % 2 > 0 ? { alpha: 0.1 } : {}),
  prelu: (_, { a }) => layers.prelu(a % 2 > 0 ? { sharedAxes: [1, 2] } : {}),
  elu: () => layers.elu(),
  thresholdedReLU: () => layers.thresholdedReLU({ theta: 0.2 }),
  softmax: () => layers.softmax({ axis: -1 }),
  zeroPadding: (_, { a, b, c, d }) =>
    layers.zeroPadding2d({
      padding: [
        [a % 3, b % 3],
        [c % 3, d % 3],
      ],
    }),
  cropping: ({ shape }, { a, b }) => {
    const [top, left] = [a % 2, b % 2];
    if (shape[1]! - 2 * top < 1 || shape[2]! - left < 1) return undefined;
    return layers.cropping2D({
      cropping: [
        [top, top],
        [left, 0],
      ],
    });
  },
  upSampling: (_, { a, b }) =>
    layers.upSampling2d({
      size: [1 + (a % 2), 1 + (b % 2)],
      interpolation: choose(["nearest", "bilinear"] as const, a >> 1),
    }),
  dropout: () => layers.dropout({ rate: 0.5 }),
  noise: (_, { a }) => {
    const kinds = [
      () => layers.gaussianNoise({ stddev: 1 }),
      () => layers.gaussianDropout({ rate: 0.5 }),
      () => layers.alphaDropout({ rate: 0.5 }),
    ];
    return choose(kinds, a)();
  },
  permute: (_, { a }) => layers.permute({ dims: a % 2 > 0 ? [2, 1, 3] : [3, 1, 2] }),
  reshape: ({ shape }) => layers.reshape({ targetShape: [shape[2]!, shape[1]!, shape[3]!] }),
  dense: (_, { a, b }) => layers.dense({ units: 1 + (a % 4), activation: choose(activations, b) }),
  rescaling: (_, { a }) => layers.rescaling({ scale: 0.5, offset: a % 2 }),
} satisfies Readonly<Record<string, (x: Tensor, dice: Dice) => keras.layers.Layer | undefined>>;

/** Branches, which only a functional model has. */
const branches = {
  residual: (x, { a }) => {
    const filters = x.shape[3]!;
    const conv = layers.conv2d({ filters, kernelSize: 3, padding: "same" });
    const merges = [layers.add, layers.average, layers.maximum, layers.minimum, layers.multiply];
    return choose(merges, a)().apply([x, conv.apply(x) as Tensor]) as Tensor;
  },
  concatenated: (x, { a, b }) => {
    const conv = layers.conv2d({ filters: 1 + (a % 3), kernelSize: 1, activation: "relu" });
    const pool = layers.maxPooling2d({ poolSize: 3, strides: 1, padding: "same" });
    const parts = [conv.apply(x) as Tensor, pool.apply(x) as Tensor];
    return layers.concatenate({ axis: b % 2 > 0 ? -1 : 3 }).apply(parts) as Tensor;
  },
  gated: (x) => {
    const channels = x.shape[3]!;
    const pooled = layers.globalAveragePooling2d({}).apply(x) as Tensor;
    const gate = layers.dense({ units: channels, activation: "sigmoid" }).apply(pooled);
    const shaped = layers.reshape({ targetShape: [1, 1, channels] }).apply(gate) as Tensor;
    return layers.multiply().apply([x, shaped]) as Tensor;
  },
  rows: (x, { a, b, c }) => {
    const [, height, width, channels] = x.shape as [null, number, number, number];
    const along = layers.conv1d({
      filters: channels,
      kernelSize: 1 + (a % 3),
      padding: "same",
      dilationRate: 1 + (b % 2),
    });
    const pools = [layers.maxPooling1d, layers.averagePooling1d];
    const pool = choose(pools, c)({ poolSize: 2, strides: 1, padding: "same" });
    const each = layers.timeDistributed({ layer: layers.dense({ units: channels }) });
    const row = layers.reshape({ targetShape: [height * width, channels] });
    const back = layers.reshape({ targetShape: [height, width, channels] });
    return [row, along, pool, each, back].reduce((y, layer) => layer.apply(y) as Tensor, x);
  },
  shared: (x) => {
    const conv = layers.conv2d({ filters: x.shape[3]!, kernelSize: 3, padding: "same" });
    return conv.apply(layers.activation({ activation: "tanh" }).apply(conv.apply(x))) as Tensor;
  },
} satisfies Readonly<Record<string, (x: Tensor, dice: Dice) => Tensor>>;

type StepKind = keyof typeof mapLayers | keyof typeof branches;

const layerKinds = Object.keys(mapLayers) as readonly (keyof typeof mapLayers)[];
const branchKinds = Object.keys(branches) as readonly (keyof typeof branches)[];

const dice = fc.nat({ max: 255 });

/** Networks of pictures. */
export const drawnModel: fc.Arbitrary<DrawnModel> = fc.boolean().chain((isSequential) => {
  const kinds: readonly StepKind[] = isSequential ? layerKinds : [...layerKinds, ...branchKinds];
  const step = fc.record({ kind: fc.constantFrom(...kinds), a: dice, b: dice, c: dice, d: dice });
  return fc.record({
    picture: fc.tuple(
      fc.integer({ min: 4, max: 9 }),
      fc.integer({ min: 4, max: 9 }),
      fc.constantFrom(1, 3, 2),
    ),
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
    head: fc.constantFrom("dense", "pooled", "most", "map"),
    nested: fc.integer({ min: 0, max: 3 }),
    isSequential: fc.constant(isSequential),
  });
});

/** Maps larger than that are let alone. */
const mostPlaces = 400;

/** A layer that goes on from `x`, a new one each time; undefined where none fits. */
function layerFor(x: Tensor, step: DrawnStep): keras.layers.Layer | undefined {
  if (x.shape[1]! * x.shape[2]! > mostPlaces) return undefined;
  return mapLayers[step.kind as keyof typeof mapLayers](x, step);
}

function added(x: Tensor, step: DrawnStep): Tensor {
  const { kind } = step;
  if (kind in branches) return branches[kind as keyof typeof branches](x, step);
  return (layerFor(x, step)?.apply(x) as Tensor | undefined) ?? x;
}

/** The layers of a network's end, new ones each time. */
function headLayers(head: DrawnModel["head"]): readonly keras.layers.Layer[] {
  if (head === "map") return [layers.activation({ activation: "relu" })];
  const flattening = {
    dense: () => layers.flatten(),
    pooled: () => layers.globalAveragePooling2d({}),
    most: () => layers.globalMaxPooling2d({}),
  }[head]();
  return [flattening, layers.dense({ units: 3, activation: "softmax" })];
}

/** The model of TensorFlow.js, with weights that are the same each time. */
export function built(drawn: DrawnModel): keras.LayersModel {
  const model = drawn.isSequential ? listed(drawn) : wired(drawn);
  setWeights(model);
  return model;
}

/** A functional model, its first steps as a model within it. */
function wired({ picture, steps, head, nested }: DrawnModel): keras.LayersModel {
  const input = keras.input({ shape: [...picture] });
  const inner = keras.input({ shape: [...picture] });
  const innerEnd = steps.slice(0, nested).reduce(added, inner);
  const isNested = innerEnd !== inner;
  const start = isNested
    ? (keras.model({ inputs: inner, outputs: innerEnd }).apply(input) as Tensor)
    : input;
  const end = steps.slice(nested).reduce(added, start);
  const whole = headLayers(head).reduce((x, layer) => layer.apply(x) as Tensor, end);
  return keras.model({ inputs: input, outputs: whole });
}

/** A list of layers, its first as a list within it, as Teachable Machine has them. */
function listed({ picture, steps, head, nested }: DrawnModel): keras.LayersModel {
  const first = keras.sequential({ layers: [layers.inputLayer({ inputShape: [...picture] })] });
  const rest: keras.layers.Layer[] = [];
  let x = keras.input({ shape: [...picture] });
  for (const [i, step] of steps.entries()) {
    const layer = layerFor(x, step);
    if (!layer) continue;
    const own = layerFor(x, step)!;
    x = layer.apply(x) as Tensor;
    if (i < nested) first.add(own);
    else rest.push(own);
  }
  rest.push(...headLayers(head));
  const all = first.layers.length > 1 ? [first, ...rest] : rest;
  const outer = keras.sequential();
  if (all === rest) outer.add(layers.inputLayer({ inputShape: [...picture] }));
  for (const layer of all) outer.add(layer);
  return outer;
}

/** Gives all weights normal numbers, the same each time; variances are above 0. */
export function setWeights(model: keras.LayersModel): void {
  for (const [i, weight] of model.weights.entries()) {
    const shape = weight.shape as number[];
    const numbers = new Float32Array(tf.util.sizeFromShape(shape));
    randomStream("weights", i).normals(numbers);
    const isVariance = weight.name.includes("variance");
    const values = numbers.map((x) => (isVariance ? 0.5 + x * x : x * 0.5));
    weight.write(tf.tensor(values, shape));
  }
}

/** The topology and weights of a model as TensorFlow.js saves it. */
export async function saved(
  model: keras.LayersModel,
): Promise<{ readonly topology: unknown; readonly weights: readonly SavedWeight[] }> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (given) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(handler);
  const { modelTopology, weightSpecs, weightData } = artifacts!;
  const tensors = tf.io.decodeWeights(weightData as ArrayBuffer, weightSpecs!);
  const weights = weightSpecs!.map(({ name, shape }): SavedWeight => {
    const values = [...tensors[name]!.dataSync()];
    return { name, shape, dtype: "float32", values };
  });
  tf.dispose(tensors);
  return { topology: modelTopology, weights };
}
