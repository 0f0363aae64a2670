/** @file Rows that TF.js does not have, and what frozen graphs spell in several nodes, against hand values. */
import { describe, expect, test } from "vitest";
import {
  computedOf,
  expectNear,
  openedGraph,
  runGraph,
} from "../../../test/tensorflow/compared.ts";
import {
  counted,
  GraphWriter,
  runTfjs,
  type Numbers,
  type Written,
} from "../../../test/tensorflow/graph-model.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { describeTopology } from "./graphdef-json.ts";
import { graphOfTensorflow } from "./tensorflow-graph.ts";

const list = (...data: number[]): Numbers => ({ dims: [1, data.length], data });

/** What an operator makes of a list, and of what else it reads. */
async function made(
  op: string,
  x: Numbers,
  others: readonly Numbers[] = [],
  attributes: Readonly<Record<string, Written>> = {},
) {
  const g = new GraphWriter();
  const inputs = others.map((other, i) => g.floats(`in${i}`, other));
  g.node("op", op, [g.placeholder("x", [-1, ...x.dims.slice(1)]), ...inputs], attributes);
  g.node("y", "Reshape", ["op", g.ints("shape", [-1])]);
  return (await computedOf(g, { x }, "y")).data;
}

test.each([
  ["Softsign", list(-1, 0, 3), [], [-0.5, 0, 0.75]],
  ["Inv", list(-1, 2, 4), [], [-1, 0.5, 0.25]],
  ["HardSwish", list(-4, -1, 1, 5), [], [0, -1 / 3, 2 / 3, 5]],
  ["Gelu", list(-1, 0, 2), [], [-0.15865525, 0, 1.95449974]],
  ["Erfc", list(-1, 0, 2), [], [1.84270079, 1, 0.00467773]],
  ["ZerosLike", list(3, Infinity), [], [0, 0]],
  ["OnesLike", list(3, -Infinity), [], [1, 1]],
  ["IsNan", list(3, Infinity, NaN), [], [0, 0, 1]],
  ["IsInf", list(3, -Infinity, NaN), [], [0, 1, 0]],
  ["IsFinite", list(3, Infinity, NaN), [], [1, 0, 0]],
  ["Div", list(3, 5), [list(2, 4)], [1.5, 1.25]],
  ["BiasAddV1", list(3, 5), [{ dims: [2], data: [1, 2] }], [4, 7]],
  ["CheckNumerics", list(3, 5), [], [3, 5]],
  ["PreventGradient", list(3, 5), [], [3, 5]],
  ["EnsureShape", list(3, 5), [], [3, 5]],
  ["Print", list(3, 5), [], [3, 5]],
  ["ReadVariableOp", list(3, 5), [], [3, 5]],
  ["IdentityN", list(3, 5), [], [3, 5]],
  ["BatchMatMulV3", list(3, 5), [{ dims: [2, 1], data: [2, 1] }], [11]],
] as const)("%s", async (op, x, others, wanted) => {
  expectNear(await made(op, x, others), wanted, 1e-6);
});

/** What TensorFlow 2.21 makes of 0, 1, 4, 9, whose kernel is a table of 1024 entries. */
test.each([
  [
    { half_pixel_centers: { truth: true } },
    [-0.07922, 0.18769, 0.86283, 2.25, 4.31781, 7.60285, 9.39608],
  ],
  [{}, [0, 0.2652, 1.37544, 2.70416, 5.64954, 8.43556, 9.5247]],
  [{ align_corners: { truth: true } }, [0, 0.21875, 1, 2.125, 4, 6.78125, 9]],
] as const)("cubic interpolation, %j", async (attributes, wanted) => {
  const g = new GraphWriter();
  const x = g.placeholder("x", [-1, 1, 4, 1]);
  g.node("op", "ResizeBicubic", [x, g.ints("size", [1, 7])], attributes);
  g.node("y", "Reshape", ["op", g.ints("shape", [-1])]);
  const fed = { x: { dims: [1, 1, 4, 1], data: [0, 1, 4, 9] } };
  expectNear((await computedOf(g, fed, "y")).data, wanted, 1e-3);
});

test("quantised copies keep the ends of their range", async () => {
  const bounds = { min: { float: -1 }, max: { float: 2 } } as const;
  expect(await made("FakeQuantWithMinMaxArgs", list(-3, 0.1, 5), [], bounds)).toEqual([
    -1,
    expect.closeTo(0.1),
    2,
  ]);
  const ends = [-1, 2].map((data) => ({ dims: [], data: [data] }));
  expect(await made("FakeQuantWithMinMaxVars", list(-3, 0.5, 5), ends)).toEqual([-1, 0.5, 2]);
});

test("truths choose and are joined", async () => {
  const g = new GraphWriter();
  g.placeholder("x", [-1, 4]);
  g.floats("low", { dims: [], data: [0] });
  g.floats("high", { dims: [], data: [2] });
  g.node("above", "Greater", ["x", "low"]);
  g.node("below", "Less", ["x", "high"]);
  g.node("inside", "LogicalAnd", ["above", "below"]);
  g.node("outside", "LogicalNot", ["inside"]);
  g.node("any", "LogicalOr", ["outside", "above"]);
  g.node("first", "SelectV2", ["inside", "x", "low"]);
  g.node("y", "Select", ["any", "first", "high"]);
  expect((await computedOf(g, { x: list(-1, 1, 3, 0.5) }, "y")).data).toEqual([0, 1, 0, 0.5]);
});

test("early batch normalisation: mean, variance, shift and scale stand in another order", async () => {
  const g = new GraphWriter();
  g.placeholder("x", [-1, 1, 1, 1]);
  const numbers = [1, 4, 0.5, 3].map((data, i) => g.floats(`n${i}`, { dims: [1], data: [data] }));
  g.node("norm", "BatchNormWithGlobalNormalization", ["x", ...numbers], {
    variance_epsilon: { float: 0.001 },
    scale_after_normalization: { truth: true },
  });
  g.node("y", "Reshape", ["norm", g.ints("shape", [-1])]);
  const { data } = await computedOf(g, { x: { dims: [1, 1, 1, 1], data: [2] } }, "y");
  expect(data[0]).toBeCloseTo(1.99981254, 6);
});

test("joins of the first version have their axis in front, and places become channels", async () => {
  const g = new GraphWriter();
  g.placeholder("x", [-1, 2, 2, 1]);
  g.node("both", "Concat", [g.ints("axis", [3], []), "x", "x"], { N: { int: 2 } });
  g.node("blocks", "SpaceToDepth", ["both"], { block_size: { int: 2 } });
  g.node("y", "Reshape", ["blocks", g.ints("shape", [-1])]);
  const { data } = await computedOf(g, { x: { dims: [1, 2, 2, 1], data: [1, 2, 3, 4] } }, "y");
  expect(data).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
});

describe("what is known when the graph is read", () => {
  test("a branch whose truth is known is taken", async () => {
    const g = new GraphWriter();
    g.placeholder("x", [-1, 2]);
    g.weights.set("training", { dims: [], data: [0], type: "bool" });
    g.node("training", "Const", [], { dtype: { type: "BOOL" } });
    g.node("learning", "PlaceholderWithDefault", ["training"], { shape: { shape: [] } });
    g.node("fork", "Switch", ["x", "learning"]);
    g.node("dropped", "RandomUniform", ["fork:1"]);
    g.node("kept", "Neg", ["fork"]);
    g.node("merge", "Merge", ["dropped", "kept"], { N: { int: 2 } });
    g.node("y", "Identity", ["merge"]);
    expect((await computedOf(g, { x: list(1, 2) }, "y")).data).toEqual([-1, -2]);
  });

  test("arithmetic of open sizes becomes a factor, or an axis that follows", async () => {
    const g = new GraphWriter();
    g.placeholder("x", [-1, -1, -1, 2]);
    g.node("shape", "Shape", ["x"], { out_type: { type: "INT32" } });
    g.node("places", "Slice", ["shape", g.ints("one", [1]), g.ints("two", [2])]);
    g.node("twice", "Mul", ["places", g.ints("factor", [2, 3])]);
    g.node("large", "ResizeNearestNeighbor", ["x", "twice"]);
    g.node("count", "Prod", ["twice", g.ints("zero", [0])], { keep_dims: { truth: true } });
    g.node("all", "ConcatV2", [g.ints("minus", [-1]), "count", "two", g.ints("axis", [0], [])], {
      N: { int: 3 },
    });
    g.node("y", "Reshape", ["large", "all"]);
    const graph = openedGraph(g, ["y"]);
    expect(graph.inputs[0]!.dims).toEqual(["N", 2, "H", "W"]);
    for (const dims of [
      [1, 2, 1, 2],
      [2, 3, 4, 2],
    ]) {
      const x = counted(dims);
      const [wanted] = await runTfjs(g, { x }, ["y"]);
      expect(await runGraph(graph, { x }, "y")).toEqual({
        dims: wanted!.dims,
        data: wanted!.data.map((value) => expect.closeTo(value, 5)),
      });
    }
  });

  test("a size of the batch that is written into the file closes it, which is told", async () => {
    const g = new GraphWriter();
    g.placeholder("x", [-1, 2, 2, 1]);
    g.node("y", "Reshape", ["x", g.ints("shape", [1, 4])]);
    const graph = openedGraph(g, ["y"]);
    expect(graph.inputs[0]!.dims).toEqual([1, 1, 2, 2]);
    expect(graph.metadata.get(metadataKeys.reading)).toContain("one example at a time");
  });
});

describe("layouts", () => {
  const window = { strides: { ints: [1, 1, 2, 1] }, padding: { text: "SAME" } } as const;

  test("channels first compute what channels last do", async () => {
    const g = new GraphWriter();
    const kernel = g.floats("kernel", counted([3, 3, 2, 4], 0.3));
    const bias = g.floats("bias", counted([4], 0.5));
    g.placeholder("x", [-1, 5, 6, 2]);
    const last = g.node("last", "Conv2D", ["x", kernel], window);
    const biased = g.node("last/bias", "BiasAdd", [last, bias]);
    const lastPool = { ksize: { ints: [1, 2, 2, 1] }, ...window } as const;
    const pooled = g.node("last/pool", "AvgPool", [biased], lastPool);
    const turned = g.node("turned", "Transpose", ["x", g.ints("order", [0, 3, 1, 2])]);
    const format = { data_format: { text: "NCHW" }, padding: { text: "SAME" } } as const;
    const strides = { strides: { ints: [1, 1, 1, 2] }, ...format } as const;
    const first = g.node("first", "Conv2D", [turned, kernel], strides);
    const firstBias = g.node("first/bias", "BiasAdd", [first, bias], format);
    const ksize = { ksize: { ints: [1, 1, 2, 2] } } as const;
    const firstPool = g.node("first/pool", "AvgPool", [firstBias], { ...strides, ...ksize });
    const back = g.node("back", "Transpose", [firstPool, g.ints("order/back", [0, 2, 3, 1])]);
    g.node("difference", "Sub", [pooled, back]);
    g.node("y", "Reshape", ["difference", g.ints("shape", [-1])]);
    const graph = openedGraph(g, ["y"]);
    const { data } = await runGraph(graph, { x: counted([2, 5, 6, 2]) }, "y");
    expectNear(
      data,
      data.map(() => 0),
      1e-6,
    );
    expect(graph.nodes.filter(({ operator }) => operator === "Transpose")).toHaveLength(1);
  });

  test("what is channels first from its input on has no transposes", () => {
    const g = new GraphWriter();
    const kernel = g.floats("kernel", counted([3, 3, 3, 4], 0.3));
    const format = { data_format: { text: "NCHW" }, padding: { text: "SAME" } } as const;
    const strides = { strides: { ints: [1, 1, 2, 2] }, ...format } as const;
    g.node("conv", "Conv2D", [g.placeholder("x", [-1, 3, 16, 16]), kernel], strides);
    g.node("y", "Mean", ["conv", g.ints("axes", [2, 3])]);
    const graph = openedGraph(g, ["y"]);
    expect(graph.inputs[0]!.dims).toEqual(["N", 3, 16, 16]);
    expect(graph.nodes.map(({ operator }) => operator)).toEqual(["Conv", "ReduceMean"]);
  });

  test.each(["Conv2D", "DepthwiseConv2dNative"])(
    "a dilated %s in three nodes is one",
    async (op) => {
      const build = (isSpelled: boolean) => {
        const g = new GraphWriter();
        const kernel = g.floats("kernel", counted([3, 3, 2, 2], 0.3));
        const x = g.placeholder("x", [-1, 7, 6, 2]);
        const ones = { ints: [1, 1, 1, 1] };
        if (isSpelled) {
          const block = g.ints("block", [2, 2]);
          g.node("deal", "SpaceToBatchND", [x, block, g.ints("borders", [2, 3, 2, 2], [2, 2])]);
          const plain = { strides: ones, dilations: ones, padding: { text: "VALID" } } as const;
          g.node("conv", op, ["deal", kernel], plain);
          g.node("relu", "Relu", ["conv"]);
          g.node("last", "BatchToSpaceND", ["relu", block, g.ints("crops", [0, 1, 0, 0], [2, 2])]);
        } else {
          const dilations = { ints: [1, 2, 2, 1] };
          g.node("conv", op, [x, kernel], { strides: ones, dilations, padding: { text: "SAME" } });
          g.node("last", "Relu", ["conv"]);
        }
        g.node("y", "Reshape", ["last", g.ints("shape", [-1])]);
        return g;
      };
      const x = counted([2, 7, 6, 2]);
      const [spelled, plain] = [build(true), build(false)];
      const wanted = await computedOf(plain, { x }, "y");
      expectNear((await computedOf(spelled, { x }, "y")).data, wanted.data, 1e-6);
      const [[fromTfjs]] = [await runTfjs(spelled, { x }, ["y"])];
      expectNear(wanted.data, fromTfjs!.data, 1e-5);
      // A frozen graph tells no outputs: nothing that was put together is one.
      expect(openedGraph(spelled).outputs.map(({ name }) => name)).toEqual(["y"]);
    },
  );

  test("outputs say no size that follows from the examples", () => {
    const g = new GraphWriter();
    g.node("rows", "Relu", [g.placeholder("x", [-1, 5, 6, 3])]);
    g.node("list", "Reshape", ["rows", g.ints("shape", [-1, 6])]);
    g.node("map", "Tanh", ["rows"]);
    const { outputs } = openedGraph(g);
    expect(outputs.map(({ dims }) => dims)).toEqual([
      ["?", 6],
      ["N", 3, 5, 6],
    ]);
  });
});

describe("functions", () => {
  const inner = {
    signature: {
      name: "inner",
      inputArg: [{ name: "a", type: "DT_FLOAT" }],
      outputArg: [{ name: "b", type: "DT_FLOAT" }],
    },
    nodeDef: [
      { name: "negative", op: "Neg", input: ["a"], attr: {} },
      { name: "parts", op: "TopKV2", input: ["negative:y:0", "k:output:0"], attr: {} },
      { name: "k", op: "Const", attr: { dtype: { type: "DT_INT32" } } },
    ],
    ret: { b: "parts:values:0" },
  };
  const topology = {
    node: [
      {
        name: "x",
        op: "Placeholder",
        attr: {
          dtype: { type: "DT_FLOAT" },
          shape: { shape: { dim: [{ size: "-1" }, { size: "2" }] } },
        },
      },
      {
        name: "call",
        op: "StatefulPartitionedCall",
        input: ["x"],
        attr: { f: { func: { name: "inner" } } },
      },
      { name: "y", op: "Exp", input: ["call:0", "^x"], attr: {} },
    ],
    library: { function: [inner] },
  };

  test("are put in where they are called", async () => {
    const g = new GraphWriter();
    g.ints("k", [1], []);
    const weights = new Map([
      ["call/k", { type: "int32", dims: [], data: Int32Array.of(1) } as const],
    ]);
    const graph = graphOfTensorflow(describeTopology(topology), weights, { name: "g" });
    expect(graph.nodes.map(({ name }) => name)).toContain("call/negative");
    const { data } = await runGraph(graph, { x: list(1, 2) }, "y");
    expect(data[0]).toBeCloseTo(Math.exp(-1), 6);
  });

  test("whose names are copied into very long ones are refused", () => {
    const [x, call, y] = topology.node;
    const name = "n".repeat(2 ** 16);
    const nodeDef = Array.from({ length: 2000 }, (_, i) => ({
      ...inner.nodeDef[0]!,
      name: `${i}`,
    }));
    const library = { function: [{ ...inner, nodeDef, ret: { b: "0:y:0" } }] };
    const node = [x!, { ...call!, name }, { ...y!, input: [name] }];
    const description = describeTopology({ node, library });
    expect(() => graphOfTensorflow(description, new Map(), { name: "g" })).toThrow(
      "names of nodes must be short",
    );
  });

  test("that call themselves are refused", () => {
    const again = { ...inner.nodeDef[0]!, op: "inner" };
    const library = { function: [{ ...inner, nodeDef: [again], ret: { b: "negative:0" } }] };
    const description = describeTopology({ ...topology, library });
    expect(() => graphOfTensorflow(description, new Map(), { name: "g" })).toThrow(
      'functions must not call themselves, got "inner"',
    );
  });
});

test("a constant that is no number of its type is the file's fault", () => {
  const numbers = { type: "float32", dims: [], data: Float32Array.of(Infinity) } as const;
  const attr = { dtype: { type: "DT_INT64" } };
  const node = [
    { name: "k", op: "Const", attr },
    { name: "y", op: "Neg", input: ["k"] },
  ];
  const open = () =>
    graphOfTensorflow(describeTopology({ node }), new Map([["k", numbers]]), { name: "g" });
  expect(open).toThrow(expect.objectContaining({ code: "bad-file" }));
});

describe("attributes of all versions of the converter", () => {
  const bytes = (text: string) => Array.from(new TextEncoder().encode(text));

  test.each([
    [{ s: btoa("SAME") }, { list: { i: ["1", "2", "2", "1"] } }],
    [{ s: bytes("SAME") }, { list: { i: [1, 2, 2, 1] } }],
  ])("%j", async (padding, strides) => {
    const node = [
      {
        name: "x",
        op: "Placeholder",
        input: null,
        attr: {
          dtype: { type: 1 },
          shape: { shape: { dim: [{ size: -1 }, { size: 3 }, { size: 3 }, { size: 1 }] } },
        },
      },
      {
        name: "pool",
        op: "MaxPool",
        input: ["x:0"],
        attr: { padding, strides, ksize: strides, T: { type: "DT_FLOAT" }, empty: { list: {} } },
      },
    ];
    const graph = graphOfTensorflow(describeTopology({ node }), new Map(), { name: "g" });
    const x = { dims: [1, 3, 3, 1], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
    expect((await runGraph(graph, { x }, "pool")).data).toEqual([5, 6, 8, 9]);
  });
});
