/** @file Operators of TensorFlow Lite against hand values. */
import { expect, test } from "vitest";
import { runGraph } from "../../../test/tensorflow/compared.ts";
import { openLite, modelOf, type LiteCase } from "../../../test/tensorflow/lite-case.ts";
import type { FlatFields } from "../../../test/tensorflow/flat-writer.ts";
import { floats, ints, map, row, scalar, value } from "../../../test/tensorflow/lite-parts.ts";
import { liteRows } from "./lite-operators.ts";

const activation = (id: number, number: number): FlatFields => ({ [id]: { int8: number } });

const elementwise = (
  names: string,
  data: readonly number[],
  of: (x: number) => number,
): LiteCase[] =>
  names.split(" ").map((builtin) => ({ builtin, x: row(...data), wanted: data.map(of) }));

const paired = (builtin: string, left: number[], right: number[], wanted: number[]): LiteCase => ({
  builtin,
  x: row(...left),
  others: [floats("other", [1, right.length], right)],
  wanted,
});

const cases: readonly LiteCase[] = [
  ...elementwise("ABS", [-2, 3], Math.abs),
  ...elementwise("CEIL", [-1.5, 0.2], Math.ceil),
  ...elementwise("COS", [0, 1], Math.cos),
  ...elementwise("SIN", [0, 1], Math.sin),
  ...elementwise("DEQUANTIZE QUANTIZE ADD_N", [1, 2], (x) => x),
  ...elementwise("ELU", [-1, 2], (x) => (x < 0 ? Math.expm1(x) : x)),
  ...elementwise("EXP", [0, 1], Math.exp),
  ...elementwise("FLOOR", [-1.5, 0.2], Math.floor),
  ...elementwise("GELU", [0, 2], (x) => (x === 2 ? 1.9544997 : 0)),
  ...elementwise("HARD_SWISH", [-4, 1, 5], (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6),
  ...elementwise("LOG", [1, 2], Math.log),
  ...elementwise("LOGISTIC", [0, 1], (x) => 1 / (1 + Math.exp(-x))),
  ...elementwise("NEG", [1, -2], (x) => -x),
  ...elementwise("RELU", [-1, 8], (x) => Math.max(x, 0)),
  ...elementwise("RELU6", [-1, 8], (x) => Math.min(Math.max(x, 0), 6)),
  ...elementwise("RELU_0_TO_1", [-1, 0.3, 8], (x) => Math.min(Math.max(x, 0), 1)),
  ...elementwise("RELU_N1_TO_1", [-3, 0.3, 8], (x) => Math.min(Math.max(x, -1), 1)),
  ...elementwise("ROUND", [1.4, 2.6], Math.round),
  ...elementwise("RSQRT", [1, 4], (x) => 1 / Math.sqrt(x)),
  ...elementwise("SIGN", [-2, 3], Math.sign),
  ...elementwise("SQRT", [1, 4], Math.sqrt),
  ...elementwise("SQUARE", [-2, 3], (x) => x * x),
  ...elementwise("TANH", [0, 1], Math.tanh),
  paired("ADD", [1, 2], [3, 4], [4, 6]),
  paired("SUB", [1, 2], [3, 5], [-2, -3]),
  paired("MUL", [1, 2], [3, 4], [3, 8]),
  paired("DIV", [1, 2], [4, 4], [0.25, 0.5]),
  paired("FLOOR_DIV", [7, -7], [2, 2], [3, -4]),
  paired("FLOOR_MOD", [7, -7], [2, 2], [1, 1]),
  paired("MAXIMUM", [1, 5], [3, 4], [3, 5]),
  paired("MINIMUM", [1, 5], [3, 4], [1, 4]),
  paired("POW", [2, 3], [3, 2], [8, 9]),
  paired("SQUARED_DIFFERENCE", [1, 5], [3, 4], [4, 1]),
  paired("GREATER", [1, 5], [3, 5], [0, 0]),
  paired("GREATER_EQUAL", [1, 5], [3, 5], [0, 1]),
  paired("LESS", [1, 5], [3, 5], [1, 0]),
  paired("LESS_EQUAL", [1, 5], [3, 5], [1, 1]),
  paired("EQUAL", [1, 5], [3, 5], [0, 1]),
  paired("NOT_EQUAL", [1, 5], [3, 5], [1, 0]),
  { ...paired("ADD", [1, 2], [-3, 0.5], [-1, 1]), options: activation(0, 2) },
  { ...paired("MUL", [1, -2], [3, 4], [3, 0]), options: activation(0, 1) },
  { ...paired("PRELU", [1, -2], [3, 4], [1, -8]), others: [floats("slope", [2], [3, 4])] },
  { builtin: "LEAKY_RELU", x: row(-2, 1), options: { 0: { float32: 0.25 } }, wanted: [-0.5, 1] },
  {
    builtin: "SOFTMAX",
    x: row(0, Math.log(3)),
    options: { 0: { float32: 1 } },
    wanted: [0.25, 0.75],
  },
  {
    builtin: "SOFTMAX",
    x: row(0, Math.log(3)),
    options: { 0: { float32: 2 } },
    wanted: [0.1, 0.9],
  },
  { builtin: "LOG_SOFTMAX", x: row(0, Math.log(3)), wanted: [Math.log(0.25), Math.log(0.75)] },
  { builtin: "L2_NORMALIZATION", x: row(3, 4), wanted: [0.6, 0.8] },
  { builtin: "L2_NORMALIZATION", x: row(3e-5, 4e-5), wanted: [0.6, 0.8] },
  { builtin: "L2_NORMALIZATION", x: row(3e-7, 4e-7), wanted: [0.3, 0.4] },
  {
    builtin: "LOCAL_RESPONSE_NORMALIZATION",
    x: map(1, 1, 2, [1, 2]),
    options: { 0: { int32: 1 }, 1: { float32: 1 }, 2: { float32: 1 }, 3: { float32: 0.5 } },
    wanted: [1 / Math.sqrt(6), 2 / Math.sqrt(6)],
  },
  { builtin: "ARG_MAX", x: row(1, 5, 2), others: [scalar("axis", -1)], wanted: [1] },
  { builtin: "ARG_MIN", x: row(1, 5, 2), others: [scalar("axis", -1)], wanted: [0] },
  { builtin: "TOPK_V2", x: row(1, 5, 2), others: [scalar("k", 2)], wanted: [5, 2] },
  { builtin: "SUM", x: row(1, 5, 2), others: [ints("axes", 1)], wanted: [8] },
  { builtin: "MEAN", x: row(1, 5, 3), others: [ints("axes", 1)], wanted: [3] },
  { builtin: "REDUCE_MAX", x: row(1, 5, 3), others: [ints("axes", 1)], wanted: [5] },
  { builtin: "REDUCE_MIN", x: row(1, 5, 3), others: [ints("axes", 1)], wanted: [1] },
  { builtin: "REDUCE_PROD", x: row(1, 5, 3), others: [ints("axes", 1)], wanted: [15] },
  {
    builtin: "BATCH_MATMUL",
    x: row(3, 5),
    others: [floats("matrix", [1, 2], [2, 1])],
    options: { 0: { int8: 0 }, 1: { int8: 1 } },
    wanted: [11],
  },
  { builtin: "BROADCAST_TO", x: row(3), others: [ints("goal", 1, 2)], wanted: [3, 3] },
  { builtin: "CAST", x: row(1.5), wanted: [1.5] },
  {
    builtin: "CONCATENATION",
    x: row(1, 2),
    inputs: ["x", "x"],
    options: { 0: { int32: -1 } },
    wanted: [1, 2, 1, 2],
  },
  { builtin: "EXPAND_DIMS", x: row(1, 2), others: [scalar("axis", 1)], wanted: [1, 2] },
  {
    builtin: "GATHER",
    x: row(1, 2, 3),
    others: [ints("at", 2, 0)],
    options: { 0: { int32: 1 } },
    wanted: [3, 1],
  },
  {
    builtin: "PACK",
    x: row(1, 2),
    inputs: ["x", "x"],
    options: { 0: { int32: 2 }, 1: { int32: 1 } },
    wanted: [1, 2, 1, 2],
  },
  {
    builtin: "UNPACK",
    x: row(1, 2),
    options: { 0: { int32: 2 }, 1: { int32: 1 } },
    outputs: ["op", "second"],
    wanted: [2],
  },
  {
    builtin: "RESHAPE",
    x: map(1, 2, 2, [1, 2, 3, 4]),
    options: { 0: { ints: [1, 4] } },
    wanted: [1, 2, 3, 4],
  },
  { builtin: "REVERSE_V2", x: row(1, 2, 3), others: [ints("axes", 1)], wanted: [3, 2, 1] },
  {
    builtin: "SLICE",
    x: row(1, 2, 3),
    others: [ints("begin", 0, 1), ints("size", -1, 2)],
    wanted: [2, 3],
  },
  {
    builtin: "SPLIT",
    x: row(1, 2),
    others: [scalar("axis", 1)],
    inputs: ["axis", "x"],
    options: { 0: { int32: 2 } },
    outputs: ["op", "second"],
    wanted: [2],
  },
  {
    builtin: "SPLIT_V",
    x: row(1, 2, 3),
    others: [ints("sizes", 1, 2), scalar("axis", 1)],
    outputs: ["op", "second"],
    wanted: [2, 3],
  },
  { builtin: "SQUEEZE", x: map(1, 1, 2, [1, 2]), options: { 0: { ints: [1, 2] } }, wanted: [1, 2] },
  {
    builtin: "STRIDED_SLICE",
    x: row(1, 2, 3),
    others: [ints("begin", 0, 2), ints("end", 0, 0), ints("step", 1, -1)],
    options: { 0: { int32: 1 }, 1: { int32: 1 } },
    wanted: [3, 2],
  },
  { builtin: "TILE", x: row(1, 2), others: [ints("times", 1, 2)], wanted: [1, 2, 1, 2] },
  {
    builtin: "TRANSPOSE",
    x: map(2, 2, 1, [1, 2, 3, 4]),
    others: [ints("order", 0, 2, 1, 3)],
    wanted: [1, 3, 2, 4],
  },
  {
    builtin: "PAD",
    x: row(1, 2),
    others: [{ ...ints("pads", 0, 0, 1, 0), shape: [2, 2] }],
    wanted: [0, 1, 2],
  },
  {
    builtin: "PADV2",
    x: row(1, 2),
    others: [{ ...ints("pads", 0, 0, 1, 0), shape: [2, 2] }, floats("fill", [], [7])],
    wanted: [7, 1, 2],
  },
  {
    builtin: "MIRROR_PAD",
    x: row(1, 2, 3),
    others: [{ ...ints("pads", 0, 0, 1, 0), shape: [2, 2] }],
    options: { 0: { int8: 0 } },
    wanted: [2, 1, 2, 3],
  },
  {
    builtin: "DEPTH_TO_SPACE",
    x: map(1, 1, 4, [1, 2, 3, 4]),
    options: { 0: { int32: 2 } },
    wanted: [1, 2, 3, 4],
  },
  {
    builtin: "SPACE_TO_DEPTH",
    x: map(2, 2, 1, [1, 2, 3, 4]),
    options: { 0: { int32: 2 } },
    wanted: [1, 2, 3, 4],
  },
  {
    builtin: "RESIZE_BILINEAR",
    x: map(1, 2, 1, [0, 1]),
    others: [ints("size", 1, 4)],
    options: { 3: { int8: 1 } },
    wanted: [0, 0.25, 0.75, 1],
  },
  {
    builtin: "RESIZE_NEAREST_NEIGHBOR",
    x: map(1, 2, 1, [0, 1]),
    others: [ints("size", 1, 4)],
    wanted: [0, 0, 1, 1],
  },
  {
    builtin: "AVERAGE_POOL_2D",
    x: map(1, 3, 1, [1, 2, 3]),
    options: { 0: { int8: 0 }, 1: { int32: 2 }, 2: { int32: 1 }, 3: { int32: 2 }, 4: { int32: 1 } },
    wanted: [1.5, 3],
  },
  {
    builtin: "MAX_POOL_2D",
    x: map(1, 3, 1, [1, 2, 8]),
    options: {
      0: { int8: 0 },
      1: { int32: 2 },
      2: { int32: 1 },
      3: { int32: 2 },
      4: { int32: 1 },
      5: { int8: 3 },
    },
    wanted: [2, 6],
  },
  {
    builtin: "CONV_2D",
    x: map(1, 1, 2, [1, 2]),
    others: [floats("kernel", [2, 1, 1, 2], [1, 2, 3, 4]), floats("bias", [2], [10, -20])],
    options: { 1: { int32: 1 }, 2: { int32: 1 }, 3: { int8: 1 } },
    wanted: [15, 0],
  },
  {
    builtin: "DEPTHWISE_CONV_2D",
    x: map(1, 1, 2, [1, 2]),
    others: [floats("kernel", [1, 1, 1, 4], [3, 4, 5, 6])],
    options: { 1: { int32: 1 }, 2: { int32: 1 }, 3: { int32: 2 } },
    wanted: [3, 4, 10, 12],
    made: [1, 1, 1, 4],
  },
  {
    builtin: "TRANSPOSE_CONV",
    x: map(1, 2, 1, [1, 2]),
    others: [
      ints("size", 1, 1, 4, 1),
      floats("kernel", [1, 1, 3, 1], [1, 10, 100]),
      floats("bias", [1], [0.5]),
    ],
    inputs: ["size", "kernel", "x", "bias"],
    options: { 1: { int32: 2 }, 2: { int32: 1 } },
    wanted: [1.5, 10.5, 102.5, 20.5],
  },
  {
    builtin: "FULLY_CONNECTED",
    x: map(2, 2, 2, [0, 1, 2, 3, 4, 5, 6, 7]),
    others: [floats("kernel", [1, 8], [1, 2, 3, 4, 5, 6, 7, 8])],
    wanted: [168],
  },
  {
    builtin: "FULLY_CONNECTED",
    x: { dims: [1, 2, 2], data: [1, 2, 3, 4] },
    others: [floats("kernel", [1, 2], [1, 10]), floats("bias", [1], [0.5])],
    options: { 2: { int8: 1 }, 0: { int8: 3 } },
    wanted: [6, 6],
  },
];

test.each(cases.map((one, i) => [`${i} ${one.builtin}`, one] as const))("%s", async (_, one) => {
  const { data } = await runGraph(await openLite(modelOf(one)), { x: one.x }, "y");
  expect(data).toEqual(one.wanted.map((number) => expect.closeTo(number, 5)));
});

/** On truths, on constants or in pairs: tested with those of TensorFlow, as graphs that are drawn, or below. */
const elsewhere =
  "BATCH_TO_SPACE_ND FILL LOGICAL_AND LOGICAL_NOT LOGICAL_OR RANGE RANK SELECT SELECT_V2 SHAPE SPACE_TO_BATCH_ND ZEROS_LIKE";

test("every row is tested", () => {
  const tested = new Set(cases.map(({ builtin }) => builtin));
  const missing = Object.keys(liteRows).filter((name) => !tested.has(name));
  expect(missing.sort()).toEqual(elsewhere.split(" "));
});

test("a dilated convolution in three operators is one", async () => {
  const window: FlatFields = { 0: { int8: 1 }, 1: { int32: 1 }, 2: { int32: 1 } };
  const graph = await openLite({
    tensors: [
      value("x", [1, 1, 5, 1]),
      ints("block", 1, 2),
      { ...ints("borders", 0, 0, 2, 3), shape: [2, 2] },
      { ...ints("crops", 0, 0, 0, 1), shape: [2, 2] },
      value("dealt", [2, 1, 5, 1]),
      floats("kernel", [1, 1, 3, 1], [1, 10, 100]),
      value("convolved", [2, 1, 3, 1]),
      value("y", [1, 1, 5, 1]),
    ],
    operators: [
      { builtin: "SPACE_TO_BATCH_ND", inputs: ["x", "block", "borders"], outputs: ["dealt"] },
      { builtin: "CONV_2D", inputs: ["dealt", "kernel"], outputs: ["convolved"], options: window },
      { builtin: "BATCH_TO_SPACE_ND", inputs: ["convolved", "block", "crops"], outputs: ["y"] },
    ],
    inputs: ["x"],
    outputs: ["y"],
  });
  const x = map(1, 5, 1, [1, 2, 3, 4, 5]);
  expect((await runGraph(graph, { x }, "y")).data).toEqual([310, 420, 531, 42, 53]);
});
