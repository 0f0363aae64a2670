/** @file ONNX bytes -> graph. */
import { plainBytes } from "../../bytes.ts";
import type { Graph } from "../../graph/graph.ts";
import { rewrites } from "../../graph/normalize/rewrites.ts";
import { externalInMemory } from "./external-data.ts";
import { normalizedGraph, writtenGraph } from "./normalized-graph.ts";
import { NotOnnx, parseModel, type ModelWithGraph } from "./parse.ts";
import { TensorReader } from "./tensors.ts";
import { withKind } from "./told-kind.ts";
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
  const tensors = new TensorReader({ ...options, external });
  return normalizedGraph(writtenGraph(parsed(bytes), tensors), rewrites);
}

function parsed(bytes: Uint8Array): ModelWithGraph {
  try {
    return parseModel(bytes);
  } catch (error) {
    throw error instanceof NotOnnx ? withKind(error, bytes) : error;
  }
}
