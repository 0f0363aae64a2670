/** @file Layers of TensorFlow Lite, whose weights lie [out, h, w, in] and [units, inputs]. */
import type { InputReference } from "../tensorflow/description.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { activatedResult } from "./lite-activations.ts";
import type { LiteRow } from "./lite-operators.ts";
import type { LiteOperation } from "./lite-writer.ts";

/** How a window goes over the places, by options that have padding and strides first. */
function windowOf(o: LiteOperation) {
  const [width, height] = [o.options.int32(1, 1), o.options.int32(2, 1)];
  return {
    padding: o.options.int8(0) === 0 ? "SAME" : "VALID",
    strides: [1, height, width, 1],
  };
}

function dilationsOf(o: LiteOperation, first: number) {
  return [1, o.options.int32(first + 1, 1), o.options.int32(first, 1), 1];
}

/** A bias, if there is one, and what it is fused by. */
function biased(o: LiteOperation, inputs: readonly InputReference[]) {
  if (!o.has(2)) return { inputs, fused: {} };
  return { inputs: [...inputs, o.input(2)], fused: { fused_ops: ["BiasAdd"] } };
}

const convolution: LiteRow = (o) => {
  const { inputs, fused } = biased(o, [o.input(0), o.turned(1, [1, 2, 3, 0])]);
  const attributes = { ...windowOf(o), ...fused, dilations: dilationsOf(o, 4) };
  return activatedResult(o, o.options.int8(3), (named) =>
    named("_FusedConv2D", inputs, attributes),
  );
};

const depthwise: LiteRow = (o) => {
  const weights = o.weights(1);
  const [one, h = 0, w = 0, all = 0] = weights.dims;
  const channels = o.tensor(0).shape[3] ?? 0;
  if (one !== 1 || weights.dims.length !== 4 || !Number.isInteger(all / channels)) {
    throw o.refused(`must have weights for ${channels} channels, got [${weights.dims.join(", ")}]`);
  }
  const kernel = o.constant("filter", { ...weights, dims: [h, w, channels, all / channels] });
  const { inputs, fused } = biased(o, [o.input(0), kernel]);
  const attributes = { ...windowOf(o), ...fused, dilations: dilationsOf(o, 5) };
  return activatedResult(o, o.options.int8(4), (named) =>
    named("FusedDepthwiseConv2dNative", inputs, attributes),
  );
};

const transposed: LiteRow = (o) => {
  const kernel = o.turned(1, [1, 2, 0, 3]);
  const inputs = [o.input(0), kernel, o.input(2)];
  const window = windowOf(o);
  return activatedResult(o, o.options.int8(3), (named) => {
    if (!o.has(3)) return named("Conv2DBackpropInput", inputs, window);
    const part = o.step("transposed", "Conv2DBackpropInput", inputs, window);
    return named("BiasAdd", [part, o.input(3)]);
  });
};

const dense: LiteRow = (o) => {
  if (o.options.int8(1) !== 0) throw o.refused("must have weights in their usual order");
  const { shape } = o.tensor(0);
  const weights = o.tensor(1);
  const keepsAxes = o.options.truth(2) && shape.length > 2;
  const { inputs, fused } = biased(o, [rowsOf(o, keepsAxes), o.input(1)]);
  const isStored = weights.data !== undefined;
  return activatedResult(o, o.options.int8(0), (named) => {
    if (isStored) return named("_FusedMatMul", inputs, { ...fused, transpose_b: true });
    const [x, matrix, bias] = inputs as [InputReference, InputReference, InputReference?];
    if (!bias) return named("BatchMatMulV2", [x, matrix], { adj_y: true });
    const product = o.step("product", "BatchMatMulV2", [x, matrix], { adj_y: true });
    return named("AddV2", [product, bias]);
  });
};

/** Input 0 as rows of as many numbers as a unit has weights. */
function rowsOf(o: LiteOperation, keepsAxes: boolean): InputReference {
  const { shape } = o.tensor(0);
  const inputs = o.tensor(1).shape[1] ?? 0;
  if (keepsAxes || (shape.length === 2 && shape[1] === inputs)) return o.input(0);
  const target = o.constant("rows/shape", tensorOf("int32", [2], [-1, inputs]));
  return o.step("rows", "Reshape", [o.input(0), target]);
}

const pooled =
  (op: string): LiteRow =>
  (o) => {
    const ksize = [1, o.options.int32(4), o.options.int32(3), 1];
    const attributes = { ...windowOf(o), ksize };
    return activatedResult(o, o.options.int8(5), (named) => named(op, [o.input(0)], attributes));
  };

export const liteLayers: Readonly<Record<string, LiteRow>> = {
  AVERAGE_POOL_2D: pooled("AvgPool"),
  CONV_2D: convolution,
  DEPTHWISE_CONV_2D: depthwise,
  FULLY_CONNECTED: dense,
  MAX_POOL_2D: pooled("MaxPool"),
  TRANSPOSE_CONV: transposed,
};
