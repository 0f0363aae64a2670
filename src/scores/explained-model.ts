/** @file The model that explains a target: the network up to what is meant, with one number behind it. */
import { LimpidError } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import type { Attribute, Graph, Node } from "../graph/graph.ts";
import { findLayer } from "../network/layers.ts";
import { elementCount, formatShape, tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { runDims } from "../network/batches.ts";
import type { ClassTargets } from "./class-targets.ts";
import type { CombinationTarget, DirectionTarget, Target, UnitTarget } from "./target.ts";

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
    const weights = combinationWeights(target, units);
    const build = () => withCombination(model.graph, model.explained, weights);
    const scoreName = `${model.scoreName} difference`;
    return { model: extendedModel(model, { weights }, scoreName, build), targets: [1] };
  }
  const traced = await model.whole(runDims(model, dims));
  const { name, shape } = findLayer(traced, target.layer);
  const what = picksOf(target, name, shape!);
  const build = () => withPicks(model.graph, name, what);
  const scoreName = target.kind === "unit" ? "activation" : "dot product";
  const explained = extendedModel(model, { name, ...what }, scoreName, build);
  return { model: explained, targets: [1], layer: name };
}

/** Models by what is behind them, so that traces and sessions serve every picture. */
const extendedModels = new WeakMap<Model, Map<string, Model>>();

function extendedModel(model: Model, what: object, scoreName: string, build: () => Graph): Model {
  const known = extendedModels.get(model) ?? new Map<string, Model>();
  extendedModels.set(model, known);
  const key = JSON.stringify(what);
  const extended = known.get(key) ?? new Model(build(), model.runtime, { scoreName });
  known.set(key, extended);
  return extended;
}

/** One weight a unit of the scores: how often a class is added minus how often it is taken off. */
function combinationWeights({ plus, minus }: CombinationTarget, units: number): readonly number[] {
  const classes = Math.max(units, 2);
  const weights = Array<number>(units).fill(0);
  const count = (target: number, sign: number) => {
    if (!Number.isInteger(target) || target < 0 || target >= classes) {
      throw new LimpidError(
        "bad-option",
        `target: the class must be a whole number from 0 to ${classes - 1}, got ${target}. choose one of these.`,
      );
    }
    if (units === 1) weights[0]! += target === 0 ? -sign : sign;
    else weights[target]! += sign;
  };
  for (const target of plus) count(target, 1);
  for (const target of minus) count(target, -1);
  if (weights.some((weight) => weight !== 0)) return weights;
  throw new LimpidError(
    "bad-option",
    `target: classes that are added and taken off must differ, got ${plus.join(", ")} minus ${minus.join(", ")}. choose others.`,
  );
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

/** An index on an axis. */
interface Pick {
  readonly axis: number;
  readonly index: number;
}

/** What is taken of a layer's values. */
interface Picks {
  readonly picks: readonly Pick[];
  /** The axes that the mean is taken over. */
  readonly means: readonly number[];
  /** Weights of the channels that are left. */
  readonly vector?: readonly number[];
}

/** What a target takes of a layer of a shape. */
function picksOf(
  target: UnitTarget | DirectionTarget,
  layer: string,
  shape: readonly number[],
): Picks {
  const { place } = target;
  const channelAxis = shape.length === 3 ? 2 : 1;
  const placeAxes = shape.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
  if (place && place.length !== placeAxes.length) {
    throw new LimpidError(
      "bad-option",
      `target: a place in layer "${layer}" of shape ${formatShape(shape)} must have ${placeAxes.length} numbers, got ${place.length}. give as many, or none for the mean.`,
    );
  }
  const picks = [
    ...(target.kind === "unit" ? [{ axis: channelAxis, index: target.channel }] : []),
    ...(place ?? []).map((index, i) => ({ axis: placeAxes[i]!, index })),
  ];
  for (const { axis, index } of picks) requireIndex(layer, shape, axis, index);
  const means = place ? [] : placeAxes;
  if (target.kind === "unit") return { picks, means };
  requireLength(layer, shape[channelAxis]!, target.vector);
  return { picks, means, vector: target.vector };
}

function requireIndex(layer: string, shape: readonly number[], axis: number, index: number): void {
  const size = shape[axis] ?? 0;
  if (Number.isInteger(index) && index >= 0 && index < size) return;
  throw new LimpidError(
    "bad-option",
    `target: a unit of layer "${layer}" of shape ${formatShape(shape)} must have numbers from 0 to ${size - 1} on axis ${axis}, got ${index}. choose one of these.`,
  );
}

function requireLength(layer: string, channels: number, vector: readonly number[]): void {
  if (vector.length === channels) return;
  throw new LimpidError(
    "shape-mismatch",
    `target: a direction in layer "${layer}" must have ${channels} numbers, one a channel, got ${vector.length}. give as many.`,
  );
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
