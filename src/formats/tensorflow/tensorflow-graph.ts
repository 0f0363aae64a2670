/** @file A graph of TensorFlow, from whichever file, as a graph of ONNX. */
import { isFailure, type LimpidError } from "../../errors.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { badGraph, type InputReference, type TensorflowDescription } from "./description.ts";
import { batchProbe, type Openness } from "./graph-inputs.ts";
import { GraphWalk } from "./graph-walk.ts";
import { SizeMismatch } from "./probe-shapes.ts";

/** What a file says of its graph besides the nodes. */
export interface TensorflowFacts {
  /** The graph's name. */
  readonly name: string;
  /** The tensors that it is fed with, `x` or `x:0`, and their shapes as the maker has them, -1 for open axes. */
  readonly inputs?: readonly { readonly tensor: string; readonly shape?: readonly number[] }[];
  /** The tensors that come of it; those that nobody reads if it says none. */
  readonly outputs?: readonly (string | InputReference)[];
  readonly metadata?: ReadonlyMap<string, string>;
  /** What was assumed or changed before: a sentence each. */
  readonly reading?: readonly string[];
}

/**
 * The graph of a description, with the numbers of its `Const` nodes by their names; those that `weights` lacks must have
 * a tensor as attribute `value`. Layers, inputs and outputs are called as the nodes are. Throws `bad-file`, with the
 * names of nodes, for what cannot be opened.
 */
export function graphOfTensorflow(
  description: TensorflowDescription,
  weights: ReadonlyMap<string, Tensor>,
  facts: TensorflowFacts,
): Graph {
  const graph = builtGraph(description, weights, facts);
  requireFiniteWeights(graph);
  return graph;
}

type Parts = readonly [TensorflowDescription, ReadonlyMap<string, Tensor>, TensorflowFacts];

function builtGraph(
  description: TensorflowDescription,
  weights: ReadonlyMap<string, Tensor>,
  facts: TensorflowFacts,
): Graph {
  const parts: Parts = [description, weights, facts];
  try {
    return withBatch(parts);
  } catch (error) {
    const fitting = leavesSidesOpen(description) ? withSide(parts) : undefined;
    if (fitting) return fitting;
    throw error instanceof SizeMismatch ? needsItsSize(error) : error;
  }
}

/** The graph with its batch open, or for one example where a size of the batch is written into the file. */
function withBatch(parts: Parts, side?: number): Graph {
  const sides = side === undefined ? {} : { side };
  try {
    return graphWith(parts, { batch: true, ...sides });
  } catch (error) {
    if (!(error instanceof SizeMismatch) || error.size !== batchProbe) throw error;
  }
  const one = "It takes one example at a time: a size of the batch is written into the file.";
  return graphWith(noted(parts, one), { batch: false, ...sides });
}

/** Sizes of pictures that networks are made for, the usual ones first. */
const usualSides = [224, 299, 331, 256, 192, 160, 128, 96, 64, 48, 32, 28, 320, 416, 513];

/** The graph at the first of the usual sizes that it works at; undefined if it works at none. */
function withSide(parts: Parts): Graph | undefined {
  for (const side of usualSides) {
    try {
      const sentence = `The file leaves the size of its input open, and works at ${side} x ${side}.`;
      const graph = withBatch(noted(parts, sentence), side);
      // Another size may become more examples.
      if (graph.outputs.every(({ dims }) => dims?.[0] === 1 || dims?.[0] === "N")) return graph;
    } catch (error) {
      if (error instanceof SizeMismatch || isFailure(error)) continue;
      throw error;
    }
  }
  return undefined;
}

function noted([description, weights, facts]: Parts, sentence: string): Parts {
  return [description, weights, { ...facts, reading: [...(facts.reading ?? []), sentence] }];
}

/** Nodes of a graph that is built at one size after another. */
const mostTriedNodes = 2000;

/** Whether an input leaves more than its batch open, and the graph is small enough to try sizes. */
function leavesSidesOpen({ nodes }: TensorflowDescription): boolean {
  return (
    nodes.length <= mostTriedNodes &&
    nodes.some(({ op, attributes }) => {
      const shape = attributes.get("shape");
      if (op !== "Placeholder") return false;
      return shape?.kind !== "shape" || (shape.value?.slice(1).includes(-1) ?? true);
    })
  );
}

function needsItsSize(cause: SizeMismatch): LimpidError {
  return badGraph(
    "the network must work at every size of its input, got one that fits a single size",
    "export it at a fixed input size",
    cause,
  );
}

function graphWith([description, weights, facts]: Parts, openness: Openness): Graph {
  const b = new GraphBuilder();
  const walk = new GraphWalk(b, description, weights, facts, openness);
  walk.build();
  const reading = [...(facts.reading ?? []), ...walk.notes];
  const metadata = new Map(facts.metadata);
  if (reading.length > 0) metadata.set(metadataKeys.reading, JSON.stringify(reading));
  const built = b.build(facts.name);
  return { ...built, outputs: walk.shownOutputs(built.outputs), shapes: new Map(), metadata };
}
