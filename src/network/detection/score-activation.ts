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
  return wayBack(reader, value, "scores") === "weights" ? "sigmoid" : undefined;
}

/** Whether a value's boxes are given by weights, and only moved. */
export function endsInWeights(reader: GraphReader, value: string): boolean {
  return wayBack(reader, value, "boxes") === "weights";
}

/** Whether all of a value's numbers come out of a sigmoid, and are only moved. */
export function isOfSigmoid(reader: GraphReader, value: string): boolean {
  return new Ending(reader).activationOf(value)?.kind === "sigmoid";
}

/** What boxes or scores of a value come from, over what only moves numbers; of what is joined boxes come first, scores last. */
function wayBack(
  reader: GraphReader,
  value: string,
  part: "boxes" | "scores",
): "activation" | "weights" | "other" {
  const ending = new Ending(reader);
  let at: string | undefined = value;
  while (at !== undefined) {
    if (ending.activatedBy(at)) return "activation";
    const node = reader.makerOf(at);
    if (!node || node.domain !== "") return "other";
    if (isWeights(reader, node)) return "weights";
    if (!moving.has(node.operator)) return "other";
    const isLast = node.operator === "Concat" && part === "scores";
    at = isLast ? node.inputs.at(-1) : node.inputs[0];
  }
  return "other";
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
