/** @file Networks with one number behind them: a difference of classes, or a unit or direction of a layer. */
import { cut } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { nodeOf } from "../graph/added-nodes.ts";
import { elementCount, tensorOf, type Tensor } from "../graph/tensor.ts";
import { runDims } from "../network/batches.ts";
import { isChannelsLast } from "../network/layer-axes.ts";
import { findLayer } from "../network/layers.ts";
import type { Model } from "../network/model.ts";
import { combinationWeights } from "./combination.ts";
import { extendedModel } from "./explained-model.ts";
import { picksOf, type Picks } from "./picks.ts";
import type { CombinationTarget, DirectionTarget, UnitTarget } from "./target.ts";

const oneNumber = { kind: "value" } as const;

/** What the classes that count give less what those that are taken off give, for pictures of shape [N, C, H, W]. */
export async function combinationModel(
  model: Model,
  target: CombinationTarget,
  dims: readonly number[],
): Promise<Model> {
  const traced = await model.at(runDims(model, dims));
  const units = elementCount(traced.shapes.get(model.explained)!.dims) / runDims(model, dims)[0]!;
  const weights = combinationWeights(target.plus, target.minus, units, model.head.kind);
  const build = () => withCombination(model.graph, model.explained, weights);
  const scoreName = `${model.scoreName} difference`;
  return extendedModel(model, { weights }, { ...oneNumber, scoreName }, build);
}

/** A unit or direction of a layer, and the layer in full. */
export async function unitModel(
  model: Model,
  target: UnitTarget | DirectionTarget,
  dims: readonly number[],
): Promise<{ readonly model: Model; readonly layer: string }> {
  const traced = await model.whole(runDims(model, dims));
  const { name, shape } = findLayer(traced, target.layer);
  const axis = isChannelsLast(traced, name) ? shape!.length - 1 : undefined;
  const what = picksOf(target, name, shape!, axis);
  const build = () => withPicks(model.graph, name, what);
  const scoreName = target.kind === "unit" ? "activation" : "dot product";
  const options = { ...oneNumber, scoreName, unitLayer: name };
  return { model: extendedModel(model, { name, ...what }, options, build), layer: name };
}

/** The number that stands behind a network. */
export const score = "target/score";

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

/** The graph with nodes behind it, of which the last gives its only output, `target/score`. */
export function endingIn(
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
