/** @file Nodes of all kinds of operators as files rightly have them, and what strangers may write in their place. */
import * as fc from "fast-check";
import { toAttributes, type AttributeInput } from "../src/graph/attributes.ts";
import type { Graph, Node } from "../src/graph/graph.ts";
import { elementCount, tensorOf, type Tensor } from "../src/graph/tensor.ts";

/** Sizes of a value that depends on the picture, or the numbers of a constant of whole numbers or floats. */
type Operand =
  | { readonly x: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] };

/** An operator with operands and attributes. */
export interface OddNode {
  readonly operator: string;
  readonly operands: readonly (Operand | null)[];
  readonly attributes: Readonly<Record<string, AttributeInput>>;
}

const x = (...sizes: readonly number[]): Operand => ({ x: sizes });
const ints = (...numbers: readonly number[]): Operand => ({ ints: numbers });
const floats = (...numbers: readonly number[]): Operand => ({ floats: numbers });

const picture = x(1, 3, 8, 8);

/** Rows: operator, operands, attributes. */
const plain: readonly [string, readonly (Operand | null)[], OddNode["attributes"]?][] = [
  ["Add", [picture, x(3, 1, 1)]],
  ["Relu", [picture]],
  ["ArgMax", [picture], { axis: 1, keepdims: 1 }],
  ["AveragePool", [picture], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  [
    "AveragePool",
    [picture],
    { kernel_shape: [3, 3], auto_pad: "SAME_LOWER", count_include_pad: 1 },
  ],
  ["MaxPool", [picture], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }],
  ["LpPool", [picture], { kernel_shape: [2, 2], p: 2 }],
  ["BatchNormalization", [picture, x(3), x(3), x(3), x(3)], { training_mode: 0 }],
  ["Compress", [x(4, 5), ints(1, 0, 1)], { axis: 0 }],
  ["Concat", [picture, x(1, 2, 8, 8)], { axis: 1 }],
  ["ConstantOfShape", [ints(2, 3)]],
  [
    "Conv",
    [picture, x(4, 3, 3, 3)],
    { strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1], group: 1 },
  ],
  [
    "ConvTranspose",
    [picture, x(3, 4, 3, 3)],
    { strides: [2, 2], output_padding: [1, 1], group: 1 },
  ],
  ["CumSum", [x(3, 4), ints(1)], { exclusive: 1 }],
  ["DFT", [x(1, 8, 1), ints(8), ints(1)], { onesided: 1 }],
  ["DepthToSpace", [x(1, 12, 4, 4)], { blocksize: 2, mode: "CRD" }],
  ["Einsum", [x(2, 3), x(3, 4)], { equation: "ij,jk->ik" }],
  ["Expand", [x(3, 1), ints(2, 3, 6)]],
  ["Flatten", [x(2, 3, 4)], { axis: 1 }],
  ["Gather", [x(4, 5), ints(0, 3, 1)], { axis: 1 }],
  ["GatherND", [x(2, 3, 4), ints(1, 2)], { batch_dims: 0 }],
  ["Gemm", [x(2, 3), x(3, 4), x(4)], { transA: 0, transB: 0 }],
  ["GridSample", [picture, x(1, 4, 4, 2)], { padding_mode: "border" }],
  ["GroupNormalization", [x(1, 4, 3, 3), x(4), x(4)], { num_groups: 2 }],
  ["HannWindow", [ints(8)], { periodic: 1 }],
  ["InstanceNormalization", [picture, x(3), x(3)]],
  ["LRN", [picture], { size: 3 }],
  ["LayerNormalization", [picture, x(8)], { axis: -1 }],
  ["MatMul", [x(2, 2, 3), x(3, 4)]],
  ["OneHot", [ints(0, 2), ints(4), floats(0, 1)], { axis: -1 }],
  ["Pad", [picture, ints(0, 0, 1, 1, 0, 0, 1, 1)], { mode: "reflect" }],
  ["RandomNormal", [], { shape: [2, 3], scale: 1 }],
  ["Range", [floats(0), floats(9), floats(2)]],
  ["ReduceMax", [x(2, 3, 4), ints(1, -1)], { keepdims: 1 }],
  ["ReduceMean", [x(2, 3, 4), ints(1)], { keepdims: 0, noop_with_empty_axes: 0 }],
  ["Reshape", [x(2, 3, 4), ints(0, -1)], { allowzero: 0 }],
  ["Resize", [picture, null, floats(1, 1, 2, 2)], { mode: "linear" }],
  ["Resize", [picture, null, null, ints(1, 3, 4, 4)], { mode: "cubic", antialias: 1 }],
  [
    "RoiAlign",
    [picture, x(1, 4), ints(0)],
    { output_height: 2, output_width: 2, sampling_ratio: 2 },
  ],
  ["STFT", [x(1, 16, 1), ints(4), null, ints(8)], { onesided: 1 }],
  ["ScatterElements", [x(4, 5), ints(0, 3), x(2)], { axis: 1 }],
  ["Slice", [x(4, 5), ints(1, 0), ints(3, 5), ints(0, 1), ints(1, 2)]],
  ["Softmax", [x(2, 3)], { axis: -1 }],
  ["Split", [x(4, 6)], { axis: 1, num_outputs: 1 }],
  ["Squeeze", [x(1, 3, 1), ints(0, 2)]],
  ["Tile", [x(2, 3), ints(2, 2)]],
  ["TopK", [x(3, 5), ints(2)], { axis: -1, largest: 1 }],
  ["Transpose", [x(2, 3, 4)], { perm: [2, 0, 1] }],
  ["Unique", [x(3, 4)], { axis: 0 }],
  ["Unsqueeze", [x(3), ints(0, -1)]],
];

const oddInts = fc.constantFrom(
  0,
  -1,
  -2,
  1,
  2,
  3,
  7,
  100,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 40,
  -(2 ** 53) + 1,
);
const oddFloats = fc.constantFrom(
  0,
  -1,
  0.5,
  1e-30,
  1e30,
  Number.NaN,
  Infinity,
  100,
  2 ** 31,
  2 ** 63,
);
const oddSizes = fc.constantFrom(0, 1, 2, 5, 16);

/** A list with one number changed, one fewer or one more. */
function oddList(
  list: readonly number[],
  odd: fc.Arbitrary<number>,
): fc.Arbitrary<readonly number[]> {
  const changed = fc
    .tuple(fc.nat({ max: Math.max(list.length - 1, 0) }), odd)
    .map(([i, value]) => (list.length > 0 ? list.with(i, value) : [value]));
  return fc.oneof(
    { arbitrary: changed, weight: 4 },
    fc.constant(list.slice(1)),
    odd.map((value) => [...list, value]),
  );
}

function oddOperand(operand: Operand | null): fc.Arbitrary<Operand | null> {
  if (!operand) return fc.constant(picture);
  const other = fc.constantFrom(picture, null);
  if ("x" in operand) {
    const sizes = oddList(operand.x, oddSizes).map((dims): Operand => ({ x: dims }));
    return fc.oneof({ arbitrary: sizes, weight: 4 }, other);
  }
  const own =
    "ints" in operand
      ? oddList(operand.ints, oddInts).map((numbers): Operand => ({ ints: numbers }))
      : oddList(operand.floats, oddFloats).map((numbers): Operand => ({ floats: numbers }));
  return fc.oneof({ arbitrary: own, weight: 6 }, other);
}

function oddAttribute(value: AttributeInput): fc.Arbitrary<AttributeInput> {
  if (Array.isArray(value)) return oddList(value as number[], oddInts);
  return typeof value === "number" ? oddInts : fc.constantFrom("", "SAME_UPPER", "edge", "a,b->ab");
}

/** One thing of a node that is odd: an operand or an attribute. */
function changed(node: OddNode): fc.Arbitrary<OddNode> {
  const { operands, attributes } = node;
  const places = operands.map((operand, i) =>
    oddOperand(operand).map((odd) => ({ ...node, operands: operands.with(i, odd) })),
  );
  const names = Object.entries(attributes).map(([name, value]) =>
    oddAttribute(value).map((odd) => ({ ...node, attributes: { ...attributes, [name]: odd } })),
  );
  return fc.oneof(...places, ...names);
}

/** Nodes with up to two odd things. */
export const oddNodes: fc.Arbitrary<OddNode> = fc
  .constantFrom(...plain)
  .map(([operator, operands, attributes = {}]): OddNode => ({ operator, operands, attributes }))
  .chain((node) => fc.oneof(fc.constant(node), changed(node), changed(node).chain(changed)));

/** A network of a picture x [1, 3, 8, 8] through the node; the output is a list of numbers, [1, ...]. */
export function networkOf({ operator, operands, attributes }: OddNode): Graph {
  const initializers = new Map<string, Tensor>([["row", tensorOf("int64", [2], [1, -1])]]);
  const nodes: Node[] = [nodeOf("ReduceMean", ["x"], "mean", { keepdims: 0 })];
  const names = operands.map((operand, i) => {
    if (!operand) return "";
    initializers.set(`c${i}`, tensorOfOperand(operand));
    if (!("x" in operand)) return `c${i}`;
    nodes.push(nodeOf("Add", [`c${i}`, "mean"], `v${i}`));
    return `v${i}`;
  });
  nodes.push(nodeOf(operator, names, "made", attributes));
  nodes.push(nodeOf("Cast", ["made"], "number", { to: 1 }));
  nodes.push(nodeOf("Reshape", ["number", "row"], "logits"));
  return {
    name: "odd",
    inputs: [{ name: "x", type: "float32", dims: [1, 3, 8, 8] }],
    outputs: [{ name: "logits", type: "float32", dims: undefined }],
    nodes,
    initializers,
    shapes: new Map(),
    metadata: new Map(),
  };
}

function tensorOfOperand(operand: Operand): Tensor {
  if ("ints" in operand) return tensorOf("int64", [operand.ints.length], operand.ints);
  if ("floats" in operand) return tensorOf("float32", [operand.floats.length], operand.floats);
  const numbers = Array.from({ length: elementCount(operand.x) }, (_, i) => ((i * 7919) % 13) / 13);
  return tensorOf("float32", operand.x, numbers);
}

function nodeOf(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: OddNode["attributes"] = {},
): Node {
  const name = output;
  return {
    name,
    operator,
    domain: "",
    inputs,
    outputs: [output],
    attributes: toAttributes(attributes),
  };
}
