/** @file THE table of TensorFlow Lite's operators, told as TensorFlow's. */
import type { InputReference } from "../tensorflow/description.ts";
import { activatedResult } from "./lite-activations.ts";
import { liteLayers } from "./lite-layers.ts";
import type { LiteOperation } from "./lite-writer.ts";

/** How an operator is told: its result, by the name of its first output. */
export type LiteRow = (o: LiteOperation) => InputReference;

/** The same operator of TensorFlow, on all inputs. */
const as =
  (op: string): LiteRow =>
  (o) =>
    o.result(op, o.inputs);

/** As `as`, with an activation by option 0. */
const activated =
  (op: string): LiteRow =>
  (o) =>
    activatedResult(o, o.options.int8(0), (named) => named(op, o.inputs));

const keepDims =
  (op: string): LiteRow =>
  (o) =>
    o.result(op, o.inputs, { keep_dims: o.options.truth(0) });

const resized =
  (op: string, first: number): LiteRow =>
  (o) =>
    o.result(op, o.inputs, {
      align_corners: o.options.truth(first),
      half_pixel_centers: o.options.truth(first + 1),
    });

const blocks =
  (op: string): LiteRow =>
  (o) =>
    o.result(op, o.inputs, { block_size: o.options.int32(0) });

const clipped =
  (low: number, high: number): LiteRow =>
  (o) =>
    o.result("ClipByValue", [o.input(0), o.float("low", low), o.float("high", high)]);

const place =
  (op: string): LiteRow =>
  (o) => {
    return o.result(op, o.inputs, { output_type: o.resultType });
  };

const joined: LiteRow = (o) => {
  const axis = o.ints("axis", [o.options.int32(0)], true);
  const inputs = o.inputs;
  return activatedResult(o, o.options.int8(1), (named) => named("ConcatV2", [...inputs, axis]));
};

const normalized: LiteRow = (o) => {
  const axis = o.ints("axis", [-1]);
  const squares = o.step("squares", "Square", [o.input(0)]);
  const sum = o.step("sum", "Sum", [squares, axis], { keep_dims: true });
  // The length is 1e-6 at least.
  const positive = o.step("positive", "Maximum", [sum, o.float("least", 1e-12)]);
  const inverse = o.step("inverse", "Rsqrt", [positive]);
  return o.result("Mul", [o.input(0), inverse]);
};

const softmax: LiteRow = (o) => {
  const beta = o.options.float32(0, 1);
  if (beta === 1) return o.result("Softmax", [o.input(0)]);
  return o.result("Softmax", [o.step("scaled", "Mul", [o.input(0), o.float("beta", beta)])]);
};

const strided: LiteRow = (o) => {
  if (o.options.truth(5)) throw o.refused("must have ends, got lengths");
  return o.result("StridedSlice", o.inputs, {
    begin_mask: o.options.int32(0),
    end_mask: o.options.int32(1),
    ellipsis_mask: o.options.int32(2),
    new_axis_mask: o.options.int32(3),
    shrink_axis_mask: o.options.int32(4),
  });
};

/** The axes of a batch of one are told open, so that more examples fit where the rest lets them. */
const reshaped: LiteRow = (o) => {
  const told = o.has(1) ? o.tensor(1) : undefined;
  if (told && !told.data) return o.result("Reshape", [o.input(0), o.input(1)]);
  const shape = told ? Array.from(o.weights(1).data as Int32Array, Number) : o.options.ints(0);
  const isBatch = shape[0] === 1 && o.tensor(0).shape[0] === 1 && !shape.includes(-1);
  const target = isBatch && shape.length > 1 ? [-1, ...shape.slice(1)] : shape;
  return o.result("Reshape", [o.input(0), o.ints("shape", target)]);
};

const localNormalized: LiteRow = (o) =>
  o.result("LRN", [o.input(0)], {
    depth_radius: o.options.int32(0),
    bias: o.options.float32(1),
    alpha: o.options.float32(2),
    beta: o.options.float32(3),
  });

const gathered: LiteRow = (o) =>
  o.result("GatherV2", [o.input(0), o.input(1), o.ints("axis", [o.options.int32(0)], true)], {
    batch_dims: o.options.int32(1),
  });

const mirrored: LiteRow = (o) =>
  o.result("MirrorPad", o.inputs, { mode: o.options.int8(0) === 0 ? "REFLECT" : "SYMMETRIC" });

const plainNames: Readonly<Record<string, string>> = {
  ABS: "Abs",
  ADD_N: "AddN",
  BATCH_TO_SPACE_ND: "BatchToSpaceND",
  BROADCAST_TO: "BroadcastTo",
  CEIL: "Ceil",
  COS: "Cos",
  DEQUANTIZE: "Identity",
  ELU: "Elu",
  EQUAL: "Equal",
  EXP: "Exp",
  EXPAND_DIMS: "ExpandDims",
  FILL: "Fill",
  FLOOR: "Floor",
  FLOOR_DIV: "FloorDiv",
  FLOOR_MOD: "FloorMod",
  GREATER: "Greater",
  GREATER_EQUAL: "GreaterEqual",
  HARD_SWISH: "HardSwish",
  LESS: "Less",
  LESS_EQUAL: "LessEqual",
  LOG: "Log",
  LOG_SOFTMAX: "LogSoftmax",
  LOGICAL_AND: "LogicalAnd",
  LOGICAL_NOT: "LogicalNot",
  LOGICAL_OR: "LogicalOr",
  LOGISTIC: "Sigmoid",
  MAXIMUM: "Maximum",
  MINIMUM: "Minimum",
  NEG: "Neg",
  NOT_EQUAL: "NotEqual",
  PAD: "Pad",
  PADV2: "PadV2",
  POW: "Pow",
  PRELU: "Prelu",
  QUANTIZE: "Identity",
  RANGE: "Range",
  RANK: "Rank",
  RELU: "Relu",
  RELU6: "Relu6",
  REVERSE_V2: "ReverseV2",
  ROUND: "Round",
  RSQRT: "Rsqrt",
  SELECT: "Select",
  SELECT_V2: "SelectV2",
  SHAPE: "Shape",
  SIGN: "Sign",
  SIN: "Sin",
  SLICE: "Slice",
  SPACE_TO_BATCH_ND: "SpaceToBatchND",
  SQRT: "Sqrt",
  SQUARE: "Square",
  SQUARED_DIFFERENCE: "SquaredDifference",
  SPLIT_V: "SplitV",
  TANH: "Tanh",
  TILE: "Tile",
  TOPK_V2: "TopKV2",
  TRANSPOSE: "Transpose",
  ZEROS_LIKE: "ZerosLike",
};

/** Rows by the names of builtin operators. */
export const liteRows: Readonly<Record<string, LiteRow>> = {
  ...Object.fromEntries(Object.entries(plainNames).map(([lite, op]) => [lite, as(op)])),
  ...liteLayers,
  ADD: activated("AddV2"),
  SUB: activated("Sub"),
  MUL: activated("Mul"),
  DIV: activated("RealDiv"),
  ARG_MAX: place("ArgMax"),
  ARG_MIN: place("ArgMin"),
  BATCH_MATMUL: (o) =>
    o.result("BatchMatMulV2", o.inputs, {
      adj_x: o.options.truth(0),
      adj_y: o.options.truth(1),
    }),
  CAST: (o) => o.result("Cast", o.inputs, { DstT: o.resultType }),
  CONCATENATION: joined,
  DEPTH_TO_SPACE: blocks("DepthToSpace"),
  GATHER: gathered,
  GELU: (o) => o.result("Gelu", o.inputs, { approximate: o.options.truth(0) }),
  L2_NORMALIZATION: normalized,
  LEAKY_RELU: (o) => o.result("LeakyRelu", o.inputs, { alpha: o.options.float32(0) }),
  LOCAL_RESPONSE_NORMALIZATION: localNormalized,
  MEAN: keepDims("Mean"),
  MIRROR_PAD: mirrored,
  PACK: (o) => o.result("Pack", o.inputs, { axis: o.options.int32(1) }),
  REDUCE_MAX: keepDims("Max"),
  REDUCE_MIN: keepDims("Min"),
  REDUCE_PROD: keepDims("Prod"),
  RELU_0_TO_1: clipped(0, 1),
  RELU_N1_TO_1: clipped(-1, 1),
  RESHAPE: reshaped,
  RESIZE_BILINEAR: resized("ResizeBilinear", 2),
  RESIZE_NEAREST_NEIGHBOR: resized("ResizeNearestNeighbor", 0),
  SOFTMAX: softmax,
  SPACE_TO_DEPTH: blocks("SpaceToDepth"),
  SPLIT: (o) => o.result("Split", o.inputs, { num_split: o.options.int32(0) }),
  SQUEEZE: (o) => o.result("Squeeze", o.inputs, { squeeze_dims: o.options.ints(0) }),
  STRIDED_SLICE: strided,
  SUM: keepDims("Sum"),
  UNPACK: (o) => o.result("Unpack", o.inputs, { axis: o.options.int32(1) }),
};
