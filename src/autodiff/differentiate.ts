/** @file Gradients by the whole table of rules, and by rules that are laid over it. */
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { checkedRules, requireSeed, requireValues } from "./asked-gradient.ts";
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
 * the shape and type of its value. Throws `UnsupportedOperatorError` if rules are missing,
 * `bad-option` if `of` does not depend on a `wrt` value, and as `requireValues`, `requireSeed` and rules of a user's own.
 */
export function differentiate(graph: Graph, options: DifferentiateOptions): DifferentiatedGraph {
  requireValues(graph, options);
  const { of, seed } = options;
  if (seed !== undefined) {
    const builder = new GraphBuilder(graph);
    requireSeed({ of: builder.value(of), seed: builder.value(seed) });
  }
  return differentiateBy(defaultRules, graph, { ...options, rules: checkedRules(options.rules) });
}

/** Adds the gradient of `of` to the graph under construction; returns one gradient for each `wrt`. */
export function backpropagate(builder: GraphBuilder, options: BackpropagateOptions): Value[] {
  requireSeed(options);
  return backpropagateBy(defaultRules, builder, { ...options, rules: checkedRules(options.rules) });
}
