/** @file Opens models of TensorFlow.js: model.json, with the weights and what their maker says beside it. */
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { countedWeights } from "../keras/counted-weights.ts";
import { graphOfKeras } from "../keras/keras-graph.ts";
import type { ByteSource } from "../source.ts";
import { describeTopology } from "../tensorflow/graphdef-json.ts";
import { graphOfTensorflow } from "../tensorflow/tensorflow-graph.ts";
import { kerasConfigOf } from "./keras-config.ts";
import { readModelJson, type ModelJson } from "./model-json.ts";
import { namedWeights } from "./named-weights.ts";
import { isNumbered, numberedTree } from "./numbered-tree.ts";
import { endsOf } from "./signature.ts";
import { toldByMaker } from "./told-by-maker.ts";
import { withTold } from "./with-told.ts";
import { openWeights, type StoredWeight } from "./weights.ts";

/**
 * The graph of a model.json, of a layers model or a graph model, with names of classes and a preparation of pictures
 * where its maker tells them. Throws `bad-file`, also for missing files of weights and for weights that are NaN or
 * infinite.
 */
export async function openTfjs(source: ByteSource): Promise<Graph> {
  const model = await readModelJson(source);
  const told = await toldByMaker(source, model);
  const weights = await openWeights(model.groups, source);
  const graph =
    model.kind === "layers"
      ? await ofLayers(model, weights, told?.preprocessing !== undefined)
      : await ofNodes(model, weights);
  return withTold(graph, told, quantizationNotes(weights));
}

function ofLayers(
  { topology }: ModelJson,
  weights: readonly StoredWeight[],
  isPreparationTold: boolean,
): Promise<Graph> {
  const { config, version } = kerasConfigOf(topology);
  const store = isNumbered(weights) ? countedWeights(numberedTree(weights)) : namedWeights(weights);
  return graphOfKeras(config, store, { version, isPreparationTold });
}

async function ofNodes(
  { topology, whole }: ModelJson,
  weights: readonly StoredWeight[],
): Promise<Graph> {
  const tensors = new Map<string, Tensor>();
  for (const { name, isComplex, read } of weights) if (!isComplex) tensors.set(name, await read());
  return graphOfTensorflow(describeTopology(topology), tensors, {
    name: "graph",
    ...endsOf(whole),
  });
}

/** What is lost to storing weights in fewer bits. */
function quantizationNotes(weights: readonly StoredWeight[]): readonly string[] {
  const kinds = new Set(weights.flatMap(({ quantizedAs }) => quantizedAs ?? []));
  if (kinds.size === 0) return [];
  const count = weights.filter(({ quantizedAs }) => quantizedAs !== undefined).length;
  return [
    `${count} of its ${weights.length} weights are stored in fewer bits (${[...kinds].sort().join(", ")}) and are computed with as float32.`,
  ];
}
