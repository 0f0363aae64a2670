/** @file From a list of layers to a network that can be trained. */
import * as v from "valibot";
import { LimpidError } from "../errors.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { elementCount, formatShape, type Tensor } from "../graph/tensor.ts";
import { checkLayers, kindOf } from "../layers/check.ts";
import type { LayerContext, LayerDescription, NetworkMode } from "../layers/layer.ts";
import type { BuiltNetwork, RandomInput, TrainableNetwork } from "./trainable-network.ts";
import { detectionHead, type CellAnswers } from "./detection-head.ts";
import { mostParameters } from "../layers/initialize.ts";

/** A network in words. */
export interface NetworkDescription {
  /** [C, H, W] of one picture. */
  readonly input: readonly [number, number, number];
  /**
   * One after the other; the last may be `softmax` or `sigmoid`. By default it is softmax, and sigmoid after
   * one unit.
   */
  readonly layers: readonly LayerDescription[];
  /** Of a segmenter `places`: the last layer gives [N, classes, H, W] of the input's H and W. `class` by default. */
  readonly answers?: "class" | "places";
  /** Of a detector: what follows the layers, once a scale, the finest first; each ends in a feature map. */
  readonly scales?: readonly (readonly LayerDescription[])[];
  /** Of a detector: how many classes its objects are of. */
  readonly objectClasses?: number;
}

/** A description whose layers are not checked yet, as files have them. */
export interface UncheckedDescription extends Omit<NetworkDescription, "layers" | "scales"> {
  readonly layers: readonly unknown[];
  readonly scales?: readonly (readonly unknown[])[];
}

/**
 * The network of a description, its kernels drawn from the seed. Layers without a name are called by their
 * type and a number, such as conv2d_1; each one's last value bears its name, and `NAME/linear` is what comes
 * before its activation function. Throws `bad-option` for layers that are not known, have other fields, do
 * not fit each other, or end in anything but what they answer: a row of classes, or one at every place.
 */
export function describedNetwork(description: UncheckedDescription, seed = 0): TrainableNetwork {
  checkInput(description.input);
  if (description.scales) return detector({ ...description, scales: description.scales }, seed);
  const { layers, ending } = withoutEnding(description.layers);
  checkLayers(layers);
  if (layers.length === 0) throw bad("it must have layers, got none.");
  const start = new Construction(new GraphBuilder(), "inference", seed);
  const pictures = start.b.input("pictures", [1, ...description.input]);
  const { dims } = start.apply(layers, pictures);
  const { input: inputDims, answers = "class" } = description;
  const classes = answers === "places" ? placeClassesOf(dims, inputDims) : classesOf(dims, ending);
  return {
    inputDims,
    classes,
    answers,
    activation: ending ?? (classes === 1 ? "sigmoid" : "softmax"),
    parameters: start.parameters,
    memory: start.memories,
    decayed: start.decayed,
    build: (b, input, values, mode): BuiltNetwork => {
      const construction = new Construction(b, mode, seed, values);
      const logits = construction.apply(layers, input);
      return { logits, memory: construction.remembered, random: construction.randomInputs };
    },
  };
}

/** The network of layers that several scales follow, each with a box and classes for every cell. */
function detector(
  description: UncheckedDescription & Required<Pick<UncheckedDescription, "scales">>,
  seed: number,
): TrainableNetwork {
  const { input: inputDims, layers, scales, objectClasses: classes = 1 } = description;
  checkLayers(layers);
  for (const scale of scales) checkLayers(scale);
  if (scales.length === 0) throw bad("a detector must have scales, got none.");
  const apply = (construction: Construction, pictures: Value): CellAnswers => {
    const trunk = construction.apply(layers, pictures);
    const maps = scales.map((scale) =>
      construction.apply(scale as readonly LayerDescription[], trunk),
    );
    return detectionHead(construction, maps, { inputDims, classes });
  };
  const start = new Construction(new GraphBuilder(), "inference", seed);
  apply(start, start.b.input("pictures", [1, ...inputDims]));
  return {
    inputDims,
    classes,
    answers: "boxes",
    activation: "sigmoid",
    parameters: start.parameters,
    memory: start.memories,
    decayed: start.decayed,
    build: (b, input, values, mode): BuiltNetwork => {
      const construction = new Construction(b, mode, seed, values);
      const answered = apply(construction, input);
      return { ...answered, memory: construction.remembered, random: construction.randomInputs };
    },
  };
}

type Ending = TrainableNetwork["activation"];

const endingSchema = v.looseObject({ type: v.picklist(["softmax", "sigmoid"]) });

function withoutEnding(layers: readonly unknown[]): {
  readonly layers: readonly unknown[];
  readonly ending: Ending | undefined;
} {
  if (!Array.isArray(layers)) throw bad("its layers must be a list, got something else.");
  const last = layers.at(-1);
  if (!v.is(endingSchema, last)) return { layers, ending: undefined };
  return { layers: layers.slice(0, -1), ending: last.type };
}

function checkInput(input: readonly number[]): void {
  const isGood =
    Array.isArray(input) &&
    input.length === 3 &&
    input.every((dim) => Number.isInteger(dim) && dim > 0);
  if (!isGood) {
    throw bad(
      `its input must be [channels, height, width] of positive whole numbers, got ${JSON.stringify(input)}.`,
    );
  }
}

function classesOf(dims: readonly number[], ending: Ending | undefined): number {
  if (dims.length !== 2) {
    throw bad(
      `it must end in a row of classes [N, classes], got [${dims.join(", ")}]. end it in flatten or globalAvgPool and a dense layer.`,
    );
  }
  const classes = dims[1]!;
  const wanted = classes === 1 ? "sigmoid" : "softmax";
  if (ending === undefined || ending === wanted) return classes;
  throw bad(
    `${ending} must follow ${ending === "sigmoid" ? "one unit" : "two classes or more"}, got ${classes}. end in ${wanted}.`,
  );
}

function placeClassesOf(dims: readonly number[], [, height, width]: readonly number[]): number {
  const isMap = dims.length === 4 && dims[2] === height && dims[3] === width && dims[1]! >= 2;
  if (isMap) return dims[1]!;
  throw bad(
    `a segmenter must end in two classes or more at every place, [N, classes, ${height}, ${width}], got ${formatShape(dims)}. end it in a conv2d with a filter a class.`,
  );
}

/** Throws `bad-option` for a layer that gives more numbers a picture than all parameters may be. */
function requireSize(name: string, dims: readonly number[]): void {
  const count = elementCount(dims);
  if (dims.every((dim) => dim >= 0) && count <= mostParameters) return;
  throw bad(
    `"${name}" must give at most ${mostParameters} numbers a picture, got ${formatShape(dims)}. make it smaller.`,
  );
}

function bad(what: string): LimpidError {
  return new LimpidError("bad-option", `network: ${what}`);
}

/**
 * Builds the layers into a graph. Without `values` it collects the start values of parameters and memory, and
 * with them it takes the graph's values for them.
 */
class Construction implements LayerContext {
  readonly b: GraphBuilder;
  readonly mode: NetworkMode;
  readonly seed: number;
  readonly parameters = new Map<string, Tensor>();
  readonly memories = new Map<string, Tensor>();
  readonly decayed = new Set<string>();
  readonly remembered = new Map<string, Value>();
  readonly randomInputs: RandomInput[] = [];
  readonly #values: ReadonlyMap<string, Value> | undefined;
  readonly #scope: string;
  readonly #names = new Set<string>();
  #numbers = 0;
  readonly #counts = new Map<string, number>();

  constructor(
    b: GraphBuilder,
    mode: NetworkMode,
    seed: number,
    values?: ReadonlyMap<string, Value>,
  ) {
    this.b = b;
    this.mode = mode;
    this.seed = seed;
    this.#values = values;
    this.#scope = b.scope;
  }

  parameter(name: string, start: () => Tensor, decays = false): Value {
    if (this.#values) return this.#values.get(name)!;
    if (decays) this.decayed.add(name);
    return this.#declare(this.parameters, name, start());
  }

  memory(name: string, start: () => Tensor): Value {
    return this.#values?.get(name) ?? this.#declare(this.memories, name, start());
  }

  #declare(table: Map<string, Tensor>, name: string, value: Tensor): Value {
    table.set(name, value);
    this.#numbers += value.data.length;
    if (this.#numbers > mostParameters) {
      throw bad(`it must have at most ${mostParameters} parameters, got ${this.#numbers} or more.`);
    }
    return this.b.input(name, value.dims);
  }

  remember(name: string, value: Value): void {
    this.remembered.set(name, value);
  }

  readonly random = (name: string, dims: readonly number[]): Value => {
    const input = `random/${name}`;
    this.randomInputs.push({ name: input, dims });
    return this.b.input(input, dims, "uint8");
  };

  readonly valueName = (name: string): string => `${this.#scope}${name}`;

  apply(layers: readonly LayerDescription[], input: Value): Value {
    let value = input;
    for (const layer of layers) {
      const name = this.#nameOf(layer);
      this.b.scope = `${this.#scope}${name}/`;
      value = kindOf(layer).build(this, value, name, layer);
      requireSize(name, value.dims);
      this.b.scope = this.#scope;
    }
    return value;
  }

  #nameOf(layer: LayerDescription): string {
    const count = (this.#counts.get(layer.type) ?? 0) + 1;
    this.#counts.set(layer.type, count);
    const name = layer.name ?? `${layer.type}_${count}`;
    if (this.#names.has(name)) {
      throw bad(`names of layers must differ, got "${name}" twice. rename one.`);
    }
    this.#names.add(name);
    return name;
  }
}
