/** @file From the messages of a model to its graph, as it is written and as everything else knows graphs. */
import { hasConstantBranch, inlineConstantBranches } from "../../graph/branches.ts";
import { checkedGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { isNormal, normalizeOpset, type WrittenVersions } from "../../graph/normalize.ts";
import type { Rewrites } from "../../graph/normalize/rewrites.ts";
import { hasSequences } from "../../graph/sequences.ts";
import { withoutUnusedInitializers } from "../../graph/unused.ts";
import { badFile } from "./bad-file.ts";
import { readModelGraph } from "./graph-reader.ts";
import type { ModelWithGraph } from "./parse.ts";
import type { TensorReader } from "./tensors.ts";

/** A graph in the opsets of its file. */
interface WrittenGraph {
  readonly graph: Graph;
  readonly written: WrittenVersions;
}

/** The graph of a parsed model as it is written. Throws `bad-file`. */
export function writtenGraph(model: ModelWithGraph, tensors: TensorReader): WrittenGraph {
  const { graph, ...written } = readModelGraph(model, tensors);
  if (!written.versions.has("")) {
    throw badFile("the file must say which opset it is written in, got none");
  }
  return { graph: checkedGraph(graph), written };
}

/** What rewrites a graph, loaded where it needs it. */
export async function rewritesFor({ graph, written }: WrittenGraph): Promise<Rewrites | undefined> {
  if (isNormal(graph, written) && !hasSequences(graph)) return undefined;
  return (await import("../../graph/normalize/rewrites.ts")).rewrites;
}

/** The graph as `decodeOnnx` gives it. Throws `bad-file`. */
export function normalizedGraph(
  { graph, written }: WrittenGraph,
  rewrites: Rewrites | undefined,
): Graph {
  let result = normalizeOpset(graph, written, rewrites?.tables);
  while (hasConstantBranch(result)) result = inlineConstantBranches(result);
  return withoutUnusedInitializers(rewrites ? rewrites.withoutSequences(result) : result);
}
