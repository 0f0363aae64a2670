/** @file A target that is a weighted sum of a value's numbers, with weights that are chosen for a picture. */
import { LimpidError } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import type { Attribute, Graph, Node } from "../graph/graph.ts";
import { tensor } from "../graph/tensor.ts";
import { Model, type ModelOptions } from "../network/model.ts";

/** What of a value is explained. */
export interface WeightedSum {
  /** A value of the network, [N, ...]. */
  readonly value: string;
  /** One number for each of a picture's numbers of the value, row-major. */
  readonly weights: Float32Array;
  /** What the sum is called, for units and colour bars. */
  readonly scoreName: string;
}

const names = {
  row: "target/row",
  weights: "target/weights",
  score: "target/score",
} as const;

/**
 * The network up to a value, with the weighted sum of its numbers behind it as its only score. The weights are fed, so
 * one graph and one session serve all pictures and all weights of a value. Throws `bad-option` for weights that are all
 * 0, of which there is nothing to explain.
 */
export function weightedModel(
  model: Model,
  { value, weights, scoreName }: WeightedSum,
  options: Pick<ModelOptions, "unitLayer" | "usualLayers"> = {},
): Model {
  if (weights.every((weight) => weight === 0)) {
    throw new LimpidError(
      "bad-option",
      `target: something of "${value}" must be meant, got nothing. name another place or class.`,
    );
  }
  const held = { ...model.held, [names.weights]: tensor("float32", [weights.length, 1], weights) };
  const key = JSON.stringify([value, scoreName, weights.length, options]);
  const known = built.get(model) ?? new Map<string, Model>();
  built.set(model, known);
  const first =
    known.get(key) ??
    new Model(endingInSum(model.graph, value, weights.length), model.runtime, {
      ...options,
      kind: "value",
      scoreName,
      held,
      parts: model.parts,
    });
  known.set(key, first);
  return first.holding(held);
}

const built = new WeakMap<Model, Map<string, Model>>();

function endingInSum(graph: Graph, value: string, count: number): Graph {
  const flattened: Record<string, Attribute> = { axis: { kind: "int", value: 1 } };
  const nodes: Node[] = [
    nodeOf("Flatten", [value], names.row, flattened),
    nodeOf("MatMul", [names.row, names.weights], names.score),
  ];
  const extended = {
    ...graph,
    inputs: [...graph.inputs, { name: names.weights, type: "float32" as const, dims: [count, 1] }],
    nodes: [...graph.nodes, ...nodes],
    shapes: new Map(),
  };
  const ending = cut(extended, { outputs: [names.score] });
  return { ...ending, outputs: [{ name: names.score, type: "float32", dims: undefined }] };
}

function nodeOf(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  return { name: output, operator, domain: "", inputs, outputs: [output], attributes };
}
