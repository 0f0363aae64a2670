/** @file ONNX bytes -> graph. */
import { plainBytes } from "../../bytes.ts";
import { hasConstantBranch, inlineConstantBranches } from "../../graph/branches.ts";
import { checkedGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { normalizeOpset } from "../../graph/normalize.ts";
import { withoutUnusedInitializers } from "../../graph/unused.ts";
import { badFile } from "./bad-file.ts";
import { readModelGraph } from "./graph-reader.ts";
import { parseModel } from "./parse.ts";
import { TensorReader } from "./tensors.ts";
import type { WeightOptions } from "./weight-bytes.ts";

export interface DecodeOptions extends WeightOptions {
  /** Name of the file, for messages. */
  readonly name?: string;
}

/**
 * The graph of an ONNX model of opset 7 to 26, brought to one opset: functions are written out, Constant
 * nodes are initializers, nodes stand in topological order under unique names. Weights are views of
 * `file` (a Node `Buffer` too) where their alignment allows it. Throws `bad-file` for anything that is no such model.
 */
export function decodeOnnx(file: Uint8Array, options: DecodeOptions = {}): Graph {
  const bytes = plainBytes(file);
  const model = parseModel(bytes);
  const { graph, versions, versionsOf } = readModelGraph(model, new TensorReader(bytes, options));
  if (!versions.has("")) throw badFile("the file must say which opset it is written in, got none");
  let result = normalizeOpset(checkedGraph(graph), versions, versionsOf);
  while (hasConstantBranch(result)) result = inlineConstantBranches(result);
  return withoutUnusedInitializers(result);
}
