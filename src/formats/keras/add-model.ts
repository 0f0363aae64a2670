/** @file Adds the layers of a Keras model to a graph, nested models among them. */
import { LimpidError } from "../../errors.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import { formatShape } from "../../graph/tensor.ts";
import type { NhwcValue } from "../channels-last/nhwc-value.ts";
import { badLayer, badModel } from "./bad-model.ts";
import { LayerConfig } from "./layer-config.ts";
import { callKey, callsInOrder } from "./layer-order.ts";
import { requireComputable, unknownLayer } from "./layer-policy.ts";
import { addOperation } from "./operations/index.ts";
import { layerKindOf } from "./layers/index.ts";
import type { LayerCall, LayerKind, Operand } from "./layers/layer-kind.ts";
import type {
  Argument,
  KerasCall,
  KerasLayer,
  KerasModel,
  TensorReference,
} from "./model-config.ts";
import type { SharedWeights } from "./shared-weights.ts";
import { SizeMismatch, type ProbeShapes } from "../tensorflow/probe-shapes.ts";
import type { ValueNames } from "./value-names.ts";
import type { ModelLayers, ModelWeights } from "./weight-store.ts";

/** What all layers of a file have in common. */
export interface Building {
  readonly b: GraphBuilder;
  readonly names: ValueNames;
  readonly isKeras3: boolean;
  readonly isTfjs: boolean;
  readonly notes: Set<string>;
  readonly shared: SharedWeights;
  /** Shapes at a second size of the axes that the file leaves open. */
  readonly probes: ProbeShapes;
  /** Calls that were added so far; models in models could make them too many. */
  calls: number;
}

/** A model within the file. */
export interface Place {
  /** Names of the nested models around it and its own, without the outermost. */
  readonly path: readonly string[];
  readonly weights: ModelWeights;
  /** Whether it is called more than once, or is in a model that is. */
  readonly isShared: boolean;
}

const mostCalls = 50_000;

/** A model's layers, as a store of weights needs them. */
export function modelLayers({ isSequential, layers }: KerasModel): ModelLayers {
  const known = layers.filter(({ isImplicit }) => !isImplicit);
  return {
    isSequential,
    layers: known.map(({ name, className, isOperation }) => {
      return { name, className, isLayer: !isOperation };
    }),
  };
}

/**
 * Adds a model that is given `inputs`, in the order of its own; returns its outputs in theirs. Throws `bad-file` for a
 * layer that is not known or does not fit what it is given.
 */
export async function addModel(
  building: Building,
  model: KerasModel,
  inputs: readonly NhwcValue[],
  place: Place,
): Promise<readonly NhwcValue[]> {
  if (inputs.length !== model.inputs.length) {
    throw badModel(
      `the model "${model.name}" must be given ${model.inputs.length} tensors, got ${inputs.length}`,
    );
  }
  const results = new Map<string, readonly NhwcValue[]>();
  for (const [i, input] of model.inputs.entries()) results.set(callKey(input), [inputs[i]!]);
  const valueOf = (tensor: TensorReference): NhwcValue => {
    const value = results.get(callKey(tensor))?.[tensor.tensor];
    if (value) return value;
    throw badModel(`the layer "${tensor.layer}" must have a result ${tensor.tensor}, got no such`);
  };
  for (const { layer, call } of callsInOrder(model)) {
    const key = callKey({ layer: layer.name, call });
    if (results.has(key)) continue;
    building.calls += 1;
    if (building.calls > mostCalls) throw badModel(`a model must call at most ${mostCalls} layers`);
    results.set(key, await addCall(building, layer, layer.calls[call]!, valueOf, place));
  }
  return model.outputs.map(valueOf);
}

async function addCall(
  building: Building,
  layer: KerasLayer,
  { positional, named }: KerasCall,
  valueOf: (tensor: TensorReference) => NhwcValue,
  place: Place,
): Promise<readonly NhwcValue[]> {
  const operand = (argument: Argument): Operand => {
    if (argument.kind === "tensor") return { kind: "tensor", value: valueOf(argument.tensor) };
    if (argument.kind === "list") return { kind: "list", items: argument.items.map(operand) };
    return argument;
  };
  const operands = positional.map(operand);
  const namedOperands = Object.entries(named).map(([key, value]) => [key, operand(value)] as const);
  const first = operands[0] ?? namedOperands.find(([key]) => key === "inputs")?.[1];
  if (layer.className === "InputLayer") {
    throw badLayer(layer, "it must be among the inputs of its model, got none of them");
  }
  const isShared = place.isShared || layer.calls.length > 1;
  const stored = () => place.weights.layer(layer.name);
  const weights = isShared ? await building.shared.of(layer, stored) : await stored();
  return addLayer(building, layer, {
    inputs: first ? tensorsIn(first) : [],
    positional: operands,
    named: Object.fromEntries(namedOperands),
    // A model has no value of its own: those of its layers bear their names.
    name: layer.model ? layer.name : building.names.next(place.path, layer.name),
    weights,
    place: { ...place, isShared },
  });
}

function tensorsIn(operand: Operand): readonly NhwcValue[] {
  if (operand.kind === "tensor") return [operand.value];
  return operand.kind === "list" ? operand.items.flatMap(tensorsIn) : [];
}

interface CallParts extends Pick<
  LayerCall,
  "inputs" | "positional" | "named" | "name" | "weights"
> {
  readonly place: Omit<Place, "weights">;
}

/** One call of a layer of the table, or of a nested model. */
async function addLayer(
  building: Building,
  layer: KerasLayer,
  { place, ...parts }: CallParts,
): Promise<readonly NhwcValue[]> {
  const { model } = layer;
  if (model) {
    const inner: Place = {
      path: [...place.path, layer.name],
      weights: parts.weights.model(modelLayers(model)),
      isShared: place.isShared,
    };
    return addModel(building, model, parts.inputs, inner);
  }
  const { b } = building;
  for (const note of requireComputable(layer)) building.notes.add(note);
  const call = layerCall(building, layer, { place, ...parts });
  const scope = b.scope;
  b.scope = `${parts.name}/`;
  const result = await fitting(layer, parts.inputs, async () => {
    const built = await buildCall(layer, call);
    building.probes.follow();
    return built;
  });
  b.scope = scope;
  const values = "held" in result ? [result] : result;
  for (const { dims } of values) requireSizes(layer, dims);
  return values;
}

function buildCall(layer: KerasLayer, call: LayerCall): ReturnType<LayerKind["build"]> {
  if (layer.isOperation) return addOperation(call, layer.className);
  const kind = layerKindOf(layer.className);
  if (!kind) throw unknownLayer(layer, call.inputs[0]);
  return kind.build(call);
}

function layerCall(
  building: Building,
  layer: KerasLayer,
  { place, ...parts }: CallParts,
): LayerCall {
  const { b, isKeras3, isTfjs, notes, probes } = building;
  return {
    ...parts,
    b,
    layer,
    isKeras3,
    isTfjs,
    config: new LayerConfig(layer.config, (what) => badLayer(layer, what)),
    note: (sentence) => notes.add(sentence),
    requireKnown: (x) => {
      const [dims, ...others] = probes.dimsOf(x);
      if (others.every((other) => String(other.slice(1)) === String(dims!.slice(1)))) return;
      throw openSizes(layer);
    },
    buildInner: async (inner, inputs, part) => {
      const own = { positional: [], named: {}, inputs, ...part, place };
      const [value] = await addLayer(building, inner, own);
      return value!;
    },
  };
}

/** The error of a layer that works at one size of what the file leaves open. */
function openSizes(layer: KerasLayer): LimpidError {
  return badLayer(
    layer,
    "sizes of its input must be known, got ones that the file leaves open",
    "save the model with an input of a fixed size",
  );
}

/** What the builder finds wrong are shapes that do not fit each other. */
async function fitting<T>(
  layer: KerasLayer,
  inputs: readonly NhwcValue[],
  build: () => Promise<T>,
): Promise<T> {
  try {
    return await build();
  } catch (cause) {
    const isOpen = cause instanceof SizeMismatch;
    if (!isOpen && !(cause instanceof LimpidError && cause.code !== "bad-file")) throw cause;
    const shapes = inputs.map(({ dims }) => formatShape(dims)).join(" and ");
    const error = isOpen
      ? openSizes(layer)
      : badLayer(layer, `it must fit what it is given, got ${shapes || "nothing"}`);
    throw new LimpidError("bad-file", error.said, { cause });
  }
}

/** Numbers of one value, as a run could hold them. */
const mostElements = 2 ** 40;

function requireSizes(layer: KerasLayer, dims: readonly number[]): void {
  const isSize = dims.every((dim) => Number.isSafeInteger(dim) && dim > 0);
  if (isSize && dims.reduce((product, dim) => product * dim, 1) < mostElements) return;
  throw badLayer(
    layer,
    `its result must have a size of 1 or more on each axis, got ${formatShape(dims)}`,
    "save the model with a larger input",
  );
}
