/** @file A target that is a weighted sum of a value's numbers, with weights that are chosen for a picture. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { nodeOf } from "../graph/added-nodes.ts";
import { tensor } from "../graph/tensor.ts";
import type { Model, ModelOptions } from "../network/model.ts";
import { extendedModel } from "./explained-model.ts";
import { endingIn, score } from "./number-behind.ts";

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
  const key = { sum: value, scoreName, count: weights.length, options };
  const build = () => endingInSum(model.graph, value, weights.length);
  const sum = extendedModel(model, key, { ...options, kind: "value", scoreName, held }, build);
  return sum.holding(held);
}

function endingInSum(graph: Graph, value: string, count: number): Graph {
  const fed = { name: names.weights, type: "float32" as const, dims: [count, 1] };
  const nodes = [
    nodeOf("Flatten", [value], names.row, { axis: { kind: "int", value: 1 } }),
    nodeOf("MatMul", [names.row, names.weights], score),
  ];
  return endingIn({ ...graph, inputs: [...graph.inputs, fed] }, nodes, {});
}
