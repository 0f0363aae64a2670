/** @file A graph of TensorFlow, from whichever file, as a graph of ONNX. */
import { LimpidError } from "../../errors.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { requireFiniteWeights } from "../../graph/finite.ts";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { InputReference, TensorflowDescription } from "./description.ts";
import { batchProbe, type Openness } from "./graph-inputs.ts";
import { GraphWalk } from "./graph-walk.ts";
import { SizeMismatch } from "./probe-shapes.ts";
import { badGraph } from "./description.ts";

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

function builtGraph(
  description: TensorflowDescription,
  weights: ReadonlyMap<string, Tensor>,
  facts: TensorflowFacts,
): Graph {
  try {
    return graphWith(description, weights, facts, { batch: true });
  } catch (error) {
    if (!(error instanceof SizeMismatch)) throw error;
    if (error.size !== batchProbe) throw needsItsSize(error);
  }
  try {
    const one = "It takes one example at a time: a size of the batch is written into the file.";
    const notes = { ...facts, reading: [...(facts.reading ?? []), one] };
    return graphWith(description, weights, notes, { batch: false });
  } catch (error) {
    throw error instanceof SizeMismatch ? needsItsSize(error) : error;
  }
}

function needsItsSize(cause: SizeMismatch): LimpidError {
  const { message } = badGraph(
    "the network must work at every size of its input, got one that fits a single size",
    "export it at a fixed input size",
  );
  return new LimpidError("bad-file", message, { cause });
}

function graphWith(
  description: TensorflowDescription,
  weights: ReadonlyMap<string, Tensor>,
  facts: TensorflowFacts,
  openness: Openness,
): Graph {
  const b = new GraphBuilder();
  const walk = new GraphWalk(b, description, weights, facts, openness);
  walk.build();
  const reading = [...(facts.reading ?? []), ...walk.notes];
  const metadata = new Map(facts.metadata);
  if (reading.length > 0) metadata.set(metadataKeys.reading, JSON.stringify(reading));
  return { ...b.build(facts.name), shapes: new Map(), metadata };
}
