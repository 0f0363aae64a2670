/** @file Gradients by the whole table of rules, and by rules that are laid over it. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import {
  backpropagateBy,
  differentiateBy,
  type BackpropagateOptions,
  type DifferentiatedGraph,
  type DifferentiateOptions,
} from "./reverse-walk.ts";
import { rules as defaultRules } from "./rules/index.ts";

/**
 * The graph that also computes d(sum of `of`) / d(each `wrt`). The graph must be traced. A gradient has
 * the shape and type of its value. Throws `UnsupportedOperatorError` if rules are missing and
 * `bad-option` if `of` does not depend on a `wrt` value.
 */
export function differentiate(graph: Graph, options: DifferentiateOptions): DifferentiatedGraph {
  return differentiateBy(defaultRules, graph, options);
}

/** Adds the gradient of `of` to the graph under construction; returns one gradient for each `wrt`. */
export function backpropagate(builder: GraphBuilder, options: BackpropagateOptions): Value[] {
  return backpropagateBy(defaultRules, builder, options);
}
