/** @file PyTorch's convolutions, of one to three spatial axes. */
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

interface Convolution {
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly isTransposed: boolean;
}

/** Spatial axes by the weight: [out, in / groups, ...kernel]. */
function spatialRank(c: Call): number {
  const rank = c.tensor("weight").dims.length - 2;
  return rank >= 1 && rank <= 3 ? rank : c.refuse("kernels must have 1 to 3 axes", rank);
}

/** `padding` as numbers for both ends, or "same", of which the odd one is at the end. */
function padsOf(c: Call, dilations: readonly number[]): readonly number[] {
  const rank = spatialRank(c);
  if (c.overload !== "padding") {
    const pads = c.ints("padding", [0], rank);
    const both = pads.length === 1 ? Array<number>(rank).fill(pads[0]!) : pads;
    return [...both, ...both];
  }
  const named = c.text("padding", "valid");
  if (named === "valid") return Array<number>(2 * rank).fill(0);
  if (named !== "same") return c.refuse('padding must be "same" or "valid"', named);
  const totals = c
    .tensor("weight")
    .dims.slice(2)
    .map((size, i) => (size - 1) * dilations[i]!);
  const begins = totals.map((total) => Math.floor(total / 2));
  return [...begins, ...totals.map((total, i) => total - begins[i]!)];
}

function convolution(c: Call, isTransposed: boolean): Value {
  const rank = spatialRank(c);
  const ones = Array<number>(rank).fill(1);
  const dilations = c.ints("dilation", ones, rank);
  const strides = c.ints("stride", ones, rank);
  return withBatch(c, rank, { strides, dilations, pads: padsOf(c, dilations), isTransposed });
}

/** A picture without a batch is one of a batch of one. */
function withBatch(c: Call, rank: number, how: Convolution): Value {
  const input = c.tensor("input");
  if (input.dims.length === rank + 2) return convolved(c, input, how);
  const batch = c.b.op("Unsqueeze", [input, c.b.ints([0])]);
  return c.b.op("Squeeze", [convolved(c, batch, how), c.b.ints([0])]);
}

function convolved(c: Call, input: Value, how: Convolution): Value {
  const { strides, pads, dilations, isTransposed } = how;
  const inputs = [input, c.tensor("weight"), c.maybe("bias")];
  const group = c.int("groups", 1);
  const attributes = { strides, pads, dilations, group };
  if (!isTransposed) return c.op("Conv", inputs, attributes);
  const rank = strides.length;
  const added = c.ints("output_padding", Array<number>(rank).fill(0), rank);
  return c.op("ConvTranspose", inputs, { ...attributes, output_padding: added });
}

const plain: Rule = (c) => convolution(c, false);
const transposed: Rule = (c) => convolution(c, true);
const either: Rule = (c) => convolution(c, c.flag("transposed", false));

export const convolutions: RuleTable = {
  conv1d: plain,
  conv2d: plain,
  conv3d: plain,
  conv_transpose1d: transposed,
  conv_transpose2d: transposed,
  conv_transpose3d: transposed,
  convolution: either,
  _convolution: either,
};
