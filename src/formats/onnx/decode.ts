/** @file ONNX bytes -> graph. */
import { plainBytes } from "../../bytes.ts";
import { hasConstantBranch, inlineConstantBranches } from "../../graph/branches.ts";
import { checkedGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { normalizeOpset } from "../../graph/normalize.ts";
import { withoutSequences } from "../../graph/sequences.ts";
import { withoutUnusedInitializers } from "../../graph/unused.ts";
import { badFile } from "./bad-file.ts";
import { externalInMemory } from "./external-data.ts";
import { readModelGraph } from "./graph-reader.ts";
import { parseModel, type ModelWithGraph } from "./parse.ts";
import { TensorReader } from "./tensors.ts";
import type { WeightOptions } from "./weight-bytes.ts";

export interface DecodeOptions extends Pick<WeightOptions, "takeOver"> {
  /** The bytes of an external data file; asked for once a file. */
  readonly external?: (location: string) => Uint8Array | undefined;
}

/**
 * The graph of an ONNX model of opset 1 to 26, brought to one opset: functions are written out, Constant
 * nodes are initializers, nodes stand in topological order under unique names. Weights are views of
 * `file` (a Node `Buffer` too) where their alignment allows it. Throws `bad-file` for anything that is no such model.
 */
export function decodeOnnx(file: Uint8Array, options: DecodeOptions = {}): Graph {
  const bytes = plainBytes(file);
  const external = externalInMemory(options.external);
  return graphOf(parseModel(bytes), new TensorReader({ ...options, external }));
}

/** The graph of a parsed model, as `decodeOnnx` gives it. Throws `bad-file`. */
export function graphOf(model: ModelWithGraph, tensors: TensorReader): Graph {
  const { graph, versions, versionsOf } = readModelGraph(model, tensors);
  if (!versions.has("")) throw badFile("the file must say which opset it is written in, got none");
  let result = normalizeOpset(checkedGraph(graph), versions, versionsOf);
  while (hasConstantBranch(result)) result = inlineConstantBranches(result);
  return withoutUnusedInitializers(withoutSequences(result));
}
