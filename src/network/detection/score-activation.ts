/** @file Whether scores are logits still, by what stands before them. */
import { operatorsWith } from "../../graph/operators.ts";
import type { GraphReader } from "../graph-reader.ts";
import { beforeSigmoid } from "./before-sigmoid.ts";
import { Ending } from "../final-activation.ts";

/**
 * The activation that the scores of a value lack: a sigmoid where every way back to them, over what only moves numbers,
 * ends in weights; undefined where one passes a sigmoid, a softmax or anything else that may make probabilities.
 */
export function activationOf(reader: GraphReader, value: string): "sigmoid" | undefined {
  const ending = new Ending(reader);
  const left = [value];
  const seen = new Set(left);
  let isWeighted = false;
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (ending.activatedBy(at)) return undefined;
    const node = reader.makerOf(at);
    if (!node || node.domain !== "") continue;
    if (summing.has(node.operator)) isWeighted = true;
    if (!moving.has(node.operator)) continue;
    const from = node.operator === "Concat" ? node.inputs : node.inputs.slice(0, 1);
    for (const name of from) {
      if (!seen.has(name)) left.push(name);
      seen.add(name);
    }
  }
  return isWeighted ? "sigmoid" : undefined;
}

/** What weighted sums end in. */
const summing: ReadonlySet<string> = new Set([
  "Add",
  "BatchNormalization",
  "Conv",
  "Gemm",
  "MatMul",
]);

const moving: ReadonlySet<string> = new Set([
  ...operatorsWith("shapeOnly"),
  "Concat",
  "DequantizeLinear",
  "Gather",
  "GatherElements",
  "GatherND",
  "QuantizeLinear",
  "ReduceMax",
  "Slice",
  "Split",
  "TopK",
  "Transpose",
]);

/** Whether a value has probabilities of a sigmoid beside other numbers, as those of boxes. */
export function mixesScores(reader: GraphReader, value: string): boolean {
  const isPure = new Ending(reader).activationOf(value) !== undefined;
  return !isPure && beforeSigmoid(reader.graph, value) !== undefined;
}
