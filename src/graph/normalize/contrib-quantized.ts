/** @file ONNX Runtime's operators on quantised numbers: the numbers as floats, the operator, and back. */
import type { NodeRewriter, Rewrite, RewriteTable } from "./rewrite.ts";

/** The input at a place, with its scale and zero point at the two places after it, as floats. */
function floats(to: NodeRewriter, i: number): string {
  return to.add("DequantizeLinear", [to.input(i), to.input(i + 1), to.optionalInput(i + 2)]);
}

/** Gives a float value out, quantised by the scale and zero point at two places. */
function quantize(to: NodeRewriter, value: string, i: number): void {
  to.add("QuantizeLinear", [value, to.input(i), to.optionalInput(i + 1)], {}, to.output());
}

const ofTwo =
  (operator: string): Rewrite =>
  (to) =>
    quantize(to, to.add(operator, [floats(to, 0), floats(to, 3)]), 6);

const ofOne =
  (operator: string, attributes: (to: NodeRewriter) => Record<string, number | string>): Rewrite =>
  (to) =>
    quantize(to, to.add(operator, [floats(to, 0)], attributes(to)), 3);

/** A pool; where the channels come last, they are brought to the front and back. */
const globalAveragePool: Rewrite = (to) => {
  if (to.attributes.int("channels_last", 0) !== 0) to.leave();
  else quantize(to, to.add("GlobalAveragePool", [floats(to, 0)]), 3);
};

/** Concat of triples of numbers, scale and zero point, after the scale and zero point of the result. */
const concat: Rewrite = (to) => {
  const parts: string[] = [];
  for (let i = 2; i < to.node.inputs.length; i += 3) parts.push(floats(to, i));
  quantize(to, to.add("Concat", parts, { axis: to.attributes.int("axis") }), 0);
};

/** Softmax before opset 13 took the axes from `axis` on as one; only the last axis means the same. */
const softmax: Rewrite = (to) => {
  const axis = to.attributes.int("axis", -1);
  if (axis !== -1 && to.attributes.int("opset") < 13) to.leave();
  else quantize(to, to.add("Softmax", [floats(to, 0)], { axis }), 3);
};

/** Operators on quantised numbers. */
export const quantized: RewriteTable = {
  QLinearAdd: ofTwo("Add"),
  QLinearConcat: concat,
  QLinearGlobalAveragePool: globalAveragePool,
  QLinearLeakyRelu: ofOne("LeakyRelu", (to) => ({ alpha: to.attributes.float("alpha", 0.01) })),
  QLinearMul: ofTwo("Mul"),
  QLinearSigmoid: ofOne("Sigmoid", () => ({})),
  QLinearSoftmax: softmax,
};
