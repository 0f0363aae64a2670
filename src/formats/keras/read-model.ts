/** @file The configuration of a model, of any generation of Keras and of TF.js. */
import * as v from "valibot";
import { shownJson } from "../../wording/read-json.ts";
import { badLayer, badModel } from "./bad-model.ts";
import {
  isNewStyle,
  readCalls,
  readReference,
  sortedValues,
  type Resolve,
} from "./inbound-nodes.ts";
import { isObject, withoutTuples, type JsonObject } from "./layer-config.ts";
import type { KerasCall, KerasLayer, KerasModel, TensorReference } from "./model-config.ts";

const modelClasses = new Set(["Sequential", "Functional", "Model"]);

/** Models in models; readers of JSON allow less than this many levels anyway. */
const mostLayers = 20_000;

/** The model of `{class_name, config}`. Throws `bad-file`. */
export function readModel(root: unknown): KerasModel {
  const className = isObject(root) ? classOf(root["class_name"]) : undefined;
  if (!isObject(root) || className === undefined) {
    throw badModel(`the configuration must have a "class_name", got ${shownJson(root)}`);
  }
  if (!modelClasses.has(className) && !isFunctional(root["config"])) {
    throw badModel(
      `the model must be Sequential or Functional, got the class ${shownJson(root["class_name"])} of somebody's own`,
      "build it as a Functional model and save it again",
    );
  }
  return modelOf(root, className);
}

/** Classes derived from Model are Functional if their configuration is. */
function isFunctional(config: unknown): boolean {
  return (
    isObject(config) && ["layers", "input_layers", "output_layers"].every((key) => key in config)
  );
}

function modelOf(root: JsonObject, className: string): KerasModel {
  const config = root["config"];
  // Before 2.2.3 the configuration of a Sequential is the list of its layers.
  const fields = Array.isArray(config) ? { layers: config } : config;
  if (!isObject(fields) || !Array.isArray(fields["layers"])) {
    throw badModel(`a model's "config" must list its "layers", got ${shownJson(config)}`);
  }
  const entries = fields["layers"] as readonly unknown[];
  if (entries.length > mostLayers) throw badModel(`a model must have at most ${mostLayers} layers`);
  const name = typeof fields["name"] === "string" ? fields["name"] : "model";
  const isSequential = className === "Sequential" && !("output_layers" in fields);
  const layers = entries.map((entry, i) => readLayer(entry, i));
  const known = new Set<string>();
  for (const { layer } of layers) {
    if (known.has(layer.name))
      throw badLayer(layer, "its name must be unique in its model, got it twice");
    known.add(layer.name);
  }
  const model = { name, className, isSequential };
  if (isSequential) return { ...model, ...sequential(layers, fields, root) };
  return { ...model, ...functional(layers, fields) };
}

/** A layer, and its calls as the file has them. */
interface RawLayer {
  readonly layer: Omit<KerasLayer, "calls">;
  readonly nodes: readonly unknown[];
}

const shape = v.array(v.nullable(v.number()));

function readLayer(entry: unknown, index: number): RawLayer {
  if (!isObject(entry)) throw badModel(`layer ${index} must be an object, got ${shownJson(entry)}`);
  const className = classOf(entry["class_name"]);
  const config = isObject(entry["config"]) ? entry["config"] : {};
  const name = entry["name"] ?? config["name"] ?? `${className ?? "layer"}_${index}`.toLowerCase();
  if (className === undefined || typeof name !== "string" || name === "") {
    throw badModel(`layer ${index} must have a class and a name, got ${shownJson(entry)}`);
  }
  const isModel = modelClasses.has(className) || isFunctional(entry["config"]);
  const build = isObject(entry["build_config"]) ? entry["build_config"]["input_shape"] : undefined;
  const built = v.safeParse(shape, withoutTuples(build));
  const registered = entry["registered_name"];
  const nodes = Array.isArray(entry["inbound_nodes"]) ? entry["inbound_nodes"] : [];
  const layer = {
    name,
    className,
    isOperation:
      !isModel && className !== "InputLayer" && isOperation(entry["module"], nodes, config),
    isImplicit: false,
    config,
    ...(typeof registered === "string" ? { registeredName: registered } : {}),
    ...(built.success ? { builtFor: built.output } : {}),
    ...(isModel ? { model: modelOf(entry, className) } : {}),
  };
  return { layer, nodes };
}

/** A layer that another one is made around, which is called once. Throws `bad-file`. */
export function readInnerLayer(entry: unknown): KerasLayer {
  return { ...readLayer(entry, 0).layer, calls: [inputCall] };
}

/** A class without its package: `Custom>Block` and `keras.layers.Conv2D` are both known. */
function classOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.replace(/^.*[>.]/, "") : undefined;
}

/**
 * The module is a hint alone, but nothing else tells the layer `Add` from the operation. The .h5 files of Keras 3 leave
 * it out; there layers say whether they are trained, and operations do not.
 */
function isOperation(module: unknown, nodes: readonly unknown[], config: JsonObject): boolean {
  if (typeof module === "string") return /(^|\.)ops\./.test(module);
  if (module !== undefined || !isNewStyle(nodes)) return false;
  return !("trainable" in config);
}

function sequential(
  raw: readonly RawLayer[],
  fields: JsonObject,
  root: JsonObject,
): Pick<KerasModel, "layers" | "inputs" | "outputs"> {
  const given = raw.map(({ layer }) => layer);
  const [first] = given;
  if (!first) throw badModel("a Sequential must have layers, got none");
  const hasInput = first.className === "InputLayer";
  const all = hasInput ? given : [implicitInput(given, fields, root), ...given];
  const layers = all.map((layer, i): KerasLayer => {
    const before = all[i - 1];
    if (!before) return { ...layer, calls: [inputCall] };
    const tensor = { layer: before.name, call: 0, tensor: 0 };
    return { ...layer, calls: [{ positional: [{ kind: "tensor", tensor }], named: {} }] };
  });
  return {
    layers,
    inputs: [{ layer: layers[0]!.name, call: 0, tensor: 0 }],
    outputs: [{ layer: layers.at(-1)!.name, call: 0, tensor: 0 }],
  };
}

const inputCall: KerasCall = { positional: [], named: {} };

/** The input that Keras 2 makes of the shape that the first layer bears, under the name that it gives it. */
function implicitInput(
  layers: readonly RawLayer["layer"][],
  fields: JsonObject,
  root: JsonObject,
): RawLayer["layer"] {
  const build = isObject(root["build_config"]) ? root["build_config"]["input_shape"] : undefined;
  const first = layers[0]!;
  const dims =
    inputShapeOf(first) ?? withoutTuples(build) ?? withoutTuples(fields["build_input_shape"]);
  let name = `${first.name}_input`;
  while (layers.some((layer) => layer.name === name)) name += "_";
  return {
    name,
    className: "InputLayer",
    isOperation: false,
    isImplicit: true,
    config: { batch_input_shape: dims },
  };
}

/** The shape that a layer asks for: its own, or that of the first layer of a model. */
export function inputShapeOf({ config, model }: Pick<KerasLayer, "config" | "model">): unknown {
  const own = config["batch_input_shape"] ?? config["batch_shape"];
  if (own !== undefined && own !== null) return withoutTuples(own);
  const inner = model?.layers.find(({ name }) => name === model.inputs[0]?.layer);
  return inner && inputShapeOf(inner);
}

function functional(
  raw: readonly RawLayer[],
  fields: JsonObject,
): Pick<KerasModel, "layers" | "inputs" | "outputs"> {
  const byName = new Map(raw.map((each) => [each.layer.name, each]));
  const isNew = raw.some(({ nodes }) => isNewStyle(nodes));
  const resolve =
    (offsetOf: (layer: RawLayer["layer"]) => number): Resolve =>
    (reference) => {
      const { layer, nodes } = byName.get(reference.layer) ?? {};
      if (!layer || !nodes)
        throw badModel(`the layer "${reference.layer}" must be in its model, got no such`);
      const calls = layer.className === "InputLayer" ? 1 : nodes.length;
      const wanted = reference.call - offsetOf(layer);
      const call = [wanted, reference.call, reference.call - 1].find((at) => at >= 0 && at < calls);
      if (call !== undefined) return { ...reference, call };
      throw badLayer(layer, `its call ${reference.call} must be one of ${calls}, got no such`);
    };
  // A nested model is born with a call of its own, which Keras 2 counts, and Keras 3 at outputs of Functional alone.
  const within = resolve(({ model }) => (!isNew && hasOwnCall(model) ? 1 : 0));
  const atEnds = resolve(({ model }) => {
    const counts = isNew ? model !== undefined && !model.isSequential : hasOwnCall(model);
    return counts ? 1 : 0;
  });
  const context = { names: new Set(byName.keys()), resolve: within };
  const layers = raw.map(({ layer, nodes }): KerasLayer => {
    if (layer.className === "InputLayer") return { ...layer, calls: [inputCall] };
    return { ...layer, calls: readCalls(nodes, context) };
  });
  return {
    layers,
    inputs: endsOf(fields["input_layers"], "input_layers").map(atEnds),
    outputs: endsOf(fields["output_layers"], "output_layers").map(atEnds),
  };
}

function hasOwnCall(model: KerasModel | undefined): boolean {
  if (!model) return false;
  const input = model.layers[0];
  return !model.isSequential || !input?.isImplicit || inputShapeOf(input) !== undefined;
}

/** `[name, 0, 0]`, a list of such, or an object of them. */
function endsOf(value: unknown, field: string): readonly TensorReference[] {
  const plain = withoutTuples(value);
  if (isObject(plain)) return sortedValues(plain).flatMap((each) => endsOf(each, field));
  if (!Array.isArray(plain) || plain.length === 0) {
    throw badModel(`"${field}" must list tensors, got ${shownJson(value)}`);
  }
  if (typeof plain[0] === "string") return [readReference(plain)];
  return plain.flatMap((each: unknown) => endsOf(each, field));
}
