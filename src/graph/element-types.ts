/** @file The element types of what a node makes, from those of what it reads. */
import { AttributeReader } from "./attributes.ts";
import type { Node } from "./graph.ts";
import { castCodes } from "./infer.ts";
import type { ElementType } from "./tensor.ts";

/** The type of an input of a node, by its place; undefined where it is not known. */
type InputType = (i: number) => ElementType | undefined;

type TypeOf = (node: Node, input: InputType) => readonly (ElementType | undefined)[];

const sameAsFirst: TypeOf = (node, input) => node.outputs.map(() => input(0));

const always =
  (...types: readonly ElementType[]): TypeOf =>
  () =>
    types;

const attributeOr =
  (name: string, fallback: (input: InputType) => ElementType | undefined): TypeOf =>
  (node, input) => {
    const code = new AttributeReader(node).int(name, 0);
    return [code === 0 ? fallback(input) : elementTypeOf(code)];
  };

const typesByCode = new Map(
  Object.entries(castCodes).map(([type, code]) => [code, type as ElementType]),
);

/** The element type that ONNX gives a number, if tensors of a graph can have it. */
export function elementTypeOf(code: number): ElementType | undefined {
  return typesByCode.get(code);
}

const subgraphOutputs: TypeOf = (node) => {
  const branch = node.attributes["then_branch"] ?? node.attributes["body"];
  if (branch?.kind !== "graph") return [];
  // A loop's body yields its condition before the values that go out; nearly all files state the types.
  return branch.value.outputs.slice(-node.outputs.length).map((output) => output.type ?? "float32");
};

/** Of classical learners: the label is text where its classes are. */
const labelAndScores: TypeOf = ({ attributes }) => [
  attributes["classlabels_strings"] ? "string" : "int64",
  "float32",
];

const encodedLabel: TypeOf = ({ attributes }, input) => {
  const table = attributes["values_tensor"];
  if (table?.kind === "tensor") return [table.value.type];
  if (attributes["values_strings"]) return ["string"];
  if (attributes["values_int64s"]) return ["int64"];
  if (attributes["values_floats"]) return ["float32"];
  // Its first form turns text to numbers, and numbers to text.
  return [input(0) === "string" ? "int64" : "string"];
};

const tests =
  "And Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Not Or RegexFullMatch Xor";

/** Operators whose outputs do not all have the type of the first input. */
const table = new Map<string, TypeOf>([
  ...tests.split(" ").map((operator) => [operator, always("bool")] as const),
  ["ArgMax", always("int64")],
  ["ArgMin", always("int64")],
  ["Bernoulli", attributeOr("dtype", (input) => input(0))],
  ["BitCast", attributeOr("to", () => undefined)],
  ["Cast", attributeOr("to", () => undefined)],
  ["CastLike", (_, input) => [input(1)]],
  [
    "ConstantOfShape",
    (node) => {
      const value = node.attributes["value"];
      return [value?.kind === "tensor" ? value.value.type : "float32"];
    },
  ],
  ["ConvInteger", always("int32")],
  ["DequantizeLinear", (_, input) => [input(1)]],
  ["Dropout", (_, input) => [input(0), "bool"]],
  ["DynamicQuantizeLinear", always("uint8", "float32", "uint8")],
  ["EyeLike", attributeOr("dtype", (input) => input(0))],
  ["If", subgraphOutputs],
  ["LabelEncoder", encodedLabel],
  ["LayerNormalization", (_, input) => [input(0), "float32", "float32"]],
  ["LinearClassifier", labelAndScores],
  ["Loop", subgraphOutputs],
  ["MatMulInteger", always("int32")],
  ["MaxPool", (_, input) => [input(0), "int64"]],
  ["Multinomial", attributeOr("dtype", () => "int32")],
  ["NonMaxSuppression", always("int64")],
  ["NonZero", always("int64")],
  ["OneHot", (_, input) => [input(2)]],
  ["QLinearConv", (_, input) => [input(7)]],
  ["QLinearMatMul", (_, input) => [input(7)]],
  [
    "QuantizeLinear",
    (node, input) =>
      node.inputs[2] ? [input(2)] : attributeOr("output_dtype", () => "uint8")(node, input),
  ],
  ["RandomNormal", attributeOr("dtype", () => "float32")],
  ["RandomNormalLike", attributeOr("dtype", (input) => input(0))],
  ["RandomUniform", attributeOr("dtype", () => "float32")],
  ["RandomUniformLike", attributeOr("dtype", (input) => input(0))],
  ["SVMClassifier", labelAndScores],
  ["Scan", subgraphOutputs],
  ["Shape", always("int64")],
  ["Size", always("int64")],
  ["StringSplit", always("string", "int64")],
  ["TfIdfVectorizer", always("float32")],
  ["TopK", (_, input) => [input(0), "int64"]],
  ["TreeEnsembleClassifier", labelAndScores],
  ["Unique", (_, input) => [input(0), "int64", "int64", "int64"]],
  ["Where", (_, input) => [input(1)]],
]);

/** The element types of a node's outputs, in their order; undefined where they are not known. */
export function outputTypes(node: Node, input: InputType): readonly (ElementType | undefined)[] {
  return (table.get(node.operator) ?? sameAsFirst)(node, input);
}
