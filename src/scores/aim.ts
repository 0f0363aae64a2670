/** @file Aims: what is explained besides one class - one class against another, or a unit of any layer. */
import { LimpidError } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import type { Attribute, Graph, Node } from "../graph/graph.ts";
import { findLayer } from "../network/layers.ts";
import { elementCount, formatShape, tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { runDims } from "../network/batches.ts";
import type { Heatmap } from "../attribution/heatmap.ts";
import type { Targets } from "./targets.ts";

/** A class, or the one that the network prefers. Of one-unit networks both sides are classes, 0 and 1. */
export interface ClassAim {
  readonly kind: "class";
  readonly class: number | "top";
}

/** The sum of the scores of some classes minus that of others: "A minus B" is what speaks for A and not for B. */
export interface CombinationAim {
  readonly kind: "combination";
  readonly plus: readonly number[];
  readonly minus: readonly number[];
}

/** A unit of a layer: a channel at one place, or its mean over all places. */
export interface UnitAim {
  readonly kind: "unit";
  /** A layer's name, or any part of one that no other has. */
  readonly layer: string;
  /** Axis 1 of [N, C, ...], axis 2 of tokens [N, T, C]. */
  readonly channel: number;
  /** [row, column] in a feature map, [token] in tokens. */
  readonly place?: readonly number[];
}

export type Aim = ClassAim | CombinationAim | UnitAim;

/** A model whose score is the one that is aimed at, for any method. */
export interface AimedModel {
  readonly model: Model;
  readonly targets: Targets;
  /** What the score is, for units and colour bars. */
  readonly score:
    "logit" | "probability" | "logit difference" | "probability difference" | "activation";
  /** The unit's layer in full; undefined for classes. */
  readonly layer?: string;
}

/**
 * The model that explains an aim for pictures of shape [N, C, H, W]: itself for a class; otherwise the network
 * up to the value that is aimed at and one unit behind it, which is class 1 of the new model. Throws `bad-option`
 * for a class, channel or place that there is not, and `unknown-layer`.
 */
export async function aimAt(model: Model, aim: Aim, dims: readonly number[]): Promise<AimedModel> {
  const explainsLogits = model.explained === model.head.logits;
  if (aim.kind === "class") {
    const targets = aim.class === "top" ? aim.class : [aim.class];
    return { model, targets, score: explainsLogits ? "logit" : "probability" };
  }
  if (aim.kind === "combination") {
    const traced = await model.at(runDims(model, dims));
    const units = elementCount(traced.shapes.get(model.explained)!.dims) / runDims(model, dims)[0]!;
    const weights = combinationWeights(aim, units);
    const build = () => withCombination(model.graph, model.explained, weights);
    const score = explainsLogits ? "logit difference" : "probability difference";
    return { model: aimedModel(model, { weights }, build), targets: [1], score };
  }
  const traced = await model.whole(runDims(model, dims));
  const { name, shape } = findLayer(traced, aim.layer);
  const what = picksOf(aim, name, shape!);
  const build = () => withUnit(model.graph, name, what);
  const aimed = aimedModel(model, { name, ...what }, build);
  return { model: aimed, targets: [1], score: "activation", layer: name };
}

/** Models by what is aimed at, so that traces and sessions serve every picture. */
const aimedModels = new WeakMap<Model, Map<string, Model>>();

function aimedModel(model: Model, what: object, build: () => Graph): Model {
  const known = aimedModels.get(model) ?? new Map<string, Model>();
  aimedModels.set(model, known);
  const key = JSON.stringify(what);
  const aimed = known.get(key) ?? new Model(build(), model.runtime);
  known.set(key, aimed);
  return aimed;
}

/** A heatmap of an aimed model in the words of its aim: class 1 of one unit is no class, and its logit is no logit. */
export function inWordsOf({ score }: AimedModel, map: Heatmap): Heatmap {
  return { ...map, unit: map.unit.replace(/\blogit\b/, score) };
}

/** One weight a unit of the scores: how often a class is added minus how often it is taken off. */
function combinationWeights({ plus, minus }: CombinationAim, units: number): readonly number[] {
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
const score = "aimed/score";

/** [N, units] times [units, 1]. */
function withCombination(graph: Graph, from: string, weights: readonly number[]): Graph {
  const nodes = [
    nodeOf("Flatten", [from], "aimed/row", { axis: { kind: "int", value: 1 } }),
    nodeOf("MatMul", ["aimed/row", "aimed/weights"], score),
  ];
  return endingIn(graph, nodes, {
    "aimed/weights": tensorOf("float32", [weights.length, 1], weights),
  });
}

/** An index on an axis. */
interface Pick {
  readonly axis: number;
  readonly index: number;
}

/** What is picked of a layer of a shape, and the axes that the mean is taken over. */
function picksOf(
  { channel, place }: UnitAim,
  layer: string,
  shape: readonly number[],
): { readonly picks: readonly Pick[]; readonly means: readonly number[] } {
  const channelAxis = shape.length === 3 ? 2 : 1;
  const placeAxes = shape.map((_, axis) => axis).filter((axis) => axis > 0 && axis !== channelAxis);
  if (place && place.length !== placeAxes.length) {
    throw new LimpidError(
      "bad-option",
      `target: a place in layer "${layer}" of shape ${formatShape(shape)} must have ${placeAxes.length} numbers, got ${place.length}. give as many, or none for the mean.`,
    );
  }
  const picks = [
    { axis: channelAxis, index: channel },
    ...(place ?? []).map((index, i) => ({ axis: placeAxes[i]!, index })),
  ];
  for (const { axis, index } of picks) {
    const size = shape[axis] ?? 0;
    if (Number.isInteger(index) && index >= 0 && index < size) continue;
    throw new LimpidError(
      "bad-option",
      `target: a unit of layer "${layer}" of shape ${formatShape(shape)} must have numbers from 0 to ${size - 1} on axis ${axis}, got ${index}. choose one of these.`,
    );
  }
  return { picks, means: place ? [] : placeAxes };
}

/** Gathers keep their axes with one place each; the mean and the flattening make [N, 1] of them. */
function withUnit(graph: Graph, layer: string, what: ReturnType<typeof picksOf>): Graph {
  const nodes: Node[] = [];
  const constants: Record<string, Tensor> = {};
  let value = layer;
  for (const { axis, index } of what.picks) {
    const [indices, picked] = [`aimed/index-${axis}`, `aimed/picked-${axis}`];
    constants[indices] = tensorOf("int64", [1], [index]);
    nodes.push(nodeOf("Gather", [value, indices], picked, { axis: { kind: "int", value: axis } }));
    value = picked;
  }
  if (what.means.length > 0) {
    constants["aimed/axes"] = tensorOf("int64", [what.means.length], what.means);
    nodes.push(nodeOf("ReduceMean", [value, "aimed/axes"], "aimed/mean"));
    value = "aimed/mean";
  }
  nodes.push(nodeOf("Flatten", [value], score, { axis: { kind: "int", value: 1 } }));
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
