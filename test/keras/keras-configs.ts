/** @file Configurations of Keras models as each generation writes them, from one description. */
import type { Tensor } from "../../src/graph/tensor.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import type { Config } from "./maker-layer.ts";
import { makerLayers } from "./maker-layers.ts";
import type { Variables } from "./memory-store.ts";
import type { Numbers } from "./numbers.ts";

/** A layer with its weights in Keras's order, or a nested model. */
export interface MadeLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Config;
  readonly weights: Readonly<Record<string, Numbers>>;
  readonly model?: MadeModel;
}

/** A call; `inputs` count the model's inputs first, then the results of the calls before. */
export interface MadeCall {
  readonly layer: MadeLayer;
  readonly inputs: readonly number[];
}

export interface MadeModel {
  readonly name: string;
  readonly isSequential: boolean;
  readonly inputs: readonly { readonly name: string; readonly dims: readonly number[] }[];
  readonly calls: readonly MadeCall[];
  readonly outputs: readonly number[];
}

/** Generations of Keras that differ in how they write a model. */
export const generations = ["keras 2", "keras 3", "tfjs"] as const;
export type Generation = (typeof generations)[number];

/** Layers of a model, each once. */
function layersOf({ calls }: MadeModel): readonly MadeLayer[] {
  return [...new Set(calls.map(({ layer }) => layer))];
}

/** The variables of a model by the names of layers. */
export function variablesOf(model: MadeModel, path = ""): Variables {
  const found: Record<string, Tensor> = {};
  for (const layer of layersOf(model)) {
    if (layer.model) Object.assign(found, variablesOf(layer.model, `${path}${layer.name}/`));
    for (const [name, { dims, data }] of Object.entries(layer.weights)) {
      found[`${path}${layer.name}/${name}`] = tensorOf("float32", dims, data);
    }
  }
  return found;
}

/** What the model makes of its inputs, layer by layer in the maker's order of axes. */
export function computed(
  model: MadeModel,
  inputs: readonly Numbers[],
  isKeras3: boolean,
): readonly Numbers[] {
  const values = [...inputs];
  for (const { layer, inputs: places } of model.calls) {
    const given = places.map((place) => values[place]!);
    if (layer.model) values.push(computed(layer.model, given, isKeras3)[0]!);
    else {
      const kind = makerLayers[layer.className];
      const { config, weights } = layer;
      values.push(kind ? kind({ config, inputs: given, weights, isKeras3 }) : given[0]!);
    }
  }
  return model.outputs.map((place) => values[place]!);
}

/** Where a value comes from: the layer and the number of its call. */
function sourceOf(model: MadeModel, place: number): readonly [MadeLayer | string, number] {
  const input = model.inputs[place];
  if (input) return [input.name, 0];
  const index = place - model.inputs.length;
  const { layer } = model.calls[index]!;
  const before = model.calls.slice(0, index).filter((call) => call.layer === layer);
  return [layer, before.length];
}

function reference(model: MadeModel, place: number, offset: (layer: MadeLayer) => number) {
  const [layer, call] = sourceOf(model, place);
  return typeof layer === "string"
    ? [layer, 0, 0]
    : [layer.name, call + (layer.model ? offset(layer) : 0), 0];
}

/** `{class_name, config}` of a model as a generation writes it. */
export function configOf(model: MadeModel, generation: Generation): Record<string, unknown> {
  return model.isSequential ? sequential(model, generation) : functional(model, generation);
}

function entry(layer: MadeLayer, generation: Generation): Record<string, unknown> {
  if (layer.model) return configOf(layer.model, generation);
  const config = { name: layer.name, trainable: true, ...layer.config };
  if (generation !== "keras 3") return { class_name: layer.className, config };
  const policy = {
    module: "keras",
    class_name: "DTypePolicy",
    config: { name: "float32" },
    registered_name: null,
  };
  return {
    module: "keras.layers",
    class_name: layer.className,
    config: { ...config, dtype: policy },
    registered_name: null,
  };
}

function inputEntry(name: string, dims: readonly number[], generation: Generation) {
  const shape = [null, ...dims];
  const config =
    generation === "keras 3"
      ? { batch_shape: shape, dtype: "float32", sparse: false, name }
      : { batch_input_shape: shape, dtype: "float32", sparse: false, name };
  return { class_name: "InputLayer", config };
}

function sequential(model: MadeModel, generation: Generation): Record<string, unknown> {
  const [input] = model.inputs as [MadeModel["inputs"][number]];
  const layers = model.calls.map(({ layer }) => entry(layer, generation));
  const all =
    generation === "tfjs"
      ? withShape(layers, input.dims)
      : [inputEntry(input.name, input.dims, generation), ...layers];
  return { class_name: "Sequential", config: { name: model.name, layers: all } };
}

/** The first layer bears the shape, as it did before Keras had input layers in Sequential. */
function withShape(layers: readonly Record<string, unknown>[], dims: readonly number[]) {
  const [first, ...others] = layers as [Record<string, unknown>, ...Record<string, unknown>[]];
  const config = { ...(first["config"] as object), batch_input_shape: [null, ...dims] };
  return [{ ...first, config }, ...others];
}

function functional(model: MadeModel, generation: Generation): Record<string, unknown> {
  const isNew = generation === "keras 3";
  const within = ({ model: inner }: MadeLayer) => (isNew || !inner ? 0 : 1);
  const atEnds = ({ model: inner }: MadeLayer) =>
    inner && (!isNew || !inner.isSequential) ? 1 : 0;
  const inputs = model.inputs.map(({ name, dims }) => ({
    ...inputEntry(name, dims, generation),
    name,
    inbound_nodes: [],
  }));
  const layers = layersOf(model).map((layer) => {
    const calls = model.calls.filter((call) => call.layer === layer);
    const nodes = calls.map((call) => {
      const places = call.inputs.map((place) => reference(model, place, within));
      return isNew ? newNode(places, layer) : oldNode(places, layer);
    });
    return { ...entry(layer, generation), name: layer.name, inbound_nodes: nodes };
  });
  const outputs = model.outputs.map((place) => reference(model, place, atEnds));
  const ends = model.inputs.map(({ name }) => [name, 0, 0]);
  return {
    class_name: generation === "keras 2" ? "Functional" : isNew ? "Functional" : "Model",
    config: {
      name: model.name,
      layers: [...inputs, ...layers],
      input_layers: isNew && ends.length === 1 ? ends[0] : ends,
      output_layers: isNew && outputs.length === 1 ? outputs[0] : outputs,
    },
  };
}

/** Attention takes its first tensor in the list and the others by name. */
function oldNode(places: readonly (readonly unknown[])[], layer: MadeLayer) {
  const [query, value, key] = places;
  if (layer.className !== "MultiHeadAttention") return places.map((place) => [...place, {}]);
  const named = { value, key, attention_mask: null };
  return [[...query!, named]];
}

function newNode(places: readonly (readonly unknown[])[], layer: MadeLayer) {
  const tensors = places.map((history) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null], dtype: "float32", keras_history: history },
  }));
  // Layers with several tensors take them as a list; attention takes them one by one.
  const isApart = layer.className === "MultiHeadAttention" || tensors.length === 1;
  return { args: isApart ? tensors : [tensors], kwargs: {} };
}
