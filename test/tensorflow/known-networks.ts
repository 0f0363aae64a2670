/** @file Small networks built of the nodes that converters make of MobileNet v2 and BlazeFace. */
import { elementCount } from "../../src/graph/tensor.ts";
import { counted, GraphWriter, type Written } from "./graph-model.ts";

const ints = (...values: number[]): Written => ({ ints: values });
const one = ints(1, 1, 1, 1);

/** Weights of a size that keeps values of their size. */
function weights(g: GraphWriter, name: string, dims: readonly number[], factor: number): string {
  const share = Math.sqrt(3 / elementCount(dims.slice(0, 3)));
  const { data } = counted(dims, factor);
  return g.floats(name, { dims, data: data.map((value) => value * share * 1.4) });
}

function window(stride: number): Readonly<Record<string, Written>> {
  const format = { data_format: { text: "NHWC" }, padding: { text: "SAME" } } as const;
  return { ...format, strides: ints(1, stride, stride, 1), dilations: one };
}

interface Map {
  readonly name: string;
  readonly channels: number;
}

function convolution(
  g: GraphWriter,
  name: string,
  x: Map,
  {
    filters,
    side = 1,
    stride = 1,
    activation = "",
  }: Readonly<{
    filters: number;
    side?: number;
    stride?: number;
    activation?: string;
  }>,
): Map {
  const kernel = weights(g, `${name}/weights`, [side, side, x.channels, filters], 0.71);
  const bias = g.floats(`${name}/bias`, counted([filters], 0.37));
  const ops = ["BiasAdd", ...(activation ? [activation] : [])];
  const fused = { fused_ops: { texts: ops }, num_args: { int: 1 } } as const;
  g.node(name, "_FusedConv2D", [x.name, kernel, bias], { ...window(stride), ...fused });
  return { name, channels: filters };
}

/** A depthwise convolution, its bias and its activation as nodes of their own. */
function depthwise(g: GraphWriter, name: string, x: Map, stride: number): Map {
  const kernel = weights(g, `${name}/depthwise_weights`, [3, 3, x.channels, 1], 0.53);
  g.node(`${name}/depthwise`, "DepthwiseConv2dNative", [x.name, kernel], window(stride));
  const bias = g.floats(`${name}/bias`, counted([x.channels], 0.29));
  g.node(`${name}/BiasAdd`, "BiasAdd", [`${name}/depthwise`, bias], {
    data_format: { text: "NHWC" },
  });
  g.node(name, "Relu6", [`${name}/BiasAdd`]);
  return { name, channels: x.channels };
}

/** An inverted bottleneck of MobileNet v2. */
function bottleneck(g: GraphWriter, name: string, x: Map, filters: number, stride: number): Map {
  const expanded = convolution(g, `${name}/expand`, x, {
    filters: x.channels * 3,
    activation: "Relu6",
  });
  const inner = depthwise(g, `${name}/depthwise`, expanded, stride);
  const outer = convolution(g, `${name}/project`, inner, { filters });
  if (stride > 1 || filters !== x.channels) return outer;
  g.node(`${name}/add`, "Add", [outer.name, x.name]);
  return { name: `${name}/add`, channels: filters };
}

/** 10 classes of pictures [N, 32, 32, 3] of 0..1, which the graph itself brings to -1..1. */
export function mobileNet(): GraphWriter {
  const g = new GraphWriter();
  g.placeholder("images", [-1, 32, 32, 3]);
  g.node("scaled", "Mul", ["images", g.floats("two", { dims: [], data: [2] })]);
  g.node("centred", "Sub", ["scaled", g.floats("half", { dims: [], data: [1] })]);
  let x: Map = { name: "centred", channels: 3 };
  x = convolution(g, "Conv", x, { filters: 8, side: 3, stride: 2, activation: "Relu6" });
  x = bottleneck(g, "expanded_conv", x, 8, 1);
  x = bottleneck(g, "expanded_conv_1", x, 12, 2);
  x = bottleneck(g, "expanded_conv_2", x, 12, 1);
  x = convolution(g, "Conv_1", x, { filters: 24, activation: "Relu6" });
  const pool = { ksize: ints(1, 8, 8, 1), strides: one, padding: { text: "VALID" } } as const;
  g.node("Logits/AvgPool", "AvgPool", [x.name], pool);
  x = convolution(g, "Logits/Conv2d_1c_1x1", { ...x, name: "Logits/AvgPool" }, { filters: 10 });
  g.node("Logits/Squeeze", "Squeeze", [x.name], { squeeze_dims: ints(1, 2) });
  g.node("Predictions", "Softmax", ["Logits/Squeeze"]);
  return g;
}

/** A block of BlazeFace: its way around it is pooled and gets more channels by a border. */
function blaze(g: GraphWriter, name: string, x: Map, filters: number, stride: number): Map {
  const kernel = weights(g, `${name}/kernel`, [3, 3, x.channels, 1], 0.47);
  g.node(`${name}/depthwise`, "DepthwiseConv2dNative", [x.name, kernel], window(stride));
  const inner = { ...x, name: `${name}/depthwise` };
  const outer = convolution(g, `${name}/conv`, inner, { filters });
  let around = x.name;
  if (stride > 1) {
    const pool = { ksize: ints(1, 2, 2, 1), strides: ints(1, 2, 2, 1), padding: { text: "SAME" } };
    around = g.node(`${name}/pool`, "MaxPool", [around], pool);
  }
  if (filters > x.channels) {
    const widths = g.ints(`${name}/borders`, [0, 0, 0, 0, 0, 0, 0, filters - x.channels], [4, 2]);
    around = g.node(`${name}/pad`, "Pad", [around, widths]);
  }
  g.node(`${name}/add`, "AddV2", [outer.name, around]);
  return { name: g.node(name, "Relu", [`${name}/add`]), channels: filters };
}

/** The numbers of a head as [N, boxes, count], by the shape of the map that they come from. */
function boxes(g: GraphWriter, name: string, x: Map, anchors: number, count: number): string {
  const head = convolution(g, `${name}/conv`, x, { filters: anchors * count });
  g.node(`${name}/Shape`, "Shape", [head.name], { out_type: { type: "INT32" } });
  const at = [0, 1, 1].map((place, i) => g.ints(`${name}/at${i}`, [place]));
  g.node(`${name}/batch`, "StridedSlice", [`${name}/Shape`, ...at], {
    shrink_axis_mask: { int: 1 },
    begin_mask: { int: 0 },
    end_mask: { int: 0 },
    ellipsis_mask: { int: 0 },
    new_axis_mask: { int: 0 },
  });
  const sizes = [-1, count].map((size, i) => g.ints(`${name}/size${i}`, [size], []));
  g.node(`${name}/target`, "Pack", [`${name}/batch`, ...sizes], {
    axis: { int: 0 },
    N: { int: 3 },
  });
  return g.node(name, "Reshape", [head.name, `${name}/target`]);
}

/** Boxes and their scores of pictures [N, 32, 32, 3], of two maps each. */
export function blazeFace(): GraphWriter {
  const g = new GraphWriter();
  let x: Map = { name: g.placeholder("input", [-1, 32, 32, 3]), channels: 3 };
  x = convolution(g, "conv2d", x, { filters: 6, side: 5, stride: 2, activation: "Relu" });
  x = blaze(g, "block_1", x, 8, 1);
  const fine = blaze(g, "block_2", x, 12, 2);
  const coarse = blaze(g, "block_3", fine, 16, 2);
  const join = (name: string, count: number) => {
    const parts = [boxes(g, `${name}_8`, fine, 2, count), boxes(g, `${name}_16`, coarse, 6, count)];
    return g.node(name, "ConcatV2", [...parts, g.ints(`${name}/axis`, [1], [])], { N: { int: 2 } });
  };
  join("classificators", 1);
  join("regressors", 4);
  return g;
}
