/** @file Each row of the table of operators against TF.js, on values of a run and on constants alone. */
import { describe, expect, test } from "vitest";
import {
  counted,
  GraphWriter,
  runTfjs,
  type Numbers,
  type Written,
} from "../../../test/tensorflow/graph-model.ts";
import { computedOf, expectNear } from "../../../test/tensorflow/compared.ts";
import { foldedOperators } from "./fold/index.ts";
import { operatorNames, rowOf } from "./operators.ts";

type Attributes = Readonly<Record<string, Written>>;

/** An operator, what it reads behind a first value, and how it is set. */
interface Case {
  readonly op: string;
  readonly x?: Numbers;
  readonly others?: readonly (
    Numbers | { readonly ints: readonly number[]; readonly dims?: readonly number[] }
  )[];
  readonly attributes?: Attributes;
  /** Where the first value stands among the inputs. */
  readonly at?: number;
  /** Which output is looked at. */
  readonly output?: number;
  readonly isConstantOnly?: boolean;
}

const map = counted([2, 4, 3, 4], 0.61);
const positive: Numbers = { ...map, data: map.data.map((value) => Math.abs(value) * 0.9 + 0.05) };
const large: Numbers = { ...map, data: map.data.map((value) => value + 2.5) };
const row = counted([4], 0.3);
const ints = (...numbers: number[]) => ({ ints: numbers });
const one = (number: number) => ({ ints: [number], dims: [] });
const truth = (value: boolean): Written => ({ truth: value });

const unary = (names: string, x: Numbers): Case[] => names.split(" ").map((op) => ({ op, x }));
const binary = (names: string, other: Numbers): Case[] =>
  names.split(" ").map((op) => ({ op, x: large, others: [other] }));

const cases: readonly Case[] = [
  ...unary("Abs Neg Exp Square Floor Ceil Round Sign Sin Cos Tan Atan Sinh Cosh Tanh Asinh", map),
  ...unary(
    "Elu Selu Relu Relu6 Sigmoid Softplus Softmax LogSoftmax Erf Expm1 Identity Snapshot",
    map,
  ),
  ...unary("StopGradient", map),
  ...unary("Log Sqrt Rsqrt Reciprocal Asin Acos Atanh Log1p", positive),
  ...unary("Acosh Round", large),
  { op: "LeakyRelu", attributes: { alpha: { float: 0.3 } } },
  { op: "Prelu", others: [row] },
  ...binary(
    "Add AddV2 Sub Mul RealDiv FloorDiv FloorMod Maximum Minimum Pow",
    counted([3, 4], 0.4),
  ),
  ...binary("SquaredDifference Greater GreaterEqual Less LessEqual Equal NotEqual", large),
  ...binary("Greater Less NotEqual", counted([4, 1, 4], 0.2)),
  { op: "DivNoNan", others: [{ dims: [4], data: [0, 2, -3, 0] }] },
  {
    op: "Cumsum",
    others: [one(1)],
    attributes: { exclusive: truth(false), reverse: truth(false) },
  },
  { op: "Cumsum", others: [one(3)], attributes: { exclusive: truth(true), reverse: truth(true) } },
  { op: "BiasAdd", others: [row] },
  { op: "AddN", others: [map, large], attributes: { N: { int: 3 } } },
  {
    op: "ClipByValue",
    others: [counted([], -0.5), counted([], 0.4)].map((bound, i) => ({
      ...bound,
      data: [i - 0.5],
    })),
  },
  { op: "Cast", attributes: { SrcT: { type: "FLOAT" }, DstT: { type: "INT32" } } },
  { op: "FusedBatchNorm", others: [row, row, row, positiveRow()], attributes: normal() },
  { op: "FusedBatchNormV2", others: [row, row, row, positiveRow()], attributes: normal() },
  { op: "FusedBatchNormV3", others: [row, row, row, positiveRow()], attributes: normal() },
  {
    op: "LRN",
    attributes: {
      depth_radius: { int: 1 },
      bias: { float: 1.5 },
      alpha: { float: 0.7 },
      beta: { float: 0.6 },
    },
  },
  ...["Mean", "Sum", "Max", "Min", "Prod", "EuclideanNorm"].flatMap((op): Case[] => [
    { op, others: [ints(1, 2)], attributes: { keep_dims: truth(true) } },
    { op, others: [ints(-1)], attributes: { keep_dims: truth(false) } },
    { op, others: [ints(3, 0)], attributes: { keep_dims: truth(false) } },
  ]),
  { op: "ArgMax", others: [one(3)] },
  { op: "ArgMin", others: [one(1)] },
  { op: "TopKV2", others: [one(2)], attributes: { sorted: truth(true) } },
  { op: "TopKV2", others: [one(2)], attributes: { sorted: truth(true) }, output: 1 },
  { op: "Shape", isConstantOnly: true },
  { op: "Size", isConstantOnly: true },
  { op: "Rank", isConstantOnly: true },
  { op: "Reshape", others: [ints(-1, 6, 2)] },
  { op: "Reshape", others: [ints(-1, 48)] },
  {
    op: "BroadcastTo",
    x: counted([2, 1, 3, 1], 0.7),
    others: [ints(2, 4, 3, 2)],
    isConstantOnly: true,
  },
  { op: "Squeeze", x: counted([2, 1, 1, 3]), attributes: { squeeze_dims: { ints: [1, 2] } } },
  { op: "Squeeze", x: counted([2, 1, 4, 3]), attributes: { squeeze_dims: { ints: [1] } } },
  { op: "ExpandDims", others: [one(1)] },
  { op: "ExpandDims", others: [one(-1)] },
  { op: "Transpose", others: [ints(0, 3, 1, 2)] },
  { op: "Transpose", others: [ints(3, 1, 0, 2)] },
  { op: "ConcatV2", others: [large, one(3)], attributes: { N: { int: 2 } } },
  { op: "ConcatV2", others: [large, one(1)], attributes: { N: { int: 2 } } },
  { op: "Pack", others: [large], attributes: { axis: { int: 1 }, N: { int: 2 } } },
  { op: "Unpack", attributes: { axis: { int: 3 }, num: { int: 4 } }, output: 2 },
  { op: "Split", others: [one(3)], at: 1, attributes: { num_split: { int: 2 } }, output: 1 },
  { op: "SplitV", others: [ints(1, -1), one(3)], attributes: { num_split: { int: 2 } }, output: 1 },
  {
    op: "StridedSlice",
    others: [ints(0, 1, -1, 0), ints(2, 4, -4, 3), ints(1, 2, -1, 2)],
    attributes: masks(),
  },
  {
    op: "StridedSlice",
    others: [ints(0, 0, 1), ints(0, 0, 2), ints(1, 1, 1)],
    attributes: masks({ ellipsis_mask: 1, new_axis_mask: 2, shrink_axis_mask: 4 }),
  },
  {
    op: "StridedSlice",
    others: [ints(0, 0, -2), ints(0, 0, 0), ints(1, 1, 1)],
    attributes: masks({ begin_mask: 3, end_mask: 7 }),
  },
  { op: "Slice", others: [ints(0, 1, 0, 2), ints(-1, 2, -1, 1)] },
  { op: "Pad", others: [{ ints: [0, 0, 1, 2, 0, 1, 1, 0], dims: [4, 2] }] },
  { op: "PadV2", others: [{ ints: [0, 0, 1, 2, 0, 1, 1, 0], dims: [4, 2] }, counted([])] },
  {
    op: "MirrorPad",
    others: [{ ints: [0, 0, 1, 2, 0, 1, 0, 0], dims: [4, 2] }],
    attributes: { mode: { text: "REFLECT" } },
  },
  {
    op: "MirrorPad",
    others: [{ ints: [0, 0, 1, 1, 0, 1, 0, 0], dims: [4, 2] }],
    attributes: { mode: { text: "SYMMETRIC" } },
  },
  { op: "Tile", others: [ints(1, 2, 1, 3)] },
  { op: "GatherV2", others: [ints(2, 0), one(3)] },
  { op: "GatherV2", others: [{ ints: [1, 0, 2, 2], dims: [2, 2] }, one(1)] },
  { op: "Gather", x: counted([3, 4]), others: [ints(2, 0)], isConstantOnly: true },
  { op: "ReverseV2", others: [ints(1, 3)] },
  { op: "DepthToSpace", attributes: { block_size: { int: 2 }, data_format: { text: "NHWC" } } },
  {
    op: "MatMul",
    x: counted([3, 4]),
    others: [counted([4, 2], 0.3)],
    attributes: turns(false, false),
  },
  {
    op: "MatMul",
    x: counted([3, 4]),
    others: [counted([2, 4], 0.3)],
    attributes: turns(false, true),
  },
  {
    op: "BatchMatMul",
    x: counted([2, 3, 4]),
    others: [counted([2, 4, 2], 0.3)],
    attributes: adjoint(false, false),
  },
  {
    op: "BatchMatMulV2",
    x: counted([2, 3, 4]),
    others: [counted([2, 5, 4], 0.3)],
    attributes: adjoint(false, true),
  },
  {
    op: "Einsum",
    others: [counted([4, 5], 0.3)],
    attributes: { equation: { text: "bhwc,cd->bhwd" }, N: { int: 2 } },
  },
  {
    op: "ResizeBilinear",
    others: [ints(7, 5)],
    attributes: { align_corners: truth(false), half_pixel_centers: truth(true) },
  },
  {
    op: "ResizeNearestNeighbor",
    others: [ints(7, 5)],
    attributes: { align_corners: truth(true), half_pixel_centers: truth(false) },
  },
  ...["Conv2D", "DepthwiseConv2dNative"].flatMap((op): Case[] => [
    { op, others: [counted([3, 2, 4, 2], 0.2)], attributes: windowed("SAME") },
    {
      op,
      others: [counted([3, 2, 4, 2], 0.2)],
      attributes: {
        ...windowed("EXPLICIT"),
        explicit_paddings: { ints: [0, 0, 1, 2, 0, 1, 0, 0] },
      },
    },
  ]),
  {
    op: "_FusedConv2D",
    others: [counted([2, 2, 4, 2], 0.2), counted([2]), counted([2], 0.4)],
    attributes: {
      ...windowed("SAME"),
      fused_ops: { texts: ["BiasAdd", "Prelu"] },
      num_args: { int: 2 },
    },
  },
  {
    op: "FusedDepthwiseConv2dNative",
    others: [counted([2, 2, 4, 1], 0.2), row],
    attributes: {
      ...windowed("VALID"),
      fused_ops: { texts: ["BiasAdd", "Relu6"] },
      num_args: { int: 1 },
    },
  },
  {
    op: "_FusedMatMul",
    x: counted([3, 4]),
    others: [counted([4, 2], 0.3), counted([2])],
    attributes: {
      ...turns(false, false),
      fused_ops: { texts: ["BiasAdd", "Elu"] },
      num_args: { int: 1 },
    },
  },
  { op: "MaxPool", attributes: { ...windowed("SAME"), ksize: { ints: [1, 3, 2, 1] } } },
  { op: "AvgPool", attributes: { ...windowed("SAME"), ksize: { ints: [1, 3, 2, 1] } } },
  {
    op: "Conv2DBackpropInput",
    at: 2,
    others: [ints(2, 8, 6, 3), counted([3, 3, 3, 4], 0.2)],
    attributes: grown("SAME", 2),
  },
  {
    op: "Conv2DBackpropInput",
    at: 2,
    others: [ints(2, 9, 7, 3), counted([3, 3, 3, 4], 0.2)],
    attributes: grown("VALID", 2),
  },
  {
    op: "Conv2DBackpropInput",
    at: 2,
    others: [ints(2, 12, 9, 3), counted([2, 2, 3, 4], 0.2)],
    attributes: grown("SAME", 3),
  },
  { op: "Fill", x: { dims: [2], data: [2, 3] }, others: [counted([])], isConstantOnly: true },
  { op: "ZerosLike", isConstantOnly: true },
  { op: "OnesLike", isConstantOnly: true },
  {
    op: "Range",
    x: { dims: [], data: [1] },
    others: [
      { dims: [], data: [7] },
      { dims: [], data: [2] },
    ],
    isConstantOnly: true,
  },
];

function positiveRow(): Numbers {
  return { dims: [4], data: [0.5, 1, 1.5, 2] };
}

function normal(): Attributes {
  return { epsilon: { float: 0.01 }, is_training: truth(false), data_format: { text: "NHWC" } };
}

function turns(a: boolean, b: boolean): Attributes {
  return { transpose_a: truth(a), transpose_b: truth(b) };
}

function adjoint(a: boolean, b: boolean): Attributes {
  return { adj_x: truth(a), adj_y: truth(b) };
}

function windowed(padding: string): Attributes {
  const attributes = { strides: { ints: [1, 2, 2, 1] }, dilations: { ints: [1, 1, 1, 1] } };
  return { ...attributes, padding: { text: padding }, data_format: { text: "NHWC" } };
}

function grown(padding: string, stride: number): Attributes {
  const strides = { ints: [1, stride, stride, 1] };
  return { strides, padding: { text: padding }, data_format: { text: "NHWC" } };
}

function masks(told: Readonly<Record<string, number>> = {}): Attributes {
  const names = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"];
  return Object.fromEntries(names.map((name) => [name, { int: told[name] ?? 0 }]));
}

/** A graph of one operator, whose result comes as a list of floats; its batch is open unless it reads constants alone. */
function graphOf(
  { op, x = map, others = [], attributes = {}, at = 0, output = 0 }: Case,
  isFolded: boolean,
) {
  const g = new GraphWriter();
  const first = isFolded
    ? g.floats("x", x)
    : g.placeholder("x", x.dims.length > 1 ? [-1, ...x.dims.slice(1)] : x.dims);
  const inputs = others.map((other, i) =>
    "ints" in other
      ? g.ints(`in${i}`, other.ints, other.dims ?? [other.ints.length])
      : g.floats(`in${i}`, other),
  );
  g.node("op", op, inputs.toSpliced(at, 0, first), attributes);
  const made = output === 0 ? "op" : `op:${output}`;
  g.node("cast", "Cast", [made], { DstT: { type: "FLOAT" } });
  if (isFolded) g.node("y", "AddV2", ["cast", g.placeholder("zero", [1])]);
  else g.node("y", "Reshape", ["cast", g.ints("list", [-1])]);
  const feeds: Record<string, Numbers> = isFolded ? { zero: { dims: [1], data: [0] } } : { x };
  return { g, feeds };
}

async function expectAsTfjs(one: Case, isFolded: boolean) {
  const { g, feeds } = graphOf(one, isFolded);
  const [wanted] = await runTfjs(g, feeds, ["y"]);
  const got = await computedOf(g, feeds, "y");
  expect(got.dims).toEqual(wanted!.dims);
  expectNear(got.data, wanted!.data, 1e-5);
}

const told = (one: Case) => `${one.op} ${JSON.stringify(one.attributes ?? {})}`.slice(0, 70);

describe("on values of a run", () => {
  const run = cases.filter(({ isConstantOnly }) => !isConstantOnly);
  test.each(run.map((one) => [told(one), one] as const))("%s", (_, one) =>
    expectAsTfjs(one, false),
  );
});

describe("on constants alone", () => {
  const folded = cases.filter(({ op }) => foldedOperators.has(op));
  test.each(folded.map((one) => [told(one), one] as const))("%s", (_, one) =>
    expectAsTfjs(one, true),
  );
});

/** Rows that TF.js does not have are tested by hand values. */
const byHand = new Set(
  (
    "BatchMatMulV3 BatchNormWithGlobalNormalization BiasAddV1 CheckNumerics Concat Div EnsureShape " +
    "FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars Gelu HardSwish IdentityN Inv LogicalAnd LogicalNot LogicalOr Merge " +
    "PlaceholderWithDefault PreventGradient Print ReadVariableOp RefMerge RefSwitch Select SelectV2 Softsign SpaceToDepth " +
    "Erfc IsFinite IsInf IsNan OnesLike ResizeBicubic ZerosLike Switch _FusedDepthwiseConv2dNative Gather BroadcastTo Shape Size Rank RandomUniform"
  ).split(" "),
);

test("every row is tested", () => {
  const tested = new Set(cases.filter((one) => !one.isConstantOnly).map(({ op }) => op));
  expect(operatorNames.filter((op) => !tested.has(op)).sort()).toEqual([...byHand].sort());
  expect(rowOf("NoSuchOperator")).toBeUndefined();
});
