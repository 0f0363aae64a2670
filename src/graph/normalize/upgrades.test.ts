import { describe, expect, test } from "vitest";
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
import { upgrades } from "./upgrades.ts";

const x = noise([2, 4, 5, 6]);
const scales = (...values: number[]) => tensorOf("float32", [values.length], values);

const floats = (...value: number[]) => ({ kind: "floats" as const, value });

/** Seeded numbers above 0. */
function positive(dims: readonly number[]): Tensor {
  const { data } = noise(dims, 5);
  return tensor("float32", dims, (data as Float32Array).map(Math.abs));
}

function one(opset: number, node: NodeRow, rest: Partial<OldModel> = {}): OldModel {
  return { opset, nodes: [node], feeds: { x }, ...rest };
}

const reductions = (
  "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd " +
  "ReduceSum ReduceSumSquare"
).split(" ");

const batchNormConstants = {
  scale: noise([4], 2),
  bias: noise([4], 3),
  mean: noise([4], 4),
  variance: tensorOf("float32", [4], [0.5, 1, 2, 3]),
};

const statistics = ["scale", "bias", "mean", "variance"];

const cases: Readonly<Record<string, readonly OldModel[]>> = {
  "BatchNormalization, in training where it has more than one output": [
    one(
      7,
      ["BatchNormalization", ["x", ...statistics], ["y", "a", "b", "c", "d"], { spatial: 1 }],
      {
        constants: batchNormConstants,
      },
    ),
    one(9, ["BatchNormalization", ["x", ...statistics], ["y", "a", "b", "c", "d"]], {
      constants: batchNormConstants,
    }),
    one(9, ["BatchNormalization", ["x", ...statistics], ["y"], { epsilon: 0.1 }], {
      constants: batchNormConstants,
    }),
    one(14, ["BatchNormalization", ["x", ...statistics], ["y"]], {
      constants: batchNormConstants,
    }),
  ],
  "BatchNormalization of every element on its own": [
    one(8, ["BatchNormalization", ["x", ...statistics], ["y"], { spatial: 0, epsilon: 0.01 }], {
      constants: {
        scale: noise([4, 5, 6], 2),
        bias: noise([4, 5, 6], 3),
        mean: noise([4, 5, 6], 4),
        variance: positive([4, 5, 6]),
      },
    }),
  ],
  "Clip with bounds as attributes": [
    one(7, ["Clip", ["x"], ["y"], { min: float(-0.5), max: float(1) }]),
    one(10, ["Clip", ["x"], ["y"], { min: float(0) }]),
    one(10, ["Clip", ["x"], ["y"]]),
  ],
  "Pad of a type that only the nodes before tell": [
    {
      opset: 10,
      nodes: [
        ["Cast", ["x"], ["d"], { to: 11 }],
        ["Neg", ["d"], ["n"]],
        ["Pad", ["n"], ["c"], { pads: [0, 0, 0, 1, 0, 0, 0, 0], value: float(3) }],
        ["Cast", ["c"], ["y"], { to: 1 }],
      ],
      feeds: { x },
    },
  ],
  "Dropout with its ratio as attribute": [
    one(7, ["Dropout", ["x"], ["y"], { ratio: float(0.3) }]),
    one(11, ["Dropout", ["x"], ["y"]]),
  ],
  "DFT with its axis as attribute": [
    one(17, ["DFT", ["x"], ["y"], { onesided: 1 }], { feeds: { x: noise([2, 6, 1]) } }),
    one(17, ["DFT", ["x"], ["y"], { axis: 2 }], { feeds: { x: noise([2, 3, 6, 2]) } }),
  ],
  Flatten: [one(7, ["Flatten", ["x"], ["y"], { axis: 2 }])],
  Gemm: [
    {
      opset: 7,
      nodes: [["Gemm", ["x", "w", "b"], ["y"], { transB: 1, alpha: float(0.5), beta: float(2) }]],
      feeds: { x: noise([3, 4]) },
      constants: { w: noise([5, 4], 2), b: noise([5], 3) },
    },
  ],
  "what was experimental up to opset 9": [
    one(9, ["Affine", ["x"], ["y"], { alpha: 2, beta: 0.5 }]),
    one(1, ["Affine", ["x"], ["y"]]),
    one(6, ["Scale", ["x"], ["y"], { scale: 0.5 }]),
    one(6, ["ImageScaler", ["x"], ["y"], { scale: 0.5, bias: floats(1, 2, 3, 4) }]),
    one(6, ["ParametricSoftplus", ["x"], ["y"], { alpha: 0.5, beta: 3 }]),
    one(9, ["ScaledTanh", ["x"], ["y"], { alpha: 0.5, beta: 3 }]),
    one(6, ["Crop", ["x"], ["y"], { border: [1, 2, 0, 1] }]),
    one(6, [
      "Crop",
      ["x"],
      ["y"],
      { border: [1, 2, 0, 1], scale: { kind: "ints", value: [2, 3] } },
    ]),
    one(6, ["DynamicSlice", ["x", "s", "e", "a"], ["y"]], {
      constants: {
        s: integers("int64", [1, -3]),
        e: integers("int64", [3, 100]),
        a: integers("int64", [1, 3]),
      },
    }),
  ],
  "MeanVarianceNormalization with switches": [
    one(1, ["MeanVarianceNormalization", ["x"], ["y"]]),
    one(8, ["MeanVarianceNormalization", ["x"], ["y"], { across_channels: 1 }]),
    one(6, ["MeanVarianceNormalization", ["x"], ["y"], { normalize_variance: 0 }]),
    one(6, [
      "MeanVarianceNormalization",
      ["x"],
      ["y"],
      { across_channels: 1, normalize_variance: 0 },
    ]),
  ],
  "GridSample with the old names of its modes": [
    ...["bilinear", "nearest", "bicubic"].map((mode) =>
      one(16, ["GridSample", ["x", "grid"], ["y"], { mode, padding_mode: "border" }], {
        feeds: {
          x,
          grid: noise([2, 3, 3, 2], 5),
        },
      }),
    ),
    one(16, ["GridSample", ["x", "grid"], ["y"]], { feeds: { x, grid: noise([2, 3, 3, 2], 5) } }),
  ],
  "GroupNormalization with one scale a group": [
    one(18, ["GroupNormalization", ["x", "s", "b"], ["y"], { num_groups: 2, epsilon: 0.01 }], {
      constants: { s: noise([2], 2), b: noise([2], 3) },
    }),
  ],
  OneHot: [
    one(9, ["OneHot", ["x", "depth", "values"], ["y"]], {
      feeds: { x: integers("int64", [0, 2, 1]) },
      constants: { depth: integers("int64", [3]), values: scales(0, 1) },
    }),
  ],
  "Pad with its sizes as attribute": [
    one(7, ["Pad", ["x"], ["y"], { pads: [0, 0, 1, 2, 0, 0, 3, 4], value: float(1.5) }]),
    one(10, ["Pad", ["x"], ["y"], { pads: [0, 0, 1, 2, 0, 0, 3, 4], mode: "reflect" }]),
    one(9, ["Pad", ["x"], ["y"], { pads: [0, 0, -1, 2, 0, 0, 0, 0], mode: "edge" }]),
  ],
  "Pad with its sizes as input": [
    one(11, ["Pad", ["x", "pads", "v"], ["y"]], {
      constants: {
        pads: integers("int64", [0, 0, 1, 2, 0, 0, 3, 4]),
        v: tensorOf("float32", [], [2]),
      },
    }),
  ],
  "reductions with axes as attribute": reductions.flatMap((operator) => [
    one(7, [operator, ["x"], ["y"], { axes: [1, 2], keepdims: 0 }], {
      feeds: { x: positive([2, 3, 4]) },
    }),
    one(11, [operator, ["x"], ["y"], { axes: [-1] }], { feeds: { x: positive([2, 3, 4]) } }),
    one(12, [operator, ["x"], ["y"]], { feeds: { x: positive([2, 3, 4]) } }),
    one(17, [operator, ["x"], ["y"]], { feeds: { x: positive([2, 3, 4]) } }),
  ]),
  Reshape: [
    one(7, ["Reshape", ["x", "s"], ["y"]], { constants: { s: integers("int64", [0, -1]) } }),
  ],
  "Resize before corners were aligned, growing, shrinking and both": [
    ...[
      [1, 1, 2, 3],
      [1, 1, 0.6, 0.5],
      [1, 1, 0.6, 2],
      [1, 1, 1, 1],
    ].flatMap((factors) =>
      ["nearest", "linear"].map((mode) =>
        one(10, ["Resize", ["x", "s"], ["y"], { mode }], { constants: { s: scales(...factors) } }),
      ),
    ),
    one(10, ["Resize", ["x", "s"], ["y"], { mode: "nearest" }], {
      feeds: { x, s: scales(1, 1, 0.6, 2) },
    }),
  ],
  "Resize with empty tensors for what is left out": [
    one(11, ["Resize", ["x", "roi", "s"], ["y"], { mode: "linear" }], {
      constants: { roi: scales(), s: scales(1, 1, 1.5, 2) },
    }),
    one(
      11,
      [
        "Resize",
        ["x", "roi", "s", "sizes"],
        ["y"],
        { mode: "cubic", coordinate_transformation_mode: "align_corners" },
      ],
      { constants: { roi: scales(), s: scales(), sizes: integers("int64", [2, 4, 8, 7]) } },
    ),
  ],
  "Resize as TensorFlow finds nearest pixels": ["floor", "round_prefer_floor"].flatMap(
    (nearest_mode) =>
      [
        [1, 1, 2, 3],
        [1, 1, 0.6, 0.5],
        [1, 1, 2.5, 1.4],
      ].map((factors) =>
        one(
          11,
          [
            "Resize",
            ["x", "roi", "s"],
            ["y"],
            {
              mode: "nearest",
              nearest_mode,
              coordinate_transformation_mode: "tf_half_pixel_for_nn",
            },
          ],
          { constants: { roi: scales(), s: scales(...factors) } },
        ),
      ),
  ),
  "RoiAlign without half a pixel": [
    one(10, ["RoiAlign", ["x", "rois", "i"], ["y"], { output_height: 2, output_width: 2 }], {
      constants: {
        rois: tensorOf("float32", [1, 4], [0.5, 0.5, 4, 4]),
        i: integers("int64", [1]),
      },
    }),
  ],
  Scatter: [
    one(9, ["Scatter", ["x", "i", "u"], ["y"], { axis: 1 }], {
      feeds: { x: noise([1, 5]) },
      constants: {
        i: tensorOf("int64", [1, 2], [1, 3]),
        u: tensorOf("float32", [1, 2], [1.1, 2.1]),
      },
    }),
  ],
  "Slice with its bounds as attributes": [
    one(7, ["Slice", ["x"], ["y"], { starts: [1, -3], ends: [3, 1000], axes: [2, 3] }]),
    one(9, ["Slice", ["x"], ["y"], { starts: [0, 1], ends: [1, Number.MAX_SAFE_INTEGER] }]),
  ],
  "Split with its sizes as attribute, or none": [
    one(7, ["Split", ["x"], ["y", "z"], { axis: 1, split: [1, 3] }], { outputs: ["y", "z"] }),
    one(11, ["Split", ["x"], ["y", "z"], { axis: -1 }], { outputs: ["y", "z"] }),
    one(13, ["Split", ["x"], ["y", "z"]], { outputs: ["y", "z"] }),
    one(13, ["Split", ["x", "s"], ["y", "z"], { axis: 1 }], {
      outputs: ["y", "z"],
      constants: { s: integers("int64", [3, 1]) },
    }),
  ],
  "Squeeze and Unsqueeze with axes as attribute": [
    one(7, ["Squeeze", ["x"], ["y"], { axes: [0, 2] }], { feeds: { x: noise([1, 3, 1, 2]) } }),
    one(11, ["Squeeze", ["x"], ["y"]], { feeds: { x: noise([1, 3, 1, 2]) } }),
    one(7, ["Unsqueeze", ["x"], ["y"], { axes: [0, 3] }], { feeds: { x: noise([2, 3]) } }),
  ],
  "TopK with k as attribute": [
    one(7, ["TopK", ["x"], ["y", "i"], { k: 2, axis: 1 }], { outputs: ["y", "i"] }),
  ],
  Upsample: [
    one(7, ["Upsample", ["x"], ["y"], { scales: [1, 1, 2, 3], mode: "nearest" }]),
    one(8, ["Upsample", ["x"], ["y"], { scales: [1, 1, 2, 1.5], mode: "linear" }]),
    one(9, ["Upsample", ["x", "s"], ["y"]], { constants: { s: scales(1, 1, 2, 2) } }),
    one(9, ["Upsample", ["x", "s"], ["y"], { mode: "linear" }], {
      feeds: { x, s: scales(1, 1, 3, 2) },
    }),
    one(9, ["Upsample", ["x", "s"], ["y"]], { feeds: { x, s: scales(1, 1, 3, 2) } }),
  ],
  "what did not change": [
    one(7, [
      "MaxPool",
      ["x"],
      ["y"],
      { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] },
    ]),
    one(10, ["AveragePool", ["x"], ["y"], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }]),
    one(7, ["AveragePool", ["x"], ["y"], { kernel_shape: [2, 2], auto_pad: "SAME_LOWER" }]),
    one(10, [
      "AveragePool",
      ["x"],
      ["y"],
      {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        ceil_mode: 1,
        count_include_pad: 1,
      },
    ]),
    one(7, ["LpPool", ["x"], ["y"], { kernel_shape: [2, 2] }]),
    one(7, ["LRN", ["x"], ["y"], { size: 3, alpha: float(0.1) }]),
    one(7, ["DepthToSpace", ["x"], ["y"], { blocksize: 2 }]),
    one(7, ["PRelu", ["x", "s"], ["y"]], { constants: { s: noise([4, 1, 1], 2) } }),
    one(9, ["MeanVarianceNormalization", ["x"], ["y"]]),
    one(7, ["Max", ["x", "x"], ["y"]]),
    one(7, ["ArgMax", ["x"], ["y"], { axis: 1 }]),
    one(14, ["HardSwish", ["x"], ["y"]]),
    one(10, ["QuantizeLinear", ["x", "s", "z"], ["y"]], {
      constants: { s: tensorOf("float32", [], [0.1]), z: tensorOf("uint8", [], [128]) },
    }),
    one(8, ["ConvTranspose", ["x", "w"], ["y"], { auto_pad: "SAME_UPPER", strides: [2, 2] }], {
      constants: { w: noise([4, 3, 3, 4], 2) },
    }),
  ],
};

describe("a graph of today gives the numbers of the model that it was read from", () => {
  test.each(Object.entries(cases))("%s", async (_, models) => {
    for (const model of models) await expectSameResults(model);
  });

  test.each(["Softmax", "LogSoftmax", "Hardmax"])("%s over axes taken as one", async (operator) => {
    for (const axis of [0, 1, 2, 3]) {
      await expectSameResults(one(7, [operator, ["x"], ["y"], { axis }]));
    }
    await expectSameResults(one(12, [operator, ["x"], ["y"]]));
    await expectSameResults(one(11, [operator, ["x"], ["y"], { axis: -1 }]));
    await expectSameResults(one(11, [operator, ["x"], ["y"], { axis: -2 }]));
  });
});

test("Softmax over the only axis there is stays one node", async () => {
  const nodes: NodeRow[] = [
    ["Flatten", ["x"], ["f"]],
    ["Gemm", ["f", "w"], ["g"]],
    ["Softmax", ["g"], ["y"]],
  ];
  const model = { opset: 11, nodes, feeds: { x }, constants: { w: noise([120, 3], 2) } };
  expect(await expectSameResults(model)).toEqual(["Flatten", "Gemm", "Softmax"]);
});

test("steps follow one another: Upsample-7 comes out as one Resize", async () => {
  const model = one(7, ["Upsample", ["x"], ["y"], { scales: [1, 1, 2, 2] }]);
  expect(await expectSameResults(model)).toEqual(["Resize"]);
});

test("rewrites reach into the branches of an If", async () => {
  const branch = (operator: string) => ({
    kind: "graph" as const,
    value: {
      name: operator,
      inputs: [],
      outputs: [{ name: `${operator}-y`, type: "float32" as const, dims: undefined }],
      nodes: [
        {
          name: operator,
          operator,
          domain: "",
          inputs: ["x"],
          outputs: [`${operator}-y`],
          attributes: { axes: { kind: "ints" as const, value: [1] } },
        },
      ],
      initializers: new Map(),
      shapes: new Map(),
      metadata: new Map(),
    },
  });
  await expectSameResults({
    opset: 12,
    nodes: [
      ["If", ["c"], ["y"], { then_branch: branch("ReduceSum"), else_branch: branch("ReduceMax") }],
    ],
    feeds: { x, c: tensorOf("bool", [], [1]) },
  });
});

test("a Scan of opset 8, which counted in other ways, is left to be refused by name", () => {
  const bytes = oldModelBytes(one(8, ["Scan", ["x"], ["y"]]));
  expect(decodeOnnx(bytes).nodes.map((node) => node.operator)).toEqual(["Scan-8"]);
});

test("every rewrite is checked above", () => {
  const checked = new Set(
    Object.values(cases).flatMap((models) =>
      models.flatMap((model) => model.nodes.map(([operator]) => operator)),
    ),
  );
  for (const operator of ["Hardmax", "LogSoftmax", "Scan", "Softmax"]) checked.add(operator);
  const known = [...upgrades.values()].flatMap((table) => Object.keys(table));
  expect(known.filter((operator) => !checked.has(operator))).toEqual([]);
});
