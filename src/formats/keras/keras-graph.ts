/** @file The graph of a Keras model from its configuration and its weights. */
import { GraphBuilder } from "../../graph/builder.ts";
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Graph, ValueInfo } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { makersOrder, type NhwcValue } from "../channels-last/nhwc-value.ts";
import { ProbeShapes } from "../tensorflow/probe-shapes.ts";
import { addModel, modelLayers, type Building } from "./add-model.ts";
import { familyOf } from "./families.ts";
import { addInputs } from "./model-inputs.ts";
import { readModel } from "./read-model.ts";
import { SharedWeights } from "./shared-weights.ts";
import { ValueNames } from "./value-names.ts";
import type { WeightStore } from "./weight-store.ts";

/** What a file says of itself beside its configuration. */
export interface KerasFacts {
  /** Of Keras, as the file has it: `2.4.0`, `3.8.0`, `tfjs-layers 1.3.1`. */
  readonly version?: string;
  /** Whether the model's maker says how pictures are prepared, so that its names need not tell. */
  readonly isPreparationTold?: boolean;
  /** What was assumed before there was a configuration, a sentence. */
  readonly assumed?: string;
}

/**
 * The graph of a model: `config` is its `{class_name, config}` of any generation of Keras or of TF.js. Pictures go in as
 * [N, C, H, W]. Throws `bad-file`, also for weights that are NaN or infinite.
 */
export async function graphOfKeras(
  config: unknown,
  store: WeightStore,
  { version = "", isPreparationTold = false, assumed }: KerasFacts = {},
): Promise<Graph> {
  const model = readModel(config);
  const b = new GraphBuilder();
  const building: Building = {
    b,
    names: new ValueNames(model),
    isKeras3: /^3(\.|$)/.test(version),
    isTfjs: version.startsWith("tfjs-layers"),
    notes: new Set(assumed === undefined ? [] : [assumed]),
    shared: new SharedWeights(),
    probes: new ProbeShapes(b, 2),
    calls: 0,
  };
  b.reserve(building.names.all());
  const inputs = addInputs(building, model);
  const weights = store.model(modelLayers(model));
  const outputs = await addModel(building, model, inputs, { path: [], weights, isShared: false });
  addOutputs(b, outputs);
  const metadata = new Map<string, string>();
  const family = isPreparationTold ? undefined : familyOf(model);
  if (family) {
    metadata.set(metadataKeys.preprocessing, JSON.stringify(family.preprocessing));
    building.notes.add(
      `Pictures are prepared as keras.applications does for ${family.name}, whose names the model has; training may have prepared them otherwise.`,
    );
  }
  if (building.notes.size > 0) {
    metadata.set(metadataKeys.reading, JSON.stringify([...building.notes]));
  }
  const built = b.build(model.name);
  const shown = built.outputs.map((output) => withOpenAxes(building, output));
  const graph: Graph = { ...built, outputs: shown, shapes: new Map(), metadata };
  requireFiniteWeights(graph);
  return graph;
}

/** An output as it is at every size, with its examples open too. */
function withOpenAxes({ b, probes }: Building, output: ValueInfo): ValueInfo {
  const [, ...rest] = probes.withOpenAxes(output).dims!;
  const [examples] = b.value(output.name).dims;
  return { ...output, dims: [examples === 1 ? "N" : "?", ...rest] };
}

/** Marks the outputs: maps channels first, everything else in the maker's order. */
function addOutputs(b: GraphBuilder, outputs: readonly NhwcValue[]): void {
  const inputs = new Set(b.build().inputs.map(({ name }) => name));
  const taken = new Set<string>();
  for (const output of outputs) {
    const { name } = output.value;
    b.scope = `${name}/`;
    const value = output.held === "first" ? output.value : makersOrder(b, output);
    const isOther = value.name !== name;
    const isFree = !inputs.has(value.name) && !taken.has(value.name);
    const marked = !isOther && isFree ? value : b.op("Identity", [value]);
    taken.add(marked.name);
    b.output(marked);
  }
  b.scope = "";
}
