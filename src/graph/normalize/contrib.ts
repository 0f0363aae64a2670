/**
 * @file Operators of ONNX Runtime's own domain that its optimiser and some exporters write for networks
 * that look at pictures, in standard operators. Facts: ONNX Runtime, docs/ContribOperators.md.
 */
import type { Attribute } from "../graph.ts";
import { multiHeadAttention, packedAttention } from "./contrib-attention.ts";
import { quantized } from "./contrib-quantized.ts";
import type { NodeRewriter, Rewrite, RewriteTable } from "./rewrite.ts";
import { normalizeRootMeanSquare } from "./rms-normalization.ts";

/** The attributes named, as they are, for a node that is not the same any more. */
function keptAttributes(to: NodeRewriter, names: readonly string[]) {
  const kept = names.flatMap((name): [string, Attribute["value"]][] => {
    const attribute = to.node.attributes[name];
    return attribute ? [[name, attribute.value]] : [];
  });
  return Object.fromEntries(kept);
}

/** Parameters of the activation functions that fused operators end with, in the order they are stored. */
const activationParameters: Readonly<Record<string, readonly string[]>> = {
  HardSigmoid: ["alpha", "beta"],
  HardSwish: [],
  LeakyRelu: ["alpha"],
  Relu: [],
  Sigmoid: [],
  Tanh: [],
};

/** Adds the activation function that a fused operator ends with. */
function activate(
  to: NodeRewriter,
  value: string,
  activation: string,
  parameters: readonly number[],
): void {
  if (activation === "") {
    to.add("Identity", [value], {}, to.output());
  } else if (activation === "Clip") {
    const bounds = parameters.map((bound) => to.number(bound, value));
    to.add("Clip", [value, ...bounds], {}, to.output());
  } else {
    const names = activationParameters[activation] ?? [];
    const attributes = Object.fromEntries(names.map((name, i) => [name, parameters[i]]));
    to.add(activation, [value], attributes, to.output());
  }
}

function isKnownActivation(activation: string): boolean {
  return ["", "Clip"].includes(activation) || Object.hasOwn(activationParameters, activation);
}

const convolutionAttributes = ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"];

/** activation(Conv(x, w, bias) + sum). */
const fusedConv: Rewrite = (to) => {
  const activation = to.attributes.string("activation", "");
  if (!isKnownActivation(activation)) {
    to.leave();
    return;
  }
  const convolved = to.add(
    "Conv",
    [to.input(0), to.input(1), to.optionalInput(2)],
    keptAttributes(to, convolutionAttributes),
  );
  const other = to.optionalInput(3);
  const sum = other === "" ? convolved : to.add("Add", [convolved, other]);
  activate(to, sum, activation, to.attributes.floats("activation_params", []));
};

/** activation(alpha A B + beta C). */
const fusedGemm: Rewrite = (to) => {
  const activation = to.attributes.string("activation", "");
  const parameters = ["activation_alpha", "activation_beta"].flatMap((name) =>
    to.attributes.has(name) ? [to.attributes.float(name)] : [],
  );
  if (!isKnownActivation(activation)) {
    to.leave();
    return;
  }
  const attributes = keptAttributes(to, ["alpha", "beta", "transA", "transB"]);
  const product = to.add("Gemm", [to.input(0), to.input(1), to.optionalInput(2)], attributes);
  activate(to, product, activation, parameters);
};

function swapLastAxes(to: NodeRewriter, x: string): string {
  const { rank } = to.factsOf(x);
  // A permutation names all axes, an ellipsis those that are not known here.
  if (rank === undefined) return to.add("Einsum", [x], { equation: "...ij->...ji" });
  const order = Array.from({ length: rank }, (_, i) => i);
  return to.add("Transpose", [x], { perm: [...order.slice(0, -2), rank - 1, rank - 2] });
}

/** alpha A B, with the last two axes of either swapped. */
const fusedMatMul: Rewrite = (to) => {
  if (["transBatchA", "transBatchB"].some((flag) => to.attributes.int(flag, 0) !== 0)) {
    to.leave();
    return;
  }
  const operands = ["transA", "transB"].map((flag, i) =>
    to.attributes.int(flag, 0) === 0 ? to.input(i) : swapLastAxes(to, to.input(i)),
  );
  const product = to.add("MatMul", operands);
  const alpha = to.number(to.attributes.float("alpha", 1), to.input(0));
  to.add("Mul", [product, alpha], {}, to.output());
};

/** Gelu of x, or of the sum of x and a bias. */
function gelu(approximate: "none" | "tanh"): Rewrite {
  return (to) => {
    const [x, bias] = [to.input(0), to.optionalInput(1)];
    const sum = bias === "" ? x : to.add("Add", [x, bias]);
    to.add("Gelu", [sum], { approximate }, to.output());
  };
}

/** x sigmoid(alpha x). */
const quickGelu: Rewrite = (to) => {
  const x = to.input(0);
  const alpha = to.number(to.attributes.float("alpha", 1.702), x);
  const gate = to.add("Sigmoid", [to.add("Mul", [x, alpha])]);
  to.add("Mul", [x, gate], {}, to.output());
};

/** The sum that a normalisation begins with: x + skip + bias, also given out as the fourth output. */
function skipSum(to: NodeRewriter, bias: string): string {
  const output = to.optionalOutput(3) || undefined;
  const parts = [to.input(0), to.input(1)];
  if (bias === "") return to.add("Add", parts, {}, output);
  return to.add("Add", [to.add("Add", parts), bias], {}, output);
}

const skipLayerNormalization: Rewrite = (to) => {
  const sum = skipSum(to, to.optionalInput(4));
  const outputs = [to.output(), to.optionalOutput(1), to.optionalOutput(2)];
  const epsilon = to.attributes.float("epsilon", 1e-12);
  to.addAll("LayerNormalization", [sum, to.input(2), to.optionalInput(3)], outputs, {
    axis: -1,
    epsilon,
  });
};

const skipSimplifiedLayerNormalization: Rewrite = (to) => {
  const sum = skipSum(to, to.optionalInput(3));
  const epsilon = to.attributes.float("epsilon", 1e-12);
  const { result, inverse } = normalizeRootMeanSquare(to, sum, -1, epsilon);
  giveInverse(to, inverse, 2);
  to.add("Mul", [result, to.input(2)], {}, to.output());
};

const simplifiedLayerNormalization: Rewrite = (to) => {
  const axis = to.attributes.int("axis", -1);
  const epsilon = to.attributes.float("epsilon", 1e-5);
  const { result, inverse } = normalizeRootMeanSquare(to, to.input(0), axis, epsilon);
  giveInverse(to, inverse, 1);
  to.add("Mul", [result, to.input(1)], {}, to.output());
};

/** 1 / rms(x), if somebody wants it. */
function giveInverse(to: NodeRewriter, inverse: string, i: number): void {
  const output = to.optionalOutput(i);
  if (output !== "") to.add("Identity", [inverse], {}, output);
}

/** MaxPool of bytes whose channels come last. */
const channelsLastMaxPool: Rewrite = (to) => {
  const names = ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides"];
  const rank = to.attributes.ints("kernel_shape").length + 2;
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const first = to.add("Transpose", [to.input(0)], { perm: [0, rank - 1, ...spatial] });
  const pooled = to.add("MaxPool", [first], keptAttributes(to, names));
  const perm = [0, ...spatial.map((axis) => axis + 1), 1];
  to.add("Transpose", [pooled], { perm }, to.output());
};

/** An operator that the standard took over as it was. */
const standard: Rewrite = (to) => to.change({});

const gridSample: Rewrite = (to) => {
  const mode = to.attributes.string("mode", "bilinear").replace(/^bi/, "");
  to.change({ add: { mode } });
};

/** THE table of ONNX Runtime's operators. */
export const contrib: RewriteTable = {
  ...quantized,
  Attention: packedAttention,
  BiasGelu: gelu("none"),
  DequantizeLinear: standard,
  FastGelu: gelu("tanh"),
  FusedConv: fusedConv,
  FusedGemm: fusedGemm,
  FusedMatMul: fusedMatMul,
  Gelu: gelu("none"),
  GridSample: gridSample,
  MultiHeadAttention: multiHeadAttention,
  NhwcMaxPool: channelsLastMaxPool,
  Pad: standard,
  QuantizeLinear: standard,
  QuickGelu: quickGelu,
  SimplifiedLayerNormalization: simplifiedLayerNormalization,
  SkipLayerNormalization: skipLayerNormalization,
  SkipSimplifiedLayerNormalization: skipSimplifiedLayerNormalization,
  TransposeMatMul: fusedMatMul,
  Trilu: standard,
};
