/** @file What is known of a value before any shape is: its element type, and its rank where that is plain. */
import { AttributeReader } from "../attributes.ts";
import { outputTypes } from "../element-types.ts";
import type { Node } from "../graph.ts";
import type { ElementType, Tensor } from "../tensor.ts";
import { largest } from "../../statistics.ts";

/** Undefined where nothing is known. */
export interface Facts {
  readonly type?: ElementType | undefined;
  readonly rank?: number | undefined;
}

/** Where the facts of a node's inputs come from. */
export interface KnownValues {
  factsOf(name: string): Facts;
  constantOf(name: string): Tensor | undefined;
}

/** The facts of each output of a node. */
export function outputFacts(node: Node, known: KnownValues): readonly Facts[] {
  const types = outputTypes(node, (i) => known.factsOf(node.inputs[i] ?? "").type);
  const rank = outputRank(node, known);
  return node.outputs.map((_, i) => ({ type: types[i], rank }));
}

const sameRank = new Set(
  (
    "Abs AveragePool BatchNormalization Cast Clip Concat Conv ConvTranspose Dropout Elu Erf Gelu GlobalAveragePool " +
    "GlobalMaxPool HardSigmoid HardSwish Identity InstanceNormalization LRN LayerNormalization LeakyRelu LpPool MaxPool " +
    "MeanVarianceNormalization Neg PRelu Pad QuantizeLinear DequantizeLinear Relu Resize Selu Sigmoid Slice Softmax " +
    "Softplus Softsign Split Sqrt Tanh ThresholdedRelu Tile Transpose"
  ).split(" "),
);

const broadcasting = new Set(["Add", "Div", "Max", "Min", "Mul", "Pow", "Sub", "Sum", "MatMul"]);

function outputRank(node: Node, known: KnownValues): number | undefined {
  const ranks = node.inputs.map((input) => known.factsOf(input).rank);
  const { operator } = node;
  if (sameRank.has(operator)) return ranks[0];
  if (operator === "Gemm" || operator === "Flatten") return 2;
  if (operator === "Reshape") return known.constantOf(node.inputs[1] ?? "")?.dims[0];
  if (broadcasting.has(operator)) {
    // A product with a vector loses axes; such ranks are left open.
    const open = ranks.some((rank) => rank === undefined || (operator === "MatMul" && rank < 2));
    return open ? undefined : largest(ranks as number[]);
  }
  if (operator.startsWith("Reduce")) {
    return new AttributeReader(node).int("keepdims", 1) === 1 ? ranks[0] : undefined;
  }
  return undefined;
}
