/** @file The model that explains a target: the network up to what is meant, with one number behind it. */
import { cut } from "../graph/edit.ts";
import type { Attribute, Graph, Node } from "../graph/graph.ts";
import { findLayer } from "../network/layers.ts";
import { elementCount, tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model, type ModelOptions } from "../network/model.ts";
import { runDims } from "../network/batches.ts";
import { combinationWeights } from "./combination.ts";
import type { ClassTargets } from "./class-targets.ts";
import { picksOf, type Picks } from "./picks.ts";
import type { Target } from "./target.ts";

/** A model whose score is the target's, for any method. What the score is, is the model's `scoreName`. */
export interface ExplainedModel {
  readonly model: Model;
  /** The class of `model` that stands for the target. */
  readonly targets: ClassTargets;
  /** The layer of a unit or direction in full; undefined for classes. */
  readonly layer?: string;
}

/**
 * The model that explains a target for pictures of shape [N, C, H, W]: itself for a class; otherwise the network
 * up to the value that is meant and one unit behind it, which is class 1 of the new model. Throws `bad-option`
 * for a class, channel or place that there is not, `shape-mismatch` for a direction of another length, and
 * `unknown-layer`.
 */
export async function explainedModelOf(
  model: Model,
  target: Target,
  dims: readonly number[],
): Promise<ExplainedModel> {
  if (target.kind === "class") {
    return { model, targets: target.class === "top" ? target.class : [target.class] };
  }
  if (target.kind === "combination") {
    const traced = await model.at(runDims(model, dims));
    const units = elementCount(traced.shapes.get(model.explained)!.dims) / runDims(model, dims)[0]!;
    const weights = combinationWeights(target.plus, target.minus, units);
    const build = () => withCombination(model.graph, model.explained, weights);
    const scoreName = `${model.scoreName} difference`;
    return { model: extendedModel(model, { weights }, { scoreName }, build), targets: [1] };
  }
  const traced = await model.whole(runDims(model, dims));
  const { name, shape } = findLayer(traced, target.layer);
  const what = picksOf(target, name, shape!);
  const build = () => withPicks(model.graph, name, what);
  const scoreName = target.kind === "unit" ? "activation" : "dot product";
  const explained = extendedModel(model, { name, ...what }, { scoreName, unitLayer: name }, build);
  return { model: explained, targets: [1], layer: name };
}

/** Models by what is behind them, so that traces and sessions serve every picture. */
const extendedModels = new WeakMap<Model, Map<string, Model>>();

function extendedModel(
  model: Model,
  what: object,
  options: ModelOptions,
  build: () => Graph,
): Model {
  const known = extendedModels.get(model) ?? new Map<string, Model>();
  extendedModels.set(model, known);
  const key = JSON.stringify(what);
  const extended = known.get(key) ?? new Model(build(), model.runtime, options);
  known.set(key, extended);
  return extended;
}

/** Value names of what is put behind a network. */
const score = "target/score";

/** [N, units] times [units, 1]. */
function withCombination(graph: Graph, from: string, weights: readonly number[]): Graph {
  const nodes = [
    nodeOf("Flatten", [from], "target/row", { axis: { kind: "int", value: 1 } }),
    nodeOf("MatMul", ["target/row", "target/weights"], score),
  ];
  return endingIn(graph, nodes, {
    "target/weights": tensorOf("float32", [weights.length, 1], weights),
  });
}

/** Gathers and means keep their axes with one place each; the flattening makes [N, 1] of a unit, [N, C] of all channels. */
function withPicks(graph: Graph, layer: string, { picks, means, vector }: Picks): Graph {
  const nodes: Node[] = [];
  const constants: Record<string, Tensor> = {};
  let value = layer;
  for (const { axis, index } of picks) {
    const [indices, picked] = [`target/index-${axis}`, `target/picked-${axis}`];
    constants[indices] = tensorOf("int64", [1], [index]);
    nodes.push(nodeOf("Gather", [value, indices], picked, { axis: { kind: "int", value: axis } }));
    value = picked;
  }
  if (means.length > 0) {
    constants["target/axes"] = tensorOf("int64", [means.length], means);
    nodes.push(nodeOf("ReduceMean", [value, "target/axes"], "target/mean"));
    value = "target/mean";
  }
  const row = vector ? "target/row" : score;
  nodes.push(nodeOf("Flatten", [value], row, { axis: { kind: "int", value: 1 } }));
  if (vector) {
    constants["target/weights"] = tensorOf("float32", [vector.length, 1], vector);
    nodes.push(nodeOf("MatMul", [row, "target/weights"], score));
  }
  return endingIn(graph, nodes, constants);
}

function nodeOf(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  return { name: output, operator, domain: "", inputs, outputs: [output], attributes };
}

/** The graph with nodes behind it, of which the last gives its only output. */
function endingIn(
  graph: Graph,
  nodes: readonly Node[],
  constants: Readonly<Record<string, Tensor>>,
): Graph {
  const extended = {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    initializers: new Map([...graph.initializers, ...Object.entries(constants)]),
    shapes: new Map(),
  };
  const ending = cut(extended, { outputs: [score] });
  return { ...ending, outputs: [{ name: score, type: "float32", dims: undefined }] };
}
