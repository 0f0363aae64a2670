/** @file What stands behind the last weights of a network: sums, as logits are, or something that no logits come from. */
import type { Node } from "../graph/graph.ts";
import { hasAnyWeights, hasTrait, operatorsWith } from "../graph/operators.ts";
import { convolutionBefore, factorsOf } from "./dequantized.ts";
import { mostKept } from "./final-activation.ts";
import type { GraphReader } from "./graph-reader.ts";

/** A node behind which numbers are no plain sums of what the last weights gave. */
export interface Bend {
  readonly node: Node;
  /** Whether a softmax of the numbers cannot be meant: they are bounded, of a fixed length, products, or powers. */
  readonly isStrong: boolean;
}

/** The first node from a value backwards that makes no sums; undefined where weights, or nothing known, come first. */
export function bendOf(reader: GraphReader, output: string): Bend | undefined {
  const seen = new Set<string>();
  const left: { readonly value: string; readonly isPooled: boolean }[] = [
    { value: output, isPooled: false },
  ];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value } = next;
    const node = reader.makerOf(value);
    if (!node || seen.has(value)) continue;
    seen.add(value);
    const isPooled = next.isPooled || hasTrait(node, "pool") || reducing.has(node.operator);
    // A normalisation by stored statistics is a part of the weights before it, unless nothing follows it.
    if (node.operator === "BatchNormalization" && isPooled) {
      left.push({ value: node.inputs[0]!, isPooled });
      continue;
    }
    const bend = bendAt(reader, node);
    if (bend) return bend;
    for (const input of summed(reader, node)) left.push({ value: input, isPooled });
  }
  return undefined;
}

/**
 * Whether a ReLU stands behind scores of classes that are pooled, as in SqueezeNet and Network in Network: behind a convolution
 * of one place that makes fewer channels than it reads. What makes features makes more, or reads places around.
 */
export function isOfPooledScores(reader: GraphReader, { node }: Bend): boolean {
  const weights = node.operator === "Relu" && convolutionBefore(reader, node.inputs[0]!);
  if (!weights) return false;
  const [filters, channels, ...kernel] = weights.dims;
  return filters! < channels! && kernel.every((size) => size === 1);
}

function bendAt(reader: GraphReader, node: Node): Bend | undefined {
  const { operator, inputs } = node;
  if (node.domain !== "") return undefined;
  if (strong.has(operator)) return { node, isStrong: true };
  if (normalising.has(operator)) return { node, isStrong: false };
  if (operator === "Clip") {
    const [least, most] = inputs.slice(1).map((name) => reader.scalarOf(name));
    // Bounds far off on both sides only keep logits finite.
    if ((least ?? -1) < 0 && (most ?? 2) > 1) return undefined;
    return { node, isStrong: (most ?? 2) <= 1 };
  }
  if (hasTrait(node, "activation")) return { node, isStrong: false };
  const variables = factorsOf(reader, node);
  if (operator === "Max" || operator === "Min") {
    return variables.length < inputs.length ? { node, isStrong: false } : undefined;
  }
  if (operator === "Div") {
    return variables.includes(inputs[1]!) ? { node, isStrong: true } : undefined;
  }
  return operator === "Mul" && variables.length > 1 ? { node, isStrong: true } : undefined;
}

/** The values whose sums, parts or means a node gives; none for weights and what is not known. */
function summed(reader: GraphReader, node: Node): readonly string[] {
  if (node.domain !== "" || hasAnyWeights(node)) return [];
  if (node.operator === "Where") return node.inputs.slice(1);
  if (joining.has(node.operator)) return factorsOf(reader, node);
  return hasTrait(node, "linear") || passing.has(node.operator) ? [node.inputs[0]!] : [];
}

/**
 * Whether the numbers of a value are probabilities, or sums and products of them: the mean of several softmaxes, one
 * minus a sigmoid, a softmax by a matrix of constants.
 */
export function areShares(reader: GraphReader, value: string, depth = 0): boolean {
  const node = reader.makerOf(value);
  if (!node || node.domain !== "" || depth > mostShares) return false;
  const { operator, inputs } = node;
  const isShare = (name: string) => areShares(reader, name, depth + 1);
  if (operator === "Softmax" || operator === "Sigmoid") return true;
  if (operator === "MatMul" || operator === "Gemm" || operator === "MatMulInteger") {
    return reader.isConstant(inputs[1]!) && isSoftmaxOf(reader, inputs[0]!);
  }
  if (operator === "Where") return inputs.slice(1).every(isShare);
  if (isMoved(reader, node)) return false;
  const variables = factorsOf(reader, node);
  if (joining.has(operator)) return variables.length > 0 && variables.every(isShare);
  const passes = hasTrait(node, "linear") || passing.has(operator) || ofShares.has(operator);
  return passes && isShare(inputs[0]!);
}

/** Whether a constant is added that makes no probability of one: 18 to 90 years are 18 more than 72 shares. */
function isMoved(reader: GraphReader, { operator, inputs }: Node): boolean {
  if (operator !== "Add" && operator !== "Sub") return false;
  const constants = inputs.filter((name) => reader.isConstant(name));
  return constants.some((name) => {
    const number = reader.scalarOf(name);
    // One minus all shares of a softmax are costs: the largest is that of the least probable class.
    const isOne = operator === "Sub" && name === inputs[0] && number === 1;
    if (isOne && isSoftmaxOf(reader, inputs[1]!)) return true;
    return !isOne && !(number !== undefined && Math.abs(number) <= mostKept);
  });
}

/** Deeper sums of probabilities are none that a network ends in. */
const mostShares = 32;

function isSoftmaxOf(reader: GraphReader, value: string): boolean {
  let node = reader.makerOf(value);
  while (node && (operatorsWith("shapeOnly").has(node.operator) || quantizing.has(node.operator))) {
    node = reader.makerOf(node.inputs[0]!);
  }
  return node?.operator === "Softmax";
}

/** Whether a value is a sum of the network's own picture and something else, as a picture without its noise is. */
export function addsPicture(reader: GraphReader, output: string): boolean {
  const pictures = new Set(reader.graph.inputs.map(({ name }) => name));
  const [left, seen] = [[output], new Set<string>()];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (pictures.has(value)) return true;
    const node = reader.makerOf(value);
    if (!node || seen.has(value)) continue;
    seen.add(value);
    for (const each of summed(reader, node)) left.push(each);
  }
  return false;
}

/**
 * A node that lists the largest of numbers, or the places by which they are gathered, found behind sums, quotients,
 * sigmoids and a softmax of them.
 */
export function sortingOf(reader: GraphReader, output: string): Node | undefined {
  const [left, seen] = [[output], new Set<string>()];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const node = reader.makerOf(value);
    if (!node || node.domain !== "" || seen.has(value)) continue;
    seen.add(value);
    if (node.operator === "TopK") return node;
    const places = gathering.has(node.operator) ? choosingOf(reader, node.inputs[1]!) : undefined;
    if (places) return places;
    if (keepsOrder.has(node.operator)) left.push(node.inputs[0]!);
    else for (const each of summed(reader, node)) left.push(each);
  }
  return undefined;
}

/** The node that chose the places of a gathering by numbers of the network. */
function choosingOf(reader: GraphReader, indices: string): Node | undefined {
  const [left, seen] = [[indices], new Set<string>()];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const node = reader.makerOf(value);
    if (!node || seen.has(value)) continue;
    seen.add(value);
    if (choosing.has(node.operator)) return node;
    for (const each of summed(reader, node)) left.push(each);
  }
  return undefined;
}

const quantizing: ReadonlySet<string> = new Set([
  "DequantizeLinear",
  "DynamicQuantizeLinear",
  "QuantizeLinear",
]);

const gathering: ReadonlySet<string> = new Set(["Gather", "GatherElements", "GatherND"]);

const choosing: ReadonlySet<string> = new Set(["ArgMax", "ArgMin", "NonMaxSuppression", "TopK"]);

const keepsOrder: ReadonlySet<string> = new Set([
  "Clip",
  "Exp",
  "Log",
  "LogSoftmax",
  "Sigmoid",
  "Softmax",
]);

/** Of several values that depend on the picture. */
const joining: ReadonlySet<string> = new Set("Add Concat Max Mean Min Mul Sub Sum".split(" "));

/** Of one value, the first input, whose numbers stay sums. */
const passing: ReadonlySet<string> = new Set(
  "DequantizeLinear Div GatherElements GatherND GlobalMaxPool MaxPool QuantizeLinear ReduceMax ReduceMin".split(
    " ",
  ),
);

/** Beside what is linear, what keeps probabilities some. */
const ofShares: ReadonlySet<string> = new Set(["Clip", "Log", "Pow", "Round"]);

const reducing: ReadonlySet<string> = new Set(["ReduceMax", "ReduceMean", "ReduceSum"]);

const normalising: ReadonlySet<string> = new Set(
  "BatchNormalization GroupNormalization InstanceNormalization LRN LayerNormalization MeanVarianceNormalization RMSNormalization".split(
    " ",
  ),
);

const strong: ReadonlySet<string> = new Set(
  "Abs Atan Cos Erf Exp HardSigmoid Hardmax LogSoftmax LpNormalization Pow ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare Reciprocal Sigmoid Sin Softmax Softplus Softsign Sqrt Tanh TopK".split(
    " ",
  ),
);
