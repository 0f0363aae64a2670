import { describe, expect, test } from "vitest";
import {
  expectSameAs,
  expectSameResults,
  float,
  integers,
  noise,
  oldModelBytes,
  type NodeRow,
  type OldModel,
} from "../../../test/old-model.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { libraryWords, wordsOf } from "../../wording/face.ts";
import { inferenceForm } from "../inference/inference-form.ts";
import { tensor, tensorOf, type Tensor } from "../tensor.ts";
import { earlyUpgrades } from "./early-upgrades.ts";

const x = noise([2, 4, 5, 6]);

/** Seeded numbers above 0. */
function positive(dims: readonly number[]): Tensor {
  const { data } = noise(dims, 5);
  return tensor("float32", dims, (data as Float32Array).map(Math.abs));
}

function one(opset: number, node: NodeRow, rest: Partial<OldModel> = {}): OldModel {
  return { opset, nodes: [node], feeds: { x }, ...rest };
}

function scalar(value: number): Tensor {
  return tensorOf("float32", [], [value]);
}

const splitOutputs = { outputs: ["y", "z"] };

/** Rows that ONNX Runtime takes at the opset. */
const taken: Readonly<Record<string, readonly OldModel[]>> = {
  "norms over windows": [
    one(2, ["LpPool", ["x"], ["y"], { kernel_shape: [2, 2], p: 3 }]),
    one(6, ["GlobalLpPool", ["x"], ["y"], { p: 3 }]),
  ],
  Pad: [one(2, ["Pad", ["x"], ["y"], { pads: [0, 0, 1, 2, 0, 0, 3, 4], value: float(1.5) }])],
  Split: [
    one(2, ["Split", ["x"], ["y", "z"], { axis: 1, split: [1, 3] }], splitOutputs),
    one(5, ["Split", ["x"], ["y", "z"]], splitOutputs),
  ],
  Concat: [one(4, ["Concat", ["x", "x"], ["y"], { axis: 1 }])],
  "Reshape, by attribute and by input": [
    one(1, ["Reshape", ["x"], ["y"], { shape: [0, -1] }]),
    one(4, ["Reshape", ["x"], ["y"], { shape: [3, -1], consumed_inputs: [0] }]),
    one(5, ["Reshape", ["x", "s"], ["y"]], { constants: { s: integers("int64", [0, -1]) } }),
  ],
  Cast: [one(6, ["Cast", ["x"], ["y"], { to: 11 }]), one(6, ["Cast", ["x"], ["y"], { to: 6 }])],
  Tile: [
    one(6, ["Tile", ["x", "t"], ["y"]], { constants: { t: integers("int64", [1, 2, 1, 3]) } }),
  ],
  "opset 6 without any old form": [
    ..."Abs Ceil Elu Exp Floor HardSigmoid LeakyRelu Neg Reciprocal Relu Selu Sigmoid Tanh"
      .split(" ")
      .map((operator) => one(6, [operator, ["x"], ["y"]])),
    ...["Log", "Sqrt"].map((operator) =>
      one(6, [operator, ["x"], ["y"]], { feeds: { x: positive([3, 4]) } }),
    ),
    ...["Max", "Mean", "Min", "Sum"].map((operator) => one(6, [operator, ["x", "x"], ["y"]])),
    one(6, ["Clip", ["x"], ["y"], { min: float(-0.5) }]),
    one(6, ["InstanceNormalization", ["x", "s", "b"], ["y"]], {
      constants: { s: noise([4], 2), b: noise([4], 3) },
    }),
  ],
  "the same in every opset": [1, 2, 3, 4, 5, 6].flatMap((opset) => [
    one(opset, ["Softmax", ["x"], ["y"], { axis: 2 }]),
    one(opset, ["ReduceMean", ["x"], ["y"], { axes: [1, 2], keepdims: 0 }]),
    one(opset, ["Slice", ["x"], ["y"], { starts: [1, -3], ends: [3, 1000], axes: [2, 3] }]),
    one(opset, ["Squeeze", ["x"], ["y"], { axes: [0] }], { feeds: { x: noise([1, 3]) } }),
    one(opset, ["Unsqueeze", ["x"], ["y"], { axes: [0, 2] }]),
    one(opset, ["TopK", ["x"], ["y", "z"], { k: 2 }], splitOutputs),
    one(opset, ["Flatten", ["x"], ["y"], { axis: 2 }]),
    one(opset, ["MaxPool", ["x"], ["y"], { kernel_shape: [3, 2], strides: [2, 2] }]),
    one(opset, ["DepthToSpace", ["x"], ["y"], { blocksize: 2 }]),
    one(opset, ["ConvTranspose", ["x", "w"], ["y"], { output_shape: [10, 12], strides: [2, 2] }], {
      constants: { w: noise([4, 3, 3, 3], 2) },
    }),
  ]),
};

/** An old form, and what it means in an opset that ONNX Runtime takes. */
type Meaning = readonly [old: OldModel, newer: OldModel];

const statistics = {
  scale: noise([4], 2),
  bias: noise([4], 3),
  mean: noise([4], 4),
  variance: tensorOf("float32", [4], [0.5, 1, 2, 3]),
};

const normalized = ["x", ...Object.keys(statistics)];

function laid(
  operator: string,
  own: readonly number[],
  axis: number,
  today: readonly number[],
): Meaning {
  const operand = positive(own);
  return [
    one(6, [operator, ["x", "b"], ["y"], { broadcast: 1, axis }], { constants: { b: operand } }),
    one(7, [operator, ["x", "b"], ["y"]], { constants: { b: { ...operand, dims: today } } }),
  ];
}

const meanings: Readonly<Record<string, readonly Meaning[]>> = {
  "an operand laid against the axes from one on": [
    ...["Add", "Sub", "Mul", "Div", "Greater", "Less"].flatMap((operator) => [
      laid(operator, [4], 1, [4, 1, 1]),
      laid(operator, [4, 5], 1, [4, 5, 1]),
      laid(operator, [6], 3, [6]),
      laid(operator, [2], 0, [2, 1, 1, 1]),
      laid(operator, [4], -3, [4, 1, 1]),
      laid(operator, [1, 1], 3, [1]),
    ]),
    [
      { ...laid("Pow", [4], 1, [])[0], feeds: { x: positive([2, 4, 5, 6]) } },
      { ...laid("Pow", [4], 1, [4, 1, 1])[1], feeds: { x: positive([2, 4, 5, 6]) } },
    ],
    [
      one(1, ["Add", ["x", "b"], ["y"], { broadcast: 1, consumed_inputs: [0, 0] }], {
        constants: { b: noise([5, 6], 2) },
      }),
      one(7, ["Add", ["x", "b"], ["y"]], { constants: { b: noise([5, 6], 2) } }),
    ],
  ],
  "an operand whose axes only the shapes count": [
    [
      {
        opset: 6,
        nodes: [
          ["TopK", ["x"], ["t", "i"], { k: 2 }],
          ["ReduceMax", ["x"], ["m"], { axes: [0, 2, 3], keepdims: 0 }],
          ["Add", ["t", "m"], ["y"], { broadcast: 1, axis: 1 }],
        ],
        feeds: { x },
      },
      {
        opset: 7,
        nodes: [
          ["TopK", ["x"], ["t", "i"], { k: 2 }],
          ["ReduceMax", ["x"], ["m"], { axes: [0, 2, 3], keepdims: 1 }],
          ["Add", ["t", "m"], ["y"]],
        ],
        feeds: { x },
      },
    ],
  ],
  "truth values and whole numbers": (["And", "Or", "Xor", "Equal"] as const).map(
    (operator): Meaning => {
      const truth = (dims: readonly number[], seed: number) =>
        tensor(
          "bool",
          dims,
          Uint8Array.from((noise(dims, seed).data as Float32Array).map((v) => Number(v > 0))),
        );
      const feeds = { x: truth([2, 4, 5], 1) };
      return [
        one(6, [operator, ["x", "b"], ["y"], { broadcast: 1, axis: 1 }], {
          feeds,
          constants: { b: truth([4], 2) },
        }),
        one(7, [operator, ["x", "b"], ["y"]], { feeds, constants: { b: truth([4, 1], 2) } }),
      ];
    },
  ),
  "PRelu of a slope a channel": [1, 6].flatMap((opset) =>
    [4, 1].map((count): Meaning => [
      one(opset, ["PRelu", ["x", "s"], ["y"]], { constants: { s: positive([count]) } }),
      one(7, ["PRelu", ["x", "s"], ["y"]], { constants: { s: positive([count, 1, 1]) } }),
    ]),
  ),
  Gemm: [
    [
      {
        opset: 6,
        nodes: [
          [
            "Gemm",
            ["x", "w", "b"],
            ["y"],
            { broadcast: 1, transB: 1, alpha: float(0.5), beta: float(2) },
          ],
        ],
        feeds: { x: noise([3, 4]) },
        constants: { w: noise([5, 4], 2), b: noise([5], 3) },
      },
      {
        opset: 7,
        nodes: [["Gemm", ["x", "w", "b"], ["y"], { transB: 1, alpha: float(0.5), beta: float(2) }]],
        feeds: { x: noise([3, 4]) },
        constants: { w: noise([5, 4], 2), b: noise([5], 3) },
      },
    ],
  ],
  "BatchNormalization in a test": [1, 6].flatMap((opset) =>
    [["y"], ["y", "a", "b", "c", "d"]].map((outputs): Meaning => [
      one(
        opset,
        ["BatchNormalization", normalized, outputs, { is_test: 1, epsilon: float(0.01) }],
        {
          constants: statistics,
        },
      ),
      one(9, ["BatchNormalization", normalized, ["y"], { epsilon: float(0.01) }], {
        constants: statistics,
      }),
    ]),
  ),
  "Dropout in a test": [1, 6].map((opset): Meaning => [
    one(opset, ["Dropout", ["x"], ["y"], { is_test: 1, ratio: float(0.3) }]),
    one(7, ["Identity", ["x"], ["y"]]),
  ]),
  "Upsample of height and width": ["nearest", "bilinear"].map((mode): Meaning => [
    one(1, ["Upsample", ["x"], ["y"], { height_scale: float(2), width_scale: float(3), mode }]),
    one(7, ["Upsample", ["x"], ["y"], { scales: [1, 1, 2, 3], mode: mode.replace("bi", "") }]),
  ]),
  "defaults that were others": [
    [
      one(5, ["Selu", ["x"], ["y"]]),
      one(6, ["Selu", ["x"], ["y"], { alpha: float(1.6732), gamma: float(1.0507) }]),
    ],
    [one(3, ["Concat", ["x", "x"], ["y"]]), one(4, ["Concat", ["x", "x"], ["y"], { axis: 1 }])],
  ],
  "other names, other kinds": [
    [
      one(1, ["Pad", ["x"], ["y"], { paddings: [0, 0, 1, 2, 0, 0, 3, 4] }]),
      one(2, ["Pad", ["x"], ["y"], { pads: [0, 0, 1, 2, 0, 0, 3, 4] }]),
    ],
    [
      one(1, ["LpPool", ["x"], ["y"], { kernel_shape: [2, 2], p: float(3) }]),
      one(2, ["LpPool", ["x"], ["y"], { kernel_shape: [2, 2], p: 3 }]),
    ],
    [
      one(1, ["GlobalLpPool", ["x"], ["y"], { p: float(1) }]),
      one(2, ["GlobalLpPool", ["x"], ["y"], { p: 1 }]),
    ],
    ...(
      [
        ["DOUBLE", 11],
        ["INT32", 6],
        ["FLOAT", 1],
        ["BOOL", 9],
        ["UINT8", 2],
      ] as const
    ).map(([name, to]): Meaning => [
      one(1, ["Cast", ["x"], ["y"], { to: name }]),
      one(6, ["Cast", ["x"], ["y"], { to }]),
    ]),
    [
      one(1, ["Split", ["x", "s"], ["y", "z"], { axis: 1 }], {
        ...splitOutputs,
        constants: { s: tensorOf("float32", [2], [1, 3]) },
      }),
      one(2, ["Split", ["x"], ["y", "z"], { axis: 1, split: [1, 3] }], splitOutputs),
    ],
    [
      one(1, ["Tile", ["x", "t", "a"], ["y"]], { constants: { t: scalar(3), a: scalar(2) } }),
      one(6, ["Tile", ["x", "t"], ["y"]], { constants: { t: integers("int64", [1, 1, 3, 1]) } }),
    ],
  ],
  "recurrences that say whether a sequence is wanted": (
    [
      ["LSTM", 4],
      ["GRU", 3],
      ["RNN", 1],
    ] as const
  ).map(([operator, gates]): Meaning => {
    const rest = {
      feeds: { x: noise([3, 1, 4]) },
      constants: { w: noise([1, gates * 2, 4], 2), r: noise([1, gates * 2, 2], 3) },
    };
    return [
      one(1, [operator, ["x", "w", "r"], ["y"], { hidden_size: 2, output_sequence: 1 }], rest),
      one(7, [operator, ["x", "w", "r"], ["y"], { hidden_size: 2 }], rest),
    ];
  }),
};

const consuming = (
  "Abs Ceil Elu Exp Floor HardSigmoid LeakyRelu Neg Reciprocal Relu Sigmoid Tanh Log Sqrt Max Mean Min Sum Clip " +
  "InstanceNormalization"
).split(" ");

describe("a graph of today gives the numbers", () => {
  test.each(Object.entries(taken))("of the file itself: %s", async (_, models) => {
    for (const model of models) await expectSameResults(model);
  });

  test.each(Object.entries(meanings))("of what the file means: %s", async (_, pairs) => {
    for (const [old, newer] of pairs) await expectSameAs(old, newer);
  });

  test.each(consuming)("whatever %s may overwrite", async (operator) => {
    const isPair = ["Max", "Mean", "Min", "Sum"].includes(operator);
    const inputs =
      operator === "InstanceNormalization" ? ["x", "s", "b"] : isPair ? ["x", "x"] : ["x"];
    const rest = {
      feeds: { x: positive([2, 4, 5, 6]) },
      constants: { s: noise([4], 2), b: noise([4], 3) },
    };
    const node = (attributes: Required<NodeRow>[3]): NodeRow => [
      operator,
      inputs,
      ["y"],
      attributes,
    ];
    await expectSameAs(one(5, node({ consumed_inputs: [0] }), rest), one(6, node({}), rest));
  });
});

describe("what is no test", () => {
  const training: readonly Required<NodeRow>[] = [
    ["Dropout", ["x"], ["y"], { ratio: float(0.3) }],
    ["Dropout", ["x"], ["y"], { is_test: 0 }],
    ["BatchNormalization", normalized, ["y"], { is_test: 0 }],
    ["BatchNormalization", normalized, ["y", "a", "b", "c", "d"], {}],
  ];

  test.each(training)(
    "%s %s %s %j is read as training, which inference leaves and says so",
    (...node) => {
      const { graph, notes } = inferenceForm(
        decodeOnnx(oldModelBytes(one(6, node, { constants: statistics }))),
      );
      expect(notes.map((note) => wordsOf(note, libraryWords)).join()).toMatch(
        `the file was exported in training mode; ${node[0]} `,
      );
      expect(graph.nodes[0]!.attributes["training_mode"]).toBeUndefined();
      expect(graph.nodes[0]!.inputs[2] ?? "").not.toMatch(/constant/);
    },
  );
});

test.each<[string, OldModel]>([
  ["Split-1", one(1, ["Split", ["x"], ["y", "z"]], splitOutputs)],
  ["LpPool-1", one(1, ["LpPool", ["x"], ["y"], { kernel_shape: [2, 2], p: float(1.5) }])],
  [
    "Add-6",
    one(6, ["Add", ["x", "b"], ["y"], { broadcast: 1, axis: 3 }], {
      constants: { b: noise([4, 5]) },
    }),
  ],
  ["Cast-5", one(5, ["Cast", ["x"], ["y"], { to: "COMPLEX64" }])],
  ["Dropout-6", one(6, ["Dropout", ["x"], ["y", "m"], { is_test: 1 }], { outputs: ["y", "m"] })],
  [
    "BatchNormalization-6",
    one(6, ["BatchNormalization", normalized, ["y", "m"], { is_test: 1 }], {
      outputs: ["y", "m"],
      constants: statistics,
    }),
  ],
])("%s has no meaning today, and is left to be refused by name", (operator, model) => {
  expect(decodeOnnx(oldModelBytes(model)).nodes.map((node) => node.operator)).toEqual([operator]);
});

test("every rewrite is checked above", () => {
  const rows = [...Object.values(taken).flat(), ...Object.values(meanings).flat(2)];
  const checked = new Set(rows.flatMap((model) => model.nodes.map(([operator]) => operator)));
  const known = [...earlyUpgrades.values()].flatMap((table) => Object.keys(table));
  expect(known.filter((operator) => !checked.has(operator))).toEqual([]);
});
