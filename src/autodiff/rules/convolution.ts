/** @file Gradient rules of the convolutions. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import { coverageOf, transposedWindowsOf, windowsOf } from "../../graph/windows.ts";
import type { GradientRule, RuleTable } from "../rule.ts";
import {
  convolutionBiasGradient,
  convolutionInputGradient,
  convolutionWeightGradient,
} from "./convolution-gradients.ts";
import { cropped, type Convolution } from "./striding.ts";

/** y = W * x + b: dx = W^T * dy (the transposed convolution), dW = dy correlated with x, db = sum of dy. */
const conv: GradientRule = (n, b) => {
  const [x, w, dy] = [n.in(0), n.in(1), n.grad(0)];
  const spatial = x.dims.slice(2);
  const windows = windowsOf(n, spatial, w.dims.slice(2));
  const convolution = { windows, spatial, groups: n.int("group", 1) };
  return [
    n.needs(0) ? convolutionInputGradient(b, dy, w, convolution) : null,
    n.needs(1) ? convolutionWeightGradient(b, x, dy, convolution) : null,
    ...(n.needs(2) ? [convolutionBiasGradient(b, dy)] : []),
  ];
};

/** y = W^T * x + b: the roles of a Conv's input and output change places, so dx = W * dy, dW = x correlated with dy. */
const convTranspose: GradientRule = (n, b) => {
  const [x, w, dy] = [n.in(0), n.in(1), n.grad(0)];
  const spatial = x.dims.slice(2);
  const windows = { ...transposedWindowsOf(n, spatial, w.dims.slice(2)), output: spatial };
  const convolution = { windows, spatial: dy.dims.slice(2), groups: n.int("group", 1) };
  return [
    n.needs(0) ? convolve(b, dy, w, convolution) : null,
    n.needs(1) ? convolutionWeightGradient(b, dy, x, convolution) : null,
    ...(n.needs(2) ? [convolutionBiasGradient(b, dy)] : []),
  ];
};

/** The Conv with exactly these windows; what they leave unread at the end is cropped. */
function convolve(
  b: GraphBuilder,
  x: Value,
  w: Value,
  { windows, spatial, groups }: Convolution,
): Value {
  const coverage = coverageOf(windows);
  const end = spatial.map((size, axis) => coverage[axis]! - windows.padsBegin[axis]! - size);
  const { value, pads } = cropped(b, x, { begin: windows.padsBegin, end });
  return b.op("Conv", [value, w], {
    kernel_shape: windows.kernel,
    strides: windows.strides,
    dilations: windows.dilations,
    pads,
    group: groups,
  });
}

export const convolution = {
  // y = W * x + b; dx = W^T * dy (the transposed convolution), dW = dy correlated with x, db = sum of dy
  Conv: conv,
  // y = W^T * x + b; dx = W * dy (the convolution), dW = x correlated with dy, db = sum of dy
  ConvTranspose: convTranspose,
} satisfies RuleTable;
