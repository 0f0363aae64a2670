/** @file Attention: means of values, weighted by how well keys fit queries. */
import type { Value } from "../../../graph/builder.ts";
import { tensor, type Tensor } from "../../../graph/tensor.ts";
import { dense } from "../../channels-last/dense.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { LayerWeights, WantedVariable } from "../weight-store.ts";
import {
  readWeights,
  refused,
  type LayerCall,
  type LayerKind,
  type Operand,
} from "./layer-kind.ts";

/** A tensor that is given at a place or by name. */
function tensorAt(
  { positional, named }: LayerCall,
  place: number,
  name: string,
): NhwcValue | undefined {
  const operand: Operand | undefined = named[name] ?? positional[place];
  return operand?.kind === "tensor" ? operand.value : undefined;
}

/** Throws `bad-file` for calls with masks, whose results depend on more than the values. */
function requireNoMask(call: LayerCall): void {
  const isGiven = (operand: Operand | undefined) =>
    operand !== undefined &&
    !(operand.kind === "plain" && (operand.value === null || operand.value === false));
  const names = ["attention_mask", "mask", "query_mask", "value_mask", "key_mask"];
  const given = [...names, "use_causal_mask", "return_attention_scores"].filter((name) =>
    isGiven(call.named[name]),
  );
  if (given.length === 0 && call.config.get("causal") !== true) return;
  throw refused(call, `it must be called without masks, got ${given.join(", ") || "causal"}`);
}

interface Projection {
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

/** The part of a layer that is a projection, by the names that Keras gave it. */
async function projection(
  call: LayerCall,
  names: readonly string[],
  kernel: readonly number[],
  bias: readonly number[],
): Promise<Projection> {
  const part: LayerWeights | undefined = await call.weights.part(...names);
  if (!part) throw refused(call, `it must have weights of its "${names[0]}", got none`);
  const wanted: WantedVariable[] = [{ name: "kernel", dims: kernel }];
  if (call.config.flag("use_bias", true)) wanted.push({ name: "bias", dims: bias });
  const [matrix, shift] = await part.read(wanted);
  return { kernel: matrix!, ...(shift ? { bias: shift } : {}) };
}

/** [N, T, heads, size] as heads [N, heads, T, size] of a sequence [N, T, D]. */
function heads(
  { b, name }: LayerCall,
  x: NhwcValue,
  { kernel, bias }: Projection,
  called: string,
): Value {
  const [inputs = 0, count = 0, size = 0] = kernel.dims;
  const flat = (weights: Tensor, dims: readonly number[]) =>
    tensor("float32", dims, weights.data as Float32Array);
  const weights = {
    kernel: flat(kernel, [inputs, count * size]),
    ...(bias ? { bias: flat(bias, [count * size]) } : {}),
  };
  const sequence = heldLast(makersOrder(b, x));
  const all = dense(b, sequence, weights, b.freeName(`${name}/${called}`));
  const parted = b.op("Reshape", [all.value, b.ints([0, 0, count, size])]);
  return b.transpose(parted, [0, 2, 1, 3]);
}

/** Weights of each query's keys, which sum up to 1, and the mean of the values by them. */
function attended({ b, name }: LayerCall, scores: Value, value: Value, called?: string): Value {
  const shares = b.op("Softmax", [scores], { axis: -1 }, b.freeName(`${name}/scores`));
  return called === undefined
    ? b.op("MatMul", [shares, value])
    : b.op("MatMul", [shares, value], {}, called);
}

function lastTwoSwapped({ b }: LayerCall, value: Value): Value {
  const order = value.dims.map((_, axis) => axis);
  return b.transpose(value, [...order.slice(0, -2), order.length - 1, order.length - 2]);
}

const multiHead: LayerKind = {
  build: async (call) => {
    requireNoMask(call);
    const { b, config, name } = call;
    const query = tensorAt(call, 0, "query") ?? call.inputs[0];
    const value = tensorAt(call, 1, "value") ?? query;
    const key = tensorAt(call, 2, "key") ?? value;
    if (!query || !value || !key || [query, value, key].some((x) => x.dims.length !== 3)) {
      throw refused(call, "it must be called with sequences [N, T, D]");
    }
    const [count, size] = [config.int("num_heads"), config.int("key_dim")];
    const valueSize = config.int("value_dim", size);
    const [width = query.dims[2]!] = config.ints("output_shape", [query.dims[2]!]);
    const of = (x: NhwcValue, each: number) =>
      [
        [x.dims[2]!, count, each],
        [count, each],
      ] as const;
    const read = (part: string, x: NhwcValue, each: number) =>
      projection(call, [`${part}_dense`, `_${part}_dense`, part], ...of(x, each));
    const outputs = ["output_dense", "_output_dense", "attention_output"];
    const queries = heads(call, query, await read("query", query, size), "query");
    const keys = heads(call, key, await read("key", key, size), "key");
    const values = heads(call, value, await read("value", value, valueSize), "value");
    const output = await projection(call, outputs, [count, valueSize, width], [width]);
    const scores = b.op("MatMul", [
      b.scale(queries, 1 / Math.sqrt(size)),
      lastTwoSwapped(call, keys),
    ]);
    const joined = b.transpose(attended(call, scores, values), [0, 2, 1, 3]);
    const rows = b.op("Reshape", [joined, b.ints([0, 0, count * valueSize])]);
    const { kernel, bias } = output;
    const matrix = tensor("float32", [count * valueSize, width], kernel.data as Float32Array);
    return dense(b, heldLast(rows), { kernel: matrix, ...(bias ? { bias } : {}) }, name);
  },
};

/** Query, key and value of `[query, value]` or `[query, value, key]`, in their maker's order. */
function threeOf(call: LayerCall): readonly [Value, Value, Value] {
  const [query, value, key] = call.inputs.map((x) => makersOrder(call.b, x));
  const fits = [query, value, key ?? value].every((x) => x && x.dims.length > 2);
  if (query && value && fits && call.inputs.length < 4) return [query, key ?? value, value];
  throw refused(call, "it must be called with [query, value] or [query, value, key]");
}

/** Each query against each key: sums [..., Tq, Tv, D]. */
function sums({ b }: LayerCall, query: Value, key: Value): Value {
  const rank = query.dims.length;
  const at = (value: Value, axis: number) => b.op("Unsqueeze", [value, b.ints([axis])]);
  return b.add(at(query, rank - 1), at(key, rank - 2));
}

const plainAttention: LayerKind = {
  build: async (call) => {
    requireNoMask(call);
    const { b, config, name } = call;
    const [query, key, value] = threeOf(call);
    const isConcatenated = config.choice("score_mode", ["dot", "concat"], "dot") === "concat";
    const { scale, concat_score_weight: factor } = await readWeights(call, {
      scale: config.flag("use_scale", false) ? [] : undefined,
      concat_score_weight: isConcatenated ? [] : undefined,
    });
    const scaled = (x: Value) => (scale ? b.mul(x, b.initializer(`${name}/scale`, scale)) : x);
    let scores: Value;
    if (isConcatenated) {
      const bounded = b.op("Tanh", [scaled(sums(call, query, key))]);
      const summed = b.reduceSum(bounded, [query.dims.length], false);
      scores = b.mul(summed, b.initializer(`${name}/factor`, factor!));
    } else scores = scaled(b.op("MatMul", [query, lastTwoSwapped(call, key)]));
    return heldLast(attended(call, scores, value, name));
  },
};

const additiveAttention: LayerKind = {
  build: async (call) => {
    requireNoMask(call);
    const { b, config, name } = call;
    const [query, key, value] = threeOf(call);
    const { scale } = await readWeights(call, {
      scale: config.flag("use_scale", true) ? [query.dims.at(-1)!] : undefined,
    });
    const bounded = b.op("Tanh", [sums(call, query, key)]);
    const scaled = scale ? b.mul(bounded, b.initializer(`${name}/scale`, scale)) : bounded;
    const scores = b.reduceSum(scaled, [query.dims.length], false);
    return heldLast(attended(call, scores, value, name));
  },
};

export const attentionLayers: Readonly<Record<string, LayerKind>> = {
  AdditiveAttention: additiveAttention,
  Attention: plainAttention,
  MultiHeadAttention: multiHead,
};
