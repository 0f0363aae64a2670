/** @file Operators that came after opset 21, written out in its operators. Facts: ONNX operator changelog. */
import type { Rewrite } from "./rewrite.ts";

/** x * rsqrt(mean(x^2) + epsilon) * scale, over the axes from `axis` on (RMSNormalization-23). */
const rmsNormalization: Rewrite = (node, to, attributes) => {
  const [x, scale] = node.inputs as [string, string];
  const axis = attributes.int("axis", -1);
  if (axis !== -1) {
    to.keep(node);
    return;
  }
  const square = to.add(node, "Mul", [x, x]);
  const mean = to.add(node, "ReduceMean", [square, to.ints(node, [-1])], { keepdims: 1 });
  const shifted = to.add(node, "Add", [mean, to.scalar(node, attributes.float("epsilon", 1e-5))]);
  const normal = to.add(node, "Div", [x, to.add(node, "Sqrt", [shifted])]);
  to.add(node, "Mul", [normal, scale], {}, node.outputs[0]);
};

/** x * sigmoid(alpha x) (Swish-24). */
const swish: Rewrite = (node, to, attributes) => {
  const [x] = node.inputs as [string];
  const alpha = attributes.float("alpha", 1);
  const inner = alpha === 1 ? x : to.add(node, "Mul", [x, to.scalar(node, alpha)]);
  to.add(node, "Mul", [x, to.add(node, "Sigmoid", [inner])], {}, node.outputs[0]);
};

/** softmax(scale q k' + mask) v on [batch, heads, length, size] (Attention-23), without caches. */
const attention: Rewrite = (node, to, attributes) => {
  const [q, k, v, mask, ...caches] = node.inputs as [string, string, string, string?, ...string[]];
  const plain =
    caches.every((cache) => cache === "") &&
    !attributes.has("q_num_heads") &&
    attributes.int("is_causal", 0) === 0 &&
    attributes.float("softcap", 0) === 0 &&
    attributes.has("scale") &&
    node.outputs.length === 1;
  if (!plain) {
    to.keep(node);
    return;
  }
  const turned = to.add(node, "Transpose", [k], { perm: [0, 1, 3, 2] });
  const product = to.add(node, "MatMul", [q, turned]);
  const scaled = to.add(node, "Mul", [product, to.scalar(node, attributes.float("scale"))]);
  const masked = mask ? to.add(node, "Add", [scaled, mask]) : scaled;
  const weights = to.add(node, "Softmax", [masked], { axis: -1 });
  to.add(node, "MatMul", [weights, v], {}, node.outputs[0]);
};

/** THE table of newer operators. */
export const downgrades: Readonly<Record<string, Rewrite>> = {
  Attention: attention,
  RMSNormalization: rmsNormalization,
  Swish: swish,
};
