/** @file THE table of what operators are: traits by operator, for everything that asks of a kind of operator and not of one. */
import type { Node } from "./graph.ts";

/** What an operator can be. */
const operatorTraits = {
  weights: "Has weights, or multiplies by another value.",
  activation: "A function of each element that belongs to the layer before it.",
  makesZeros: "An activation function that is exactly 0 on a whole side of its input.",
  saturates:
    "An activation function behind which a layer can be the same everywhere, as ReLU at 0 and ReLU6 at 6.",
  nonNegative: "Never below 0.",
  keepsSign: "Never below 0 where its inputs are not.",
  bounded: "A bounded function, as gates are.",
  keepsGate: "Leaves a gate a gate where the other operand is a constant.",
  elementwise: "A function of each element by itself.",
  linear: "Linear in what depends on the picture.",
  passesRelevance: "A function of one value, element by element or nearly so.",
  moves: "Moves, copies or chooses elements.",
  sums: "Sums and means, and normalisation by stored statistics.",
  shapeOnly: "Changes neither the numbers nor their order.",
  keepsMeans: "Keeps a class a weighted sum of means of a feature map.",
  channelsFirst: "Has its channels on axis 1.",
  inPlace: "Leaves every element where it is.",
  pool: "Sums up windows, or all places, of each channel.",
  reinterprets:
    "Gives the bits of floats as other numbers, which have a slope though they are no floats.",
  flat: "Constant almost everywhere, or its output is no float: gradients end there.",
} as const;

export type OperatorTrait = keyof typeof operatorTraits;

/** Operators of the standard domain by name; those without a trait that anybody asks for are left out. */
const operators: Readonly<Record<string, readonly OperatorTrait[]>> = {
  Abs: ["nonNegative", "elementwise"],
  Add: ["keepsSign", "keepsGate", "linear", "sums", "keepsMeans", "inPlace"],
  And: ["flat"],
  ArgMax: ["flat"],
  ArgMin: ["flat"],
  AveragePool: ["keepsSign", "linear", "sums", "keepsMeans", "channelsFirst", "pool"],
  BatchNormalization: ["linear", "sums", "channelsFirst"],
  BitCast: ["reinterprets"],
  BitShift: ["flat"],
  BitwiseAnd: ["flat"],
  BitwiseNot: ["flat"],
  BitwiseOr: ["flat"],
  BitwiseXor: ["flat"],
  Cast: ["keepsSign", "keepsGate", "linear", "moves", "shapeOnly"],
  Ceil: ["flat"],
  Celu: ["activation", "elementwise", "passesRelevance"],
  Clip: ["activation", "makesZeros", "saturates", "elementwise", "passesRelevance", "inPlace"],
  Concat: ["keepsSign", "linear", "moves"],
  ConstantOfShape: ["flat"],
  Conv: ["weights", "keepsMeans", "channelsFirst"],
  ConvInteger: ["channelsFirst"],
  ConvTranspose: ["weights", "channelsFirst"],
  DepthToSpace: ["linear", "moves"],
  Div: ["keepsGate", "inPlace"],
  Dropout: ["keepsSign", "linear", "passesRelevance", "shapeOnly", "keepsMeans", "inPlace"],
  Elu: ["activation", "elementwise", "passesRelevance"],
  Equal: ["flat"],
  Erf: ["bounded", "elementwise", "inPlace"],
  Exp: ["elementwise"],
  Expand: ["keepsGate", "linear", "moves"],
  EyeLike: ["flat"],
  Flatten: ["keepsSign", "linear", "moves", "shapeOnly", "keepsMeans"],
  Floor: ["flat"],
  Gather: ["linear", "moves"],
  GatherElements: ["moves"],
  GatherND: ["moves"],
  Gelu: ["activation", "elementwise", "passesRelevance", "inPlace"],
  Gemm: ["weights", "keepsMeans"],
  GlobalAveragePool: ["keepsSign", "linear", "sums", "keepsMeans", "channelsFirst", "pool"],
  GlobalMaxPool: ["keepsSign", "moves", "channelsFirst", "pool"],
  Greater: ["flat"],
  GreaterOrEqual: ["flat"],
  GroupNormalization: ["channelsFirst"],
  HardSigmoid: [
    "activation",
    "makesZeros",
    "saturates",
    "nonNegative",
    "bounded",
    "elementwise",
    "passesRelevance",
  ],
  HardSwish: ["activation", "makesZeros", "elementwise", "passesRelevance", "inPlace"],
  Hardmax: ["flat"],
  Identity: ["keepsSign", "keepsGate", "linear", "moves", "shapeOnly", "keepsMeans", "inPlace"],
  InstanceNormalization: ["channelsFirst"],
  IsInf: ["flat"],
  IsNaN: ["flat"],
  LRN: ["keepsSign", "passesRelevance", "channelsFirst"],
  LeakyRelu: ["activation", "elementwise", "passesRelevance"],
  Less: ["flat"],
  LessOrEqual: ["flat"],
  Log: ["elementwise"],
  LpPool: ["pool"],
  MatMul: ["weights", "keepsMeans"],
  Max: ["moves"],
  MaxPool: ["keepsSign", "moves", "channelsFirst", "pool"],
  Mean: ["linear", "sums"],
  Min: ["moves"],
  Mish: ["activation", "elementwise", "passesRelevance"],
  Mul: ["keepsSign", "keepsGate", "inPlace"],
  Neg: ["linear", "passesRelevance"],
  NonMaxSuppression: ["flat"],
  NonZero: ["flat"],
  Not: ["flat"],
  OneHot: ["flat"],
  Or: ["flat"],
  PRelu: ["activation", "elementwise", "passesRelevance"],
  Pad: ["linear", "moves"],
  Pow: ["elementwise"],
  QLinearConv: ["channelsFirst"],
  RandomNormalLike: ["flat"],
  RandomUniformLike: ["flat"],
  Range: ["flat"],
  Reciprocal: ["elementwise"],
  ReduceMax: ["keepsSign", "moves"],
  ReduceMean: ["keepsSign", "linear", "sums", "keepsMeans"],
  ReduceMin: ["moves"],
  ReduceSum: ["keepsSign", "linear", "sums"],
  Relu: [
    "activation",
    "makesZeros",
    "saturates",
    "nonNegative",
    "elementwise",
    "passesRelevance",
    "inPlace",
  ],
  Reshape: ["keepsSign", "keepsGate", "linear", "moves", "shapeOnly", "keepsMeans"],
  Resize: ["linear", "sums"],
  Round: ["flat"],
  Selu: ["activation", "elementwise", "passesRelevance"],
  Shape: ["flat"],
  Shrink: ["passesRelevance"],
  Sigmoid: ["saturates", "nonNegative", "bounded", "elementwise", "passesRelevance", "inPlace"],
  Sign: ["flat"],
  Size: ["flat"],
  Slice: ["keepsSign", "linear", "moves"],
  Softmax: ["nonNegative", "bounded"],
  Softplus: ["activation", "nonNegative", "elementwise", "passesRelevance"],
  Softsign: ["activation", "elementwise", "passesRelevance"],
  SpaceToDepth: ["linear", "moves"],
  Split: ["keepsSign", "linear", "moves"],
  Sqrt: ["elementwise"],
  Squeeze: ["keepsSign", "keepsGate", "linear", "moves", "shapeOnly", "keepsMeans"],
  Sub: ["keepsGate", "linear", "sums", "inPlace"],
  Sum: ["keepsSign", "linear", "sums"],
  Swish: ["activation"],
  Tanh: ["activation", "saturates", "bounded", "elementwise", "passesRelevance", "inPlace"],
  ThresholdedRelu: ["activation", "makesZeros", "elementwise", "passesRelevance"],
  Tile: ["linear", "moves"],
  Transpose: ["keepsSign", "keepsGate", "linear", "moves", "keepsMeans"],
  Unique: ["flat"],
  Unsqueeze: ["keepsSign", "keepsGate", "linear", "moves", "shapeOnly", "keepsMeans"],
  Where: ["moves"],
  Xor: ["flat"],
};

const byTrait = new Map<OperatorTrait, ReadonlySet<string>>();

/** The operators that have a trait. */
export function operatorsWith(trait: OperatorTrait): ReadonlySet<string> {
  const known = byTrait.get(trait);
  if (known) return known;
  const found = Object.keys(operators).filter((name) => operators[name]!.includes(trait));
  const set = new Set(found);
  byTrait.set(trait, set);
  return set;
}

/** Whether a node is of the standard domain and its operator has a trait. */
export function hasTrait({ operator, domain }: Node, trait: OperatorTrait): boolean {
  return domain === "" && operatorsWith(trait).has(operator);
}

/** Operators of any domain that multiply by quantised weights; what gradients and relevance ask of weights is not known of them. */
const ofQuantizedWeights: ReadonlySet<string> = new Set(
  (
    "ConvInteger DynamicQuantizeMatMul MatMulBnb4 MatMulFpQ4 MatMulInteger MatMulInteger16 MatMulIntegerToFloat MatMulNBits " +
    "QAttention QGemm QLinearConv QLinearMatMul"
  ).split(" "),
);

/** Whether a node has weights, quantised ones too. */
export function hasAnyWeights(node: Node): boolean {
  return hasTrait(node, "weights") || ofQuantizedWeights.has(node.operator);
}
