import { expect, test } from "vitest";
import {
  expectSameResults,
  float,
  integers,
  noise,
  type NodeRow,
  type OldModel,
} from "../../../test/old-model.ts";
import { tensor, tensorOf, type Tensor } from "../tensor.ts";
import { downgrades } from "./downgrades.ts";

const x = noise([2, 4, 5, 6]);

function one(opset: number, node: NodeRow, rest: Partial<OldModel> = {}): OldModel {
  return { opset, nodes: [node], feeds: { x }, ...rest };
}

const qkv = (heads: number, keyHeads = heads, length = 5, keyLength = length) => ({
  q: noise([2, heads, length, 4], 1),
  k: noise([2, keyHeads, keyLength, 4], 2),
  v: noise([2, keyHeads, keyLength, 3], 3),
});

const flatQkv = (heads: number, keyHeads = heads) => ({
  q: noise([2, 5, heads * 4], 1),
  k: noise([2, 5, keyHeads * 4], 2),
  v: noise([2, 5, keyHeads * 3], 3),
});

const mask = (dims: readonly number[]): Tensor =>
  tensor(
    "bool",
    dims,
    Uint8Array.from((noise(dims, 7).data as Float32Array).map((v) => Number(v > -1))),
  );

const cases: Readonly<Record<string, readonly OldModel[]>> = {
  Swish: [
    one(24, ["Swish", ["x"], ["y"]]),
    one(24, ["Swish", ["x"], ["y"], { alpha: float(1.5) }]),
  ],
  "RMSNormalization over the last axes": [
    one(23, ["RMSNormalization", ["x", "s"], ["y"]], { constants: { s: noise([6], 2) } }),
    one(23, ["RMSNormalization", ["x", "s"], ["y"], { axis: -2, epsilon: 0.1 }], {
      constants: { s: noise([5, 6], 2) },
    }),
    one(24, ["RMSNormalization", ["x", "s"], ["y"], { axis: 1 }], {
      constants: { s: noise([4, 5, 6], 2) },
    }),
  ],
  "Cast with a way to round": [
    one(24, ["Cast", ["x"], ["y"], { to: 11, round_mode: "up" }]),
    one(24, ["CastLike", ["x", "like"], ["y"], { round_mode: "up" }], {
      constants: { like: tensorOf("float64", [], [0]) },
    }),
  ],
  "QuantizeLinear and DequantizeLinear": [
    one(23, ["QuantizeLinear", ["x", "s", "z"], ["y"]], {
      constants: { s: tensorOf("float32", [], [0.1]), z: tensorOf("uint8", [], [128]) },
    }),
    one(23, ["DequantizeLinear", ["x", "s", "z"], ["y"], { output_dtype: 1 }], {
      feeds: { x: integers("uint8", [0, 100, 255]) },
      constants: { s: tensorOf("float32", [], [0.1]), z: tensorOf("uint8", [], [128]) },
    }),
  ],
  "Attention on heads": [
    one(23, ["Attention", ["q", "k", "v"], ["y"]], { feeds: qkv(2) }),
    one(23, ["Attention", ["q", "k", "v"], ["y"], { scale: 0.3 }], { feeds: qkv(2, 2, 3, 5) }),
    one(23, ["Attention", ["q", "k", "v"], ["y"]], { feeds: qkv(6, 3) }),
    one(23, ["Attention", ["q", "k", "v"], ["y"]], { feeds: qkv(4, 1) }),
    one(24, ["Attention", ["q", "k", "v"], ["y"], { softcap: float(2) }], { feeds: qkv(2) }),
  ],
  "Attention on features of all heads": [
    one(23, ["Attention", ["q", "k", "v"], ["y"], { q_num_heads: 2, kv_num_heads: 2 }], {
      feeds: flatQkv(2),
    }),
    one(23, ["Attention", ["q", "k", "v"], ["y"], { q_num_heads: 6, kv_num_heads: 2 }], {
      feeds: flatQkv(6, 2),
    }),
  ],
  "Attention with masks": [
    one(23, ["Attention", ["q", "k", "v", "m"], ["y"]], {
      feeds: { ...qkv(2), m: noise([5, 5], 9) },
    }),
    one(23, ["Attention", ["q", "k", "v", "m"], ["y"]], {
      feeds: { ...qkv(2), m: mask([2, 1, 5, 5]) },
    }),
    one(23, ["Attention", ["q", "k", "v"], ["y"], { is_causal: 1 }], { feeds: qkv(2) }),
    one(24, ["Attention", ["q", "k", "v", "m"], ["y"], { is_causal: 1 }], {
      feeds: { ...qkv(2), m: noise([5, 5], 9) },
    }),
  ],
  "Attention with keys and values of earlier calls": [
    one(23, ["Attention", ["q", "k", "v", "", "pk", "pv"], ["y", "nk", "nv"]], {
      feeds: { ...qkv(2), pk: noise([2, 2, 3, 4], 5), pv: noise([2, 2, 3, 3], 6) },
      outputs: ["y", "nk", "nv"],
    }),
  ],
  "Attention to keys of which the last are padding": [0, 1].flatMap((is_causal) =>
    [
      [5, 3],
      [7, 0],
    ].flatMap((lengths) => [
      one(24, ["Attention", ["q", "k", "v", "", "", "", "n"], ["y"], { is_causal }], {
        feeds: { ...qkv(2, 2, 4, 7), n: integers("int64", lengths) },
      }),
      one(26, ["Attention", ["q", "k", "v", "m", "", "", "n"], ["y"], { is_causal }], {
        feeds: { ...qkv(2, 1, 4, 7), m: noise([4, 7], 9), n: integers("int64", lengths) },
      }),
    ]),
  ),
  TensorScatter: [
    one(24, ["TensorScatter", ["x", "u"], ["y"]], { feeds: { x, u: noise([2, 4, 3, 6], 2) } }),
    one(24, ["TensorScatter", ["x", "u", "w"], ["y"], { axis: 3 }], {
      feeds: { x, u: noise([2, 4, 5, 2], 2), w: integers("int64", [4, 1]) },
    }),
    one(26, ["TensorScatter", ["x", "u", "w"], ["y"], { axis: 1, mode: "circular" }], {
      feeds: { x, u: noise([2, 3, 5, 6], 2), w: integers("int64", [3, 0]) },
    }),
  ],
  "Attention that shows its scores": [0, 1, 2, 3].map((qk_matmul_output_mode) =>
    one(
      23,
      [
        "Attention",
        ["q", "k", "v"],
        ["y", "", "", "s"],
        { qk_matmul_output_mode, softcap: float(1.5) },
      ],
      { feeds: qkv(2), outputs: ["y", "s"] },
    ),
  ),
  RotaryEmbedding: [0, 1].flatMap((interleaved) => [
    one(23, ["RotaryEmbedding", ["x", "c", "s"], ["y"], { interleaved }], {
      feeds: { x: noise([2, 3, 5, 8]) },
      constants: { c: noise([2, 5, 4], 2), s: noise([2, 5, 4], 3) },
    }),
    one(23, ["RotaryEmbedding", ["x", "c", "s", "p"], ["y"], { interleaved, num_heads: 3 }], {
      feeds: { x: noise([2, 5, 24]) },
      constants: {
        c: noise([7, 4], 2),
        s: noise([7, 4], 3),
        p: tensorOf("int64", [2, 5], [0, 1, 2, 3, 4, 2, 3, 4, 5, 6]),
      },
    }),
    one(
      23,
      [
        "RotaryEmbedding",
        ["x", "c", "s"],
        ["y"],
        { interleaved, rotary_embedding_dim: 4, num_heads: 3 },
      ],
      {
        feeds: { x: noise([2, 5, 24]) },
        constants: { c: noise([2, 5, 2], 2), s: noise([2, 5, 2], 3) },
      },
    ),
  ]),
  "what opsets 22 to 26 changed in type only": [
    one(22, ["MaxPool", ["x"], ["y"], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }]),
    one(22, ["AveragePool", ["x"], ["y"], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }]),
    one(22, ["GridSample", ["x", "g"], ["y"], { mode: "cubic" }], {
      feeds: { x, g: noise([2, 3, 3, 2], 5) },
    }),
    one(26, ["Softplus", ["x"], ["y"]]),
    one(25, ["Transpose", ["x"], ["y"], { perm: [0, 2, 3, 1] }]),
  ],
};

test.each(Object.entries(cases))("%s", async (_, models) => {
  for (const model of models) await expectSameResults(model);
});

test("a query that may look at nothing gets zeros", async () => {
  const none = tensor("bool", [1, 2], Uint8Array.of(0, 0));
  const all = tensor("bool", [1, 2], Uint8Array.of(1, 1));
  const feeds = { q: noise([1, 1, 1, 4]), k: noise([1, 1, 2, 4], 2), v: noise([1, 1, 2, 3], 3) };
  for (const m of [none, all]) {
    await expectSameResults(
      one(23, ["Attention", ["q", "k", "v", "m"], ["y"]], { feeds: { ...feeds, m } }),
    );
  }
});

test("a query whose keys a float mask takes off altogether gets zeros", async () => {
  const infinite = Float32Array.from({ length: 6 }, (_, i) =>
    i < 3 ? Number.NEGATIVE_INFINITY : 0.5,
  );
  const m = tensor("float32", [2, 3], infinite);
  const feeds = { q: noise([1, 1, 2, 4]), k: noise([1, 1, 3, 4], 2), v: noise([1, 1, 3, 3], 3), m };
  for (const is_causal of [0, 1]) {
    await expectSameResults(
      one(23, ["Attention", ["q", "k", "v", "m"], ["y"], { is_causal }], { feeds }),
    );
  }
});

test("what opset 21 has no words for stays, and is run in the opset that it came with", async () => {
  const a = tensorOf("int64", [], [1]);
  const products = [0, 1].flatMap((exclusive) =>
    [0, 1].map((reverse) =>
      one(26, ["CumProd", ["x", "a"], ["y"], { exclusive, reverse }], { constants: { a } }),
    ),
  );
  const bits = one(26, ["BitCast", ["x"], ["y"], { to: 6 }]);
  for (const model of [...products, bits]) {
    expect(await expectSameResults(model)).toEqual([model.nodes[0]![0]]);
  }
});

test("every rewrite is checked above", () => {
  const checked = new Set(
    Object.values(cases).flatMap((models) =>
      models.flatMap((model) => model.nodes.map(([operator]) => operator)),
    ),
  );
  const known = [...downgrades.values()].flatMap((table) => Object.keys(table));
  expect(known.filter((operator) => !checked.has(operator))).toEqual([]);
});
