/** @file Keras models of layers that fit each other, drawn from a row of choices. */
import { elementCount } from "../../src/graph/tensor.ts";
import { computed, type MadeCall, type MadeLayer, type MadeModel } from "./keras-configs.ts";
import type { Config } from "./maker-layer.ts";
import { makerLayers } from "./maker-layers.ts";
import { counted, mapped, type Numbers } from "./numbers.ts";

/** Choices in order; the first of what there is when they are used up. */
export class Choices {
  readonly #numbers: readonly number[];
  #used = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.#numbers[this.#used++] ?? 0;
  }

  of<T>(items: readonly T[]): T {
    return items[this.next() % items.length]!;
  }
}

type Weights = Readonly<Record<string, readonly number[]>>;
type Part = readonly [className: string, config: Config, weights?: Weights];

const statistics = (channels: number): Weights => ({
  gamma: [channels],
  beta: [channels],
  moving_mean: [channels],
  moving_variance: [channels],
});

/** Layers that any value takes. */
function anyPart(choices: Choices, dims: readonly number[]): Part {
  const channels = dims.at(-1)!;
  return choices.of<() => Part>([
    () => [
      "Activation",
      { activation: choices.of(["relu", "tanh", "softmax", "hard_sigmoid", "silu"]) },
    ],
    () => ["BatchNormalization", { axis: -1, epsilon: 0.01 }, statistics(channels)],
    () => [
      "Dense",
      { units: 3, activation: choices.of(["linear", "relu"]) },
      { kernel: [channels, 3], bias: [3] },
    ],
    () => ["Dropout", { rate: 0.5 }],
    () => ["LayerNormalization", { axis: [dims.length] }, { gamma: [channels], beta: [channels] }],
    () => ["ReLU", { max_value: 6 }],
    () => ["LeakyReLU", {}],
    () => ["Rescaling", { scale: 0.5, offset: 0.1 }],
    () => ["UnitNormalization", { axis: -1 }],
    () => ["Flatten", {}],
    () => ["PReLU", {}, { alpha: dims }],
  ])();
}

/** Layers with windows over the places of a map. */
function windowPart(choices: Choices, [h = 0, w = 0, c = 0]: readonly number[]): Part {
  const size = [choices.of([1, 2, 3]), choices.of([1, 2])];
  const steps = [
    [1, 1],
    [2, 2],
    [1, 2],
  ] as const;
  const activation = choices.of(["linear", "relu", "elu"]);
  const window = { kernel_size: size, strides: choices.of(steps), activation };
  const padding = h < 3 || w < 3 ? "same" : choices.of(["same", "valid"]);
  const apart = { depthwise_kernel: [...size, c, 1] };
  const mixed = { ...apart, pointwise_kernel: [1, 1, c, 2], bias: [2] };
  const strides = h < 5 && w < 5 ? [2, 2] : [1, 1];
  const laid = { kernel_size: size, strides, padding: "same", filters: 2 };
  const even = { kernel_size: size, padding: "same" };
  return choices.of<Part>([
    ["Conv2D", { ...window, padding, filters: 3 }, { kernel: [...size, c, 3], bias: [3] }],
    ["Conv2D", { ...even, filters: 2, use_bias: false }, { kernel: [...size, c, 2] }],
    ["DepthwiseConv2D", even, { ...apart, bias: [c] }],
    ["SeparableConv2D", { ...even, filters: 2 }, mixed],
    ["Conv2DTranspose", laid, { kernel: [...size, 2, c], bias: [2] }],
    ["MaxPooling2D", { pool_size: [2, 2], padding }],
    ["AveragePooling2D", { pool_size: [2, 2], padding }],
  ]);
}

/** Layers that look at the axes of a map. */
function axesPart(choices: Choices, [h = 0, w = 0, c = 0]: readonly number[]): Part {
  const keepdims = choices.of([true, false]);
  const isSmall = h < 3 || w < 3;
  const isLarge = h > 6 || w > 6;
  const orders = [
    [2, 1, 3],
    [3, 1, 2],
    [1, 3, 2],
  ] as const;
  const targets = [
    [-1, c],
    [h, w * c],
    [w, h, c],
    [1, h * w, c],
  ] as const;
  const size = isLarge || h > 3 || w > 3 ? [1, 1] : [2, 2];
  const borders = isLarge
    ? [
        [0, 0],
        [0, 0],
      ]
    : [
        [0, 1],
        [1, 0],
      ];
  const cuts = isSmall
    ? [
        [0, 0],
        [0, 0],
      ]
    : [
        [1, 0],
        [0, 1],
      ];
  return choices.of<Part>([
    ["GlobalAveragePooling2D", { keepdims }],
    ["GlobalMaxPooling2D", { keepdims }],
    ["ZeroPadding2D", { padding: borders }],
    ["Cropping2D", { cropping: cuts }],
    ["UpSampling2D", { size }],
    ["GroupNormalization", { groups: 1 }, { gamma: [c], beta: [c] }],
    ["Permute", { dims: choices.of(orders) }],
    ["Reshape", { target_shape: choices.of(targets) }],
  ]);
}

function mapPart(choices: Choices, dims: readonly number[]): Part {
  return choices.of([windowPart, axesPart, anyPart])(choices, dims);
}

function linePart(choices: Choices, [t = 0, c = 0]: readonly number[]): Part {
  const causal = choices.of(["causal", "same"]);
  return choices.of<() => Part>([
    () => [
      "Conv1D",
      { kernel_size: [2], padding: causal, filters: 2 },
      { kernel: [2, c, 2], bias: [2] },
    ],
    () => ["MaxPooling1D", { pool_size: [2], padding: "same" }],
    () => ["GlobalAveragePooling1D", {}],
    () => ["Permute", { dims: [2, 1] }],
    () => ["Reshape", { target_shape: choices.of([[t, 1, c], [-1]]) }],
    () => anyPart(choices, [t, c]),
    () => anyPart(choices, [t, c]),
  ])();
}

function rowPart(choices: Choices, [f = 0]: readonly number[]): Part {
  return choices.of<() => Part>([
    () => ["Dense", { units: 4 }, { kernel: [f, 4], bias: [4] }],
    () => ["RepeatVector", { n: f > 30 ? 1 : 2 }],
    () => ["Reshape", { target_shape: f % 4 === 0 ? [2, -1, f / 4] : [1, 1, f] }],
    () => anyPart(choices, [f]),
    () => anyPart(choices, [f]),
  ])();
}

function partFor(choices: Choices, dims: readonly number[]): Part {
  if (dims.length === 3) return mapPart(choices, dims);
  return dims.length === 2 ? linePart(choices, dims) : rowPart(choices, dims);
}

/** A model in the making. */
interface Making {
  readonly choices: Choices;
  readonly depth: number;
  readonly calls: MadeCall[];
  /** Sizes behind the batch of the inputs and of what the calls give. */
  readonly dims: (readonly number[])[];
  readonly names: Map<string, number>;
  /** Whether no name stands twice, nested models included, as legacy files must have it. */
  readonly isUnique: boolean;
}

/** `conv2d`, `conv2d_1`: counted in each model by itself, so that nested ones repeat names. */
function nameIn({ names }: Making, className: string): string {
  const base = className.toLowerCase();
  const count = names.get(base) ?? 0;
  names.set(base, count + 1);
  return count === 0 ? base : `${base}_${count}`;
}

function layerOf(making: Making, [className, config, weights = {}]: Part): MadeLayer {
  const seed = making.choices.next() % 50;
  const numbers = Object.entries(weights).map(([name, dims], i) => {
    const value = counted(dims, seed + i);
    return [name, name.includes("variance") ? mapped(value, (x) => x * x + 0.3) : value] as const;
  });
  return {
    name: nameIn(making, className),
    className,
    config,
    weights: Object.fromEntries(numbers),
  };
}

function resultOf(layer: MadeLayer, inputs: readonly (readonly number[])[]): readonly number[] {
  const given = inputs.map((dims): Numbers => counted([1, ...dims]));
  const { config, weights, model } = layer;
  if (model) return computed(model, given, true)[0]!.dims.slice(1);
  const kind = makerLayers[layer.className];
  return (kind ? kind({ config, inputs: given, weights, isKeras3: true }) : given[0]!).dims.slice(
    1,
  );
}

function add(making: Making, layer: MadeLayer, inputs: readonly number[]): void {
  const dims = resultOf(
    layer,
    inputs.map((place) => making.dims[place]!),
  );
  making.calls.push({ layer, inputs });
  making.dims.push(dims);
}

const mostNumbers = 200;

/** One more layer, call, merge or model behind what there is. */
function grow(making: Making, isSequential: boolean): void {
  const { choices, dims, depth, calls } = making;
  const last = dims.length - 1;
  const what = choices.next() % 8;
  if (what === 0 && depth > 0) {
    const name = nameIn(making, "model");
    const shared = making.isUnique ? making.names : undefined;
    const model = drawModel(choices, dims[last]!, depth - 1, name, shared);
    add(making, { name, className: "model", config: {}, weights: {}, model }, [last]);
  } else if (what < 3 && !isSequential) {
    const alike = dims.flatMap((each, i) => (String(each) === String(dims[last]) ? [i] : []));
    const other = choices.of(alike);
    const className = choices.of([
      "Add",
      "Multiply",
      "Average",
      "Maximum",
      "Concatenate",
      "Subtract",
    ]);
    if (className === "Concatenate" && elementCount(dims[last]!) * 2 > mostNumbers) return;
    add(making, layerOf(making, [className, {}]), [last, other]);
  } else if (what === 3 && !isSequential && calls.length > 0) {
    const { layer, inputs } = choices.of(calls);
    const fits = inputs.length === 1 && String(dims[inputs[0]!]) === String(dims[last]);
    if (fits) add(making, layer, [last]);
  } else add(making, layerOf(making, partFor(choices, dims[last]!)), [last]);
  if (elementCount(dims.at(-1)!) <= mostNumbers) return;
  const rank = dims.at(-1)!.length;
  if (rank > 1) {
    const className = rank === 3 ? "GlobalMaxPooling2D" : "GlobalMaxPooling1D";
    add(making, layerOf(making, [className, {}]), [dims.length - 1]);
  }
}

/** A model whose input has these sizes behind the batch; its output is a row. */
export function drawModel(
  choices: Choices,
  dims: readonly number[],
  depth: number,
  name: string,
  names?: Map<string, number>,
): MadeModel {
  const isSequential = choices.next() % 2 === 0;
  const making: Making = {
    choices,
    depth,
    calls: [],
    dims: [dims],
    names: names ?? new Map(),
    isUnique: names !== undefined,
  };
  const steps = 1 + (choices.next() % 6);
  for (let i = 0; i < steps; i++) grow(making, isSequential);
  const input = { name: `${name}_input`, dims };
  // Rows lie alike in every order of axes.
  if (depth === 2 && making.dims.at(-1)!.length > 1) {
    add(making, layerOf(making, ["Flatten", {}]), [making.dims.length - 1]);
  }
  if (making.calls.length === 0) add(making, layerOf(making, ["Dropout", { rate: 0.5 }]), [0]);
  const outputs = [making.dims.length - 1];
  return { name, isSequential, inputs: [input], calls: making.calls, outputs };
}
