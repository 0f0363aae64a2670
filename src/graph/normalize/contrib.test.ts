import { expect, test } from "vitest";
import {
  expectSameResults,
  float,
  integers,
  noise,
  oldModelBytes,
  type NodeRow,
  type OldModel,
} from "../../../test/old-model.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { tensor, tensorOf, type Tensor } from "../tensor.ts";
import { contrib } from "./contrib.ts";

const x = noise([2, 4, 5, 6]);

function one(node: NodeRow, rest: Partial<OldModel> = {}): OldModel {
  const [name, ...row] = node;
  return { opset: 17, nodes: [[`com.microsoft:${name}`, ...row]], feeds: { x }, ...rest };
}

const scalar = (value: number) => tensorOf("float32", [], [value]);
const zero = (value: number) => tensorOf("uint8", [], [value]);

/** Seeded bytes. */
function bytes(dims: readonly number[], seed: number): Tensor {
  const { data } = noise(dims, seed);
  return tensor(
    "uint8",
    dims,
    Uint8Array.from(data as Float32Array, (v) => (v + 2) * 63),
  );
}

const convolution = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 1] };
const weights = { w: noise([3, 4, 3, 3], 2), b: noise([3], 3) };

const cases: Readonly<Record<string, readonly OldModel[]>> = {
  FusedConv: [
    ...["Relu", "Tanh", "Sigmoid"].map((activation) =>
      one(["FusedConv", ["x", "w", "b"], ["y"], { ...convolution, activation }], {
        constants: weights,
      }),
    ),
    one(
      [
        "FusedConv",
        ["x", "w", "b"],
        ["y"],
        { ...convolution, activation: "LeakyRelu", activation_params: floats(0.2) },
      ],
      { constants: weights },
    ),
    one(
      [
        "FusedConv",
        ["x", "w", "b"],
        ["y"],
        { ...convolution, activation: "Clip", activation_params: floats(-1, 2) },
      ],
      { constants: weights },
    ),
    one(["FusedConv", ["x", "w", "b", "z"], ["y"], { ...convolution, activation: "Relu" }], {
      feeds: { x, z: noise([2, 3, 3, 6], 4) },
      constants: weights,
    }),
  ],
  FusedGemm: [
    one(
      [
        "FusedGemm",
        ["x", "w", "b"],
        ["y"],
        { transB: 1, alpha: float(0.5), activation: "LeakyRelu", activation_alpha: float(0.1) },
      ],
      { feeds: { x: noise([3, 4]) }, constants: { w: noise([5, 4], 2), b: noise([5], 3) } },
    ),
  ],
  FusedMatMul: [
    one(["FusedMatMul", ["x", "w"], ["y"], { alpha: float(0.5) }], {
      constants: { w: noise([6, 3], 2) },
    }),
    one(["FusedMatMul", ["x", "w"], ["y"], { transA: 1, alpha: float(2) }], {
      constants: { w: noise([2, 4, 5, 3], 2) },
    }),
    one(["FusedMatMul", ["x", "w"], ["y"], { transB: 1 }], {
      constants: { w: noise([2, 4, 3, 6], 2) },
    }),
    {
      opset: 17,
      nodes: [
        ["Reshape", ["x", "shape"], ["r"]],
        ["com.microsoft:FusedMatMul", ["r", "w"], ["y"], { transA: 1 }],
      ],
      feeds: { x, shape: integers("int64", [8, 5, 6]) },
      constants: { w: noise([5, 3], 2) },
    },
    one(["TransposeMatMul", ["x", "w"], ["y"], { transA: 1, transB: 1 }], {
      constants: { w: noise([3, 5], 2) },
    }),
  ],
  "Gelu and its kin": [
    one(["Gelu", ["x"], ["y"]]),
    one(["FastGelu", ["x"], ["y"]]),
    one(["FastGelu", ["x", "b"], ["y"]], { constants: { b: noise([6], 2) } }),
    one(["BiasGelu", ["x", "b"], ["y"]], { constants: { b: noise([6], 2) } }),
    one(["QuickGelu", ["x"], ["y"]]),
    one(["QuickGelu", ["x"], ["y"], { alpha: float(1) }]),
  ],
  "normalisations of sums": [
    one(
      [
        "SkipLayerNormalization",
        ["x", "s", "g", "b", "o"],
        ["y", "", "", "sum"],
        { epsilon: 0.01 },
      ],
      {
        feeds: { x: noise([2, 3, 8]), s: noise([2, 3, 8], 2) },
        constants: { g: noise([8], 3), b: noise([8], 4), o: noise([8], 5) },
        outputs: ["y", "sum"],
      },
    ),
    one(["SkipLayerNormalization", ["x", "s", "g"], ["y"]], {
      feeds: { x: noise([2, 3, 8]), s: noise([2, 3, 8], 2) },
      constants: { g: noise([8], 3) },
    }),
    one(["SkipSimplifiedLayerNormalization", ["x", "s", "g"], ["y", "", "", "sum"]], {
      feeds: { x: noise([2, 3, 8]), s: noise([2, 3, 8], 2) },
      constants: { g: noise([8], 3) },
      outputs: ["y", "sum"],
    }),
    {
      opset: 14,
      nodes: [["SimplifiedLayerNormalization", ["x", "g"], ["y", "i"], { epsilon: 0.01 }]],
      feeds: { x },
      constants: { g: noise([6], 3) },
      outputs: ["y", "i"],
    },
    {
      opset: 14,
      nodes: [["LayerNormalization", ["x", "g", "b"], ["y"], { epsilon: 0.01 }]],
      feeds: { x },
      constants: { g: noise([6], 3), b: noise([6], 4) },
    },
  ],
  "attention of encoders": [
    one(["Attention", ["x", "w", "b"], ["y"], { num_heads: 2 }], {
      feeds: { x: noise([2, 3, 8]) },
      constants: { w: noise([8, 24], 2), b: noise([24], 3) },
    }),
    one(["MultiHeadAttention", ["q", "k", "v"], ["y"], { num_heads: 2 }], {
      feeds: { q: noise([2, 3, 8], 2), k: noise([2, 5, 8], 3), v: noise([2, 5, 8], 4) },
    }),
    one(["MultiHeadAttention", ["q", "k", "v", "", "", "a"], ["y"], { num_heads: 2, scale: 0.3 }], {
      feeds: {
        q: noise([2, 3, 8], 2),
        k: noise([2, 5, 8], 3),
        v: noise([2, 5, 8], 4),
        a: noise([2, 2, 3, 5], 5),
      },
    }),
  ],
  "what the standard took over": [
    one(["GridSample", ["x", "g"], ["y"], { mode: "bilinear", padding_mode: "border" }], {
      feeds: { x, g: noise([2, 3, 3, 2], 2) },
    }),
    one(["Trilu", ["x"], ["y"], { upper: 0 }]),
    one(["Pad", ["x", "p", "v"], ["y"]], {
      constants: { p: integers("int64", [0, 0, 1, 2, 0, 0, 3, 4]), v: scalar(2) },
    }),
    one(["QuantizeLinear", ["x", "s", "z"], ["y"]], {
      constants: { s: scalar(0.05), z: zero(128) },
    }),
    one(["DequantizeLinear", ["x", "s", "z"], ["y"]], {
      feeds: { x: bytes([2, 3], 1) },
      constants: { s: scalar(0.05), z: zero(128) },
    }),
  ],
  NhwcMaxPool: [
    one(["NhwcMaxPool", ["x"], ["y"], { kernel_shape: [3, 2], strides: [2, 1] }], {
      feeds: { x: bytes([2, 6, 5, 3], 1) },
    }),
  ],
};

const scales = {
  as: scalar(0.02),
  az: zero(120),
  bs: scalar(0.03),
  bz: zero(130),
  ys: scalar(0.04),
  yz: zero(110),
};

/** Rounding at halves may fall to either side, so the bytes may differ by 1. */
const quantizedCases: Readonly<Record<string, readonly OldModel[]>> = {
  ...Object.fromEntries(
    ["QLinearAdd", "QLinearMul"].map((operator) => [
      operator,
      [
        one([operator, ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]], {
          feeds: { a: bytes([2, 3, 4], 1), b: bytes([3, 1], 2) },
          constants: scales,
        }),
      ],
    ]),
  ),
  "QLinear operators of one input": [
    one(["QLinearSigmoid", ["a", "as", "az", "s", "z"], ["y"]], {
      feeds: { a: bytes([2, 3, 4], 1) },
      constants: { as: scales.as, az: scales.az, s: scalar(1 / 256), z: zero(0) },
    }),
    one(["QLinearLeakyRelu", ["a", "as", "az", "ys", "yz"], ["y"], { alpha: float(0.2) }], {
      feeds: { a: bytes([2, 3, 4], 1) },
      constants: { as: scales.as, az: scales.az, ys: scales.ys, yz: scales.yz },
    }),
    one(["QLinearGlobalAveragePool", ["a", "as", "az", "ys", "yz"], ["y"]], {
      feeds: { a: bytes([2, 3, 4, 5], 1) },
      constants: { as: scales.as, az: scales.az, ys: scales.ys, yz: scales.yz },
    }),
    one(["QLinearSoftmax", ["a", "as", "az", "s", "z"], ["y"], { axis: -1, opset: 13 }], {
      feeds: { a: bytes([2, 3, 4], 1) },
      constants: { as: scales.as, az: scales.az, s: scalar(1 / 256), z: zero(0) },
    }),
  ],
  QLinearConcat: [
    one(["QLinearConcat", ["ys", "yz", "a", "as", "az", "b", "bs", "bz"], ["y"], { axis: 1 }], {
      feeds: { a: bytes([2, 3, 4], 1), b: bytes([2, 1, 4], 2) },
      constants: scales,
    }),
  ],
};

function floats(...value: number[]) {
  return { kind: "floats" as const, value };
}

async function expectStandard(model: OldModel, atol: number): Promise<void> {
  await expectSameResults(model, { rtol: 2e-6, atol });
  const graph = decodeOnnx(oldModelBytes(model));
  expect(graph.nodes.filter((node) => node.domain !== "")).toEqual([]);
}

test.each(Object.entries(cases))("%s", async (_, models) => {
  for (const model of models) await expectStandard(model, 2e-6);
});

test.each(Object.entries(quantizedCases))("%s", async (_, models) => {
  for (const model of models) await expectStandard(model, 1);
});

test("what has no standard form stays as it is", async () => {
  const causal = one(["Attention", ["x", "w", "b"], ["y"], { num_heads: 2, unidirectional: 1 }], {
    feeds: { x: noise([2, 3, 8]) },
    constants: { w: noise([8, 24], 2), b: noise([24], 3) },
  });
  expect(await expectSameResults(causal)).toEqual(["Attention"]);
});

test("every rewrite is checked above", () => {
  const checked = new Set(
    Object.values({ ...cases, ...quantizedCases }).flatMap((models) =>
      models.flatMap((model) => model.nodes.map(([name]) => name.replace("com.microsoft:", ""))),
    ),
  );
  expect(Object.keys(contrib).filter((operator) => !checked.has(operator))).toEqual([]);
});
