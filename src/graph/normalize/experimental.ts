/**
 * @file Operators that were experimental up to opset 9 and that ONNX Runtime still runs there (its
 * core/graph/contrib_ops), in standard operators.
 */
import { tensorOf } from "../tensor.ts";
import type { NodeRewriter, Rewrite, RewriteTable } from "./rewrite.ts";

/** MeanVarianceNormalization had two switches where it has axes today. */
export const meanVarianceNormalization: Rewrite = (to) => {
  const drop = ["across_channels", "normalize_variance"];
  const axes = to.attributes.int("across_channels", 0) === 0 ? [0, 2, 3] : [0, 1, 2, 3];
  if (to.attributes.int("normalize_variance", 1) !== 0) {
    to.change({ drop, add: { axes } });
    return;
  }
  const mean = to.add("ReduceMean", [to.input(0)], { axes, keepdims: 1 });
  to.add("Sub", [to.input(0), mean], {}, to.output());
};

/** alpha x + beta. */
const affine: Rewrite = (to) => {
  const scaled = times(to, to.input(0), to.attributes.float("alpha", 1));
  const offset = to.number(to.attributes.float("beta", 0), to.input(0));
  to.add("Add", [scaled, offset], {}, to.output());
};

/** scale x. */
const scale: Rewrite = (to) => {
  const factor = to.number(to.attributes.float("scale", 1), to.input(0));
  to.add("Mul", [to.input(0), factor], {}, to.output());
};

/** scale x + bias, one bias a channel. */
const imageScaler: Rewrite = (to) => {
  const bias = to.attributes.floats("bias");
  const exact = to.constant(tensorOf("float32", [bias.length, 1, 1], bias));
  const offset = to.add("CastLike", [exact, to.input(0)]);
  const scaled = times(to, to.input(0), to.attributes.float("scale", 1));
  to.add("Add", [scaled, offset], {}, to.output());
};

/** alpha log(1 + exp(beta x)). */
const parametricSoftplus: Rewrite = (to) => {
  const inner = times(to, to.input(0), to.attributes.float("beta"));
  const factor = to.number(to.attributes.float("alpha"), to.input(0));
  to.add("Mul", [to.add("Softplus", [inner]), factor], {}, to.output());
};

/** alpha tanh(beta x). */
const scaledTanh: Rewrite = (to) => {
  const inner = times(to, to.input(0), to.attributes.float("beta"));
  const factor = to.number(to.attributes.float("alpha"), to.input(0));
  to.add("Mul", [to.add("Tanh", [inner]), factor], {}, to.output());
};

/** A region of pictures: without `border` = (left, top, right, bottom), or of size `scale` = (height, width) from there. */
const crop: Rewrite = (to) => {
  const [left, top, right, bottom] = to.attributes.ints("border") as [
    number,
    number,
    number,
    number,
  ];
  const size = to.attributes.ints("scale", []);
  const toTheEnd = (border: number) => (border === 0 ? Number.MAX_SAFE_INTEGER : -border);
  const ends =
    size.length === 2 ? [top + size[0]!, left + size[1]!] : [toTheEnd(bottom), toTheEnd(right)];
  const bounds = [[top, left], ends, [2, 3]].map((list) => to.ints(list));
  to.add("Slice", [to.input(0), ...bounds], {}, to.output());
};

function times(to: NodeRewriter, x: string, factor: number): string {
  return factor === 1 ? x : to.add("Mul", [x, to.number(factor, x)]);
}

/** By operator. */
export const experimental: RewriteTable = {
  Affine: affine,
  Crop: crop,
  DynamicSlice: (to) => to.change({ operator: "Slice" }),
  ImageScaler: imageScaler,
  ParametricSoftplus: parametricSoftplus,
  Scale: scale,
  ScaledTanh: scaledTanh,
};
