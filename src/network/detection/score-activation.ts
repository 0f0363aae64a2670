/** @file Whether scores are logits still, by what stands before them. */
import { operatorsWith } from "../../graph/operators.ts";
import type { Node } from "../../graph/graph.ts";
import type { GraphReader } from "../graph-reader.ts";
import { beforeSigmoid } from "./before-sigmoid.ts";
import { Ending } from "../final-activation.ts";

/**
 * The activation that the scores of a value lack: a sigmoid where they end in weights, over what only moves numbers;
 * undefined where they pass a sigmoid, a softmax or anything else that may make probabilities.
 */
export function activationOf(reader: GraphReader, value: string): "sigmoid" | undefined {
  const { isActivated, isWeighted } = waysBack(reader, value);
  return isWeighted && !isActivated ? "sigmoid" : undefined;
}

/** Whether some of a value's numbers are given by weights, and only moved. */
export function endsInWeights(reader: GraphReader, value: string): boolean {
  return waysBack(reader, value).isWeighted;
}

/** Whether all of a value's numbers come out of a sigmoid, and are only moved. */
export function isOfSigmoid(reader: GraphReader, value: string): boolean {
  return new Ending(reader).activationOf(value)?.kind === "sigmoid";
}

interface WaysBack {
  readonly isActivated: boolean;
  readonly isWeighted: boolean;
}

/** What the ways back from a value, over what only moves numbers, end in. */
function waysBack(reader: GraphReader, value: string): WaysBack {
  const ending = new Ending(reader);
  const left = [value];
  const seen = new Set(left);
  let [isActivated, isWeighted] = [false, false];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (ending.activatedBy(at)) {
      isActivated = true;
      continue;
    }
    const node = reader.makerOf(at);
    if (!node || node.domain !== "") continue;
    if (isWeights(reader, node)) isWeighted = true;
    if (!moving.has(node.operator)) continue;
    const from = node.operator === "Concat" ? node.inputs : node.inputs.slice(0, 1);
    for (const name of from) {
      if (!seen.has(name)) left.push(name);
      seen.add(name);
    }
  }
  return { isActivated, isWeighted };
}

/** Whether a node gives weighted sums, or adds a constant to them. */
function isWeights(reader: GraphReader, node: Node): boolean {
  if (summing.has(node.operator)) return true;
  const [one, ...others] = reader.variablesOf(node);
  if (node.operator !== "Add" || one === undefined || others.length > 0) return false;
  const maker = reader.makerOf(one);
  return maker !== undefined && maker.domain === "" && summing.has(maker.operator);
}

/** What weighted sums end in. */
const summing: ReadonlySet<string> = new Set(["BatchNormalization", "Conv", "Gemm", "MatMul"]);

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
