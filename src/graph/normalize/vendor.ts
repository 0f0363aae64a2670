/** @file Operators of ONNX Runtime's own domain that exporters write, in standard operators. */
import type { AttributeReader } from "../attributes.ts";
import type { Node } from "../graph.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

const convolutionAttributes = ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"];

/** Adds the activation function that a fused operator ends with. */
function addActivation(
  node: Node,
  to: NodeRewriter,
  attributes: AttributeReader,
  value: string,
  output: string,
): void {
  const activation = attributes.string("activation", "");
  const parameters = attributes.floats("activation_params", []);
  const [alpha, beta] = parameters;
  if (activation === "Clip") {
    const bounds = [alpha ?? 0, beta ?? 0].map((bound) => to.scalar(node, bound));
    to.add(node, "Clip", [value, ...bounds], {}, output);
  } else if (activation === "") {
    to.add(node, "Identity", [value], {}, output);
  } else {
    to.add(node, activation, [value], { alpha, beta }, output);
  }
}

const fusedConv: Rewrite = (node, to, attributes) => {
  const [x, w, bias, sum] = node.inputs as [string, string, string?, string?];
  const kept = Object.fromEntries(
    convolutionAttributes.flatMap((name) => {
      const attribute = node.attributes[name];
      return attribute ? [[name, attribute.value]] : [];
    }),
  ) as Record<string, number>;
  const convolved = to.add(node, "Conv", [x, w, bias ?? ""], kept);
  const added = sum ? to.add(node, "Add", [convolved, sum]) : convolved;
  addActivation(node, to, attributes, added, node.outputs[0]!);
};

const fusedMatMul: Rewrite = (node, to, attributes) => {
  const flags = ["transA", "transB", "transBatchA", "transBatchB"];
  if (flags.some((flag) => attributes.int(flag, 0) !== 0)) {
    to.keep(node);
    return;
  }
  const product = to.add(node, "MatMul", node.inputs);
  const alpha = to.scalar(node, attributes.float("alpha", 1));
  to.add(node, "Mul", [product, alpha], {}, node.outputs[0]);
};

function gelu(approximate: "none" | "tanh"): Rewrite {
  return (node, to) => {
    const [x, bias] = node.inputs as [string, string?];
    const shifted = bias ? to.add(node, "Add", [x, bias]) : x;
    to.add(node, "Gelu", [shifted], { approximate }, node.outputs[0]);
  };
}

const quickGelu: Rewrite = (node, to, attributes) => {
  const [x] = node.inputs as [string];
  const alpha = to.scalar(node, attributes.float("alpha", 1.702));
  const gate = to.add(node, "Sigmoid", [to.add(node, "Mul", [x, alpha])]);
  to.add(node, "Mul", [x, gate], {}, node.outputs[0]);
};

const skipLayerNormalization: Rewrite = (node, to, attributes) => {
  const [x, skip, gamma, beta, bias] = node.inputs as [string, string, string, string?, string?];
  if (node.outputs.length > 1) {
    to.keep(node);
    return;
  }
  const sum = to.add(node, "Add", [x, skip]);
  const shifted = bias ? to.add(node, "Add", [sum, bias]) : sum;
  const epsilon = attributes.float("epsilon", 1e-12);
  to.add(
    node,
    "LayerNormalization",
    [shifted, gamma, beta ?? ""],
    { epsilon, axis: -1 },
    node.outputs[0],
  );
};

/** THE table of vendor operators. */
export const vendorRewrites: Readonly<Record<string, Rewrite>> = {
  BiasGelu: gelu("none"),
  FastGelu: gelu("tanh"),
  FusedConv: fusedConv,
  FusedMatMul: fusedMatMul,
  Gelu: gelu("none"),
  QuickGelu: quickGelu,
  SkipLayerNormalization: skipLayerNormalization,
};
