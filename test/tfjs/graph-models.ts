/** @file Graph models as the converter of TensorFlow.js writes them: kinds of networks that people have, small. */
import { counted, GraphWriter, topologyOf } from "../tensorflow/graph-model.ts";
import type { SavedWeight } from "./saved-model.ts";

/** A graph model, what it is fed with and what comes of it. */
export interface GraphModel {
  readonly name: string;
  readonly graph: GraphWriter;
  /** [height, width, channels] */
  readonly picture: readonly [number, number, number];
  readonly input: string;
  readonly output: string;
  /** Undefined where the file has none, as older ones. */
  readonly signature?: unknown;
}

const window = (stride: number, padding = "SAME") => ({
  strides: { ints: [1, stride, stride, 1] },
  padding: { text: padding },
  dilations: { ints: [1, 1, 1, 1] },
  data_format: { text: "NHWC" },
});

const pool = (size: number, stride: number) => ({
  ...window(stride),
  ksize: { ints: [1, size, size, 1] },
});

const fused = (...operations: readonly string[]) => ({
  fused_ops: { texts: operations },
  num_args: { int: 1 },
});

function signatureOf(input: string, picture: readonly number[], output: string) {
  const dim = [-1, ...picture].map((size) => ({ size: String(size) }));
  return {
    inputs: { image: { name: `${input}:0`, dtype: "DT_FLOAT", tensorShape: { dim } } },
    outputs: { scores: { name: `${output}:0`, dtype: "DT_FLOAT" } },
  };
}

function mobile(): GraphModel {
  const g = new GraphWriter();
  g.placeholder("image", [-1, 8, 8, 3]);
  const stem = [
    "image",
    g.floats("stem/w", counted([3, 3, 3, 4])),
    g.floats("stem/b", counted([4])),
  ];
  g.node("stem", "_FusedConv2D", stem, { ...window(2), ...fused("BiasAdd", "Relu6") });
  const deep = [
    "stem",
    g.floats("deep/w", counted([3, 3, 4, 1])),
    g.floats("deep/b", counted([4], 2)),
  ];
  g.node("deep", "FusedDepthwiseConv2dNative", deep, {
    ...window(1),
    ...fused("BiasAdd", "Relu6"),
  });
  const point = [
    "deep",
    g.floats("point/w", counted([1, 1, 4, 4])),
    g.floats("point/b", counted([4])),
  ];
  g.node("point", "_FusedConv2D", point, { ...window(1), ...fused("BiasAdd") });
  g.node("sum", "AddV2", ["stem", "point"]);
  g.node("mean", "Mean", ["sum", g.ints("mean/axes", [1, 2])], { keep_dims: { truth: false } });
  const dense = [
    "mean",
    g.floats("dense/w", counted([4, 5], 0.4)),
    g.floats("dense/b", counted([5])),
  ];
  g.node("dense", "_FusedMatMul", dense, fused("BiasAdd"));
  g.node("scores", "Softmax", ["dense"]);
  const ends = { input: "image", output: "scores", picture: [8, 8, 3] } as const;
  return {
    name: "mobile",
    graph: g,
    ...ends,
    signature: signatureOf("image", [8, 8, 3], "scores"),
  };
}

function residual(): GraphModel {
  const g = new GraphWriter();
  g.placeholder("x", [-1, -1, -1, 1]);
  const pads = g.ints("pads", [0, 0, 1, 1, 1, 1, 0, 0], [4, 2]);
  g.node("padded", "Pad", ["x", pads]);
  g.node(
    "conv",
    "Conv2D",
    ["padded", g.floats("conv/w", counted([3, 3, 1, 3]))],
    window(1, "VALID"),
  );
  const statistics = ["gamma", "beta", "mean"].map((name, i) =>
    g.floats(`bn/${name}`, counted([3], i + 1)),
  );
  const variance = g.floats("bn/variance", { dims: [3], data: [1, 0.5, 2] });
  g.node("bn", "FusedBatchNormV3", ["conv", ...statistics, variance], {
    epsilon: { float: 0.001 },
    is_training: { truth: false },
    data_format: { text: "NHWC" },
  });
  g.node("relu", "Relu", ["bn"]);
  g.node("again", "Conv2D", ["relu", g.floats("again/w", counted([3, 3, 3, 3]))], window(1));
  g.node("biased", "BiasAdd", ["again", g.floats("again/b", counted([3]))]);
  g.node("sum", "Add", ["biased", "relu"]);
  g.node("pooled", "MaxPool", ["sum"], pool(3, 2));
  g.node("mean", "Mean", ["pooled", g.ints("mean/axes", [1, 2])], { keep_dims: { truth: false } });
  g.node("scores", "MatMul", ["mean", g.floats("dense/w", counted([3, 4]))]);
  return {
    name: "residual, of any size",
    graph: g,
    input: "x",
    output: "scores",
    picture: [7, 6, 1],
  };
}

function branched(): GraphModel {
  const g = new GraphWriter();
  g.placeholder("input_1", [-1, 6, 6, 3]);
  g.node("a", "Conv2D", ["input_1", g.floats("a/w", counted([1, 1, 3, 2]))], window(1));
  g.node("b", "Conv2D", ["input_1", g.floats("b/w", counted([3, 3, 3, 2]))], window(1));
  g.node("c", "AvgPool", ["input_1"], pool(3, 1));
  g.node("leaky", "LeakyRelu", ["b"], { alpha: { float: 0.2 } });
  g.node("all", "ConcatV2", ["a", "leaky", "c", g.ints("axis", [3], [])], { N: { int: 3 } });
  g.node("flat", "Reshape", ["all", g.ints("shape", [-1, 252])]);
  g.node("scores", "MatMul", ["flat", g.floats("dense/w", counted([252, 3], 0.7))]);
  const ends = { input: "input_1", output: "scores", picture: [6, 6, 3] } as const;
  return { name: "branched and flattened", graph: g, ...ends };
}

function scaled(): GraphModel {
  const g = new GraphWriter();
  g.placeholder("images", [-1, 5, 5, 3]);
  g.node("half", "Mul", ["images", g.floats("two", { dims: [], data: [2] })]);
  g.node("scaled", "Sub", ["half", g.floats("one", { dims: [], data: [1] })]);
  g.node("conv", "Conv2D", ["scaled", g.floats("conv/w", counted([3, 3, 3, 4]))], window(2));
  g.node("elu", "Elu", ["conv"]);
  g.node("pooled", "AvgPool", ["elu"], { ...pool(3, 1), padding: { text: "VALID" } });
  g.node("logits", "Conv2D", ["pooled", g.floats("logits/w", counted([1, 1, 4, 3]))], window(1));
  g.node("scores", "Squeeze", ["logits"], { squeeze_dims: { ints: [1, 2] } });
  const ends = { input: "images", output: "scores", picture: [5, 5, 3] } as const;
  return {
    name: "scaled as hubs' are",
    graph: g,
    ...ends,
    signature: signatureOf("images", [5, 5, 3], "scores"),
  };
}

function segmenting(): GraphModel {
  const g = new GraphWriter();
  g.placeholder("sub_2", [1, -1, -1, 3]);
  g.node("down", "Conv2D", ["sub_2", g.floats("down/w", counted([3, 3, 3, 4]))], window(2));
  g.node("relu", "Relu6", ["down"]);
  g.node("masks", "Conv2D", ["relu", g.floats("masks/w", counted([1, 1, 4, 2]))], window(1));
  g.node("float_segments", "Sigmoid", ["masks"]);
  const ends = { input: "sub_2", output: "float_segments", picture: [9, 8, 3] } as const;
  return { name: "a map of segments", graph: g, ...ends };
}

export const graphModels: readonly GraphModel[] = [
  mobile(),
  residual(),
  branched(),
  scaled(),
  segmenting(),
];

/** What is saved of a graph model. */
export function savedGraph({ graph }: GraphModel): {
  readonly topology: unknown;
  readonly weights: readonly SavedWeight[];
} {
  const weights = [...graph.weights].map(([name, { type, dims, data }]): SavedWeight => {
    return { name, dtype: type, shape: dims, values: data };
  });
  return { topology: topologyOf(graph), weights };
}
