/** @file PyTorch's products of matrices, and attention. */
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

/** Rows by the weight [out, in]; its layout in the file stays. */
const linear: Rule = (c) => {
  const x = c.tensor("input");
  const weight = c.tensor("weight");
  const bias = c.maybe("bias");
  if (x.dims.length === 2 && weight.dims.length === 2) {
    return c.op("Gemm", [x, weight, bias], { transB: 1 });
  }
  const turned = weight.dims.length === 2 ? c.b.transpose(weight, [1, 0]) : weight;
  const product = c.op("MatMul", [x, turned]);
  return bias ? c.b.add(product, bias) : product;
};

const addmm: Rule = (c) => {
  const attributes = { alpha: c.number("alpha", 1), beta: c.number("beta", 1) };
  return c.op("Gemm", [c.tensor("mat1"), c.tensor("mat2"), c.tensor("self")], attributes);
};

/** `beta self + alpha (first second)`. */
function added(first: string, second: string): Rule {
  return (c) => {
    const product = c.op("MatMul", [c.tensor(first), c.tensor(second)]);
    const [alpha, beta] = [c.number("alpha", 1), c.number("beta", 1)];
    const self = c.tensor("self");
    const scaled = alpha === 1 ? product : c.b.scale(product, alpha);
    return c.b.add(beta === 1 ? self : c.b.scale(self, beta), scaled);
  };
}

function product(second: string): Rule {
  return (c) => c.op("MatMul", [c.tensor("self"), c.tensor(second)]);
}

const einsum: Rule = (c) => {
  const equation = c.text("equation").replaceAll(" ", "");
  return c.op("Einsum", c.tensors("tensors"), { equation });
};

/** softmax(q k^T scale + mask) v. */
const attention: Rule = (c) => {
  const query = c.tensor("query");
  const key = c.tensor("key");
  const value = c.tensor("value");
  if (c.flag("enable_gqa", false) && key.dims.at(-3) !== query.dims.at(-3)) {
    c.refuse("query and key must have as many heads", key.dims.at(-3) ?? "none");
  }
  if (c.number("dropout_p", 0) !== 0) {
    c.note("Attention was exported with dropout, which does nothing here, as in inference.");
  }
  const scale = c.number("scale", 1 / Math.sqrt(query.dims.at(-1) ?? 1));
  const rank = key.dims.length;
  const order = key.dims.map((_, axis) => axis);
  [order[rank - 2], order[rank - 1]] = [rank - 1, rank - 2];
  const turned = c.op("Transpose", [key], { perm: order });
  const raw = c.op("MatMul", [c.b.scale(query, scale), turned]);
  const weights = c.op("Softmax", [masked(c, raw)], { axis: -1 });
  return c.op("MatMul", [weights, value]);
};

function masked(c: Call, scores: Value): Value {
  if (c.flag("is_causal", false)) return causal(c, scores);
  const mask = c.maybe("attn_mask");
  if (!mask) return scores;
  if (mask.type !== "bool") return c.b.add(scores, c.b.cast(mask, scores.type));
  return c.b.where(mask, scores, c.scalar(Number.NEGATIVE_INFINITY, scores.type));
}

const mostMasked = 2 ** 24;

/** Each query sees the keys up to its own. */
function causal(c: Call, scores: Value): Value {
  const [queries, keys] = c.fixed([
    c.meta("query").sizes.at(-2) ?? { value: 1 },
    c.meta("key").sizes.at(-2) ?? { value: 1 },
  ]) as [number, number];
  if (queries * keys > mostMasked) c.refuse(`at most ${mostMasked} pairs must be masked`, keys);
  const isSeen = Uint8Array.from({ length: queries * keys }, (_, i) =>
    Number(i % keys <= Math.floor(i / keys)),
  );
  const mask = c.b.constant(isSeen, [queries, keys], "bool");
  return c.b.where(mask, scores, c.scalar(Number.NEGATIVE_INFINITY, scores.type));
}

export const linearAlgebra: RuleTable = {
  linear,
  addmm,
  mm: product("mat2"),
  bmm: product("mat2"),
  matmul: product("other"),
  mv: product("vec"),
  dot: product("tensor"),
  baddbmm: added("batch1", "batch2"),
  einsum,
  scaled_dot_product_attention: attention,
  _scaled_dot_product_flash_attention_for_cpu: attention,
  _scaled_dot_product_efficient_attention: attention,
  _scaled_dot_product_flash_attention: attention,
};
