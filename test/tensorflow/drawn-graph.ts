/** @file Networks of TensorFlow's operators that fast-check draws, of maps and what stands behind them. */
import * as fc from "fast-check";
import { elementCount } from "../../src/graph/tensor.ts";
import { counted, GraphWriter, type Written } from "./graph-model.ts";

/** A value of a graph that is being written: its name and its axes, [N, H, W, C] or [N, features]. */
interface Drawn {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Numbers that a step is drawn from. */
type Draw = (count: number) => number;

/** One step of a network; undefined where it does not fit what it would read. */
type Step = (g: GraphWriter, x: Drawn, draw: Draw) => Drawn | undefined;

let sequence = 0;
const named = (op: string) => `${op}_${sequence++}`;

const text = (value: string): Written => ({ text: value });
const ints = (...values: number[]): Written => ({ ints: values });

function node(
  g: GraphWriter,
  op: string,
  inputs: readonly string[],
  dims: readonly number[],
  attributes: Readonly<Record<string, Written>> = {},
): Drawn {
  const name = g.node(named(op), op, inputs, attributes);
  g.shapes.set(name, dims);
  return { name, dims };
}

const floats = (g: GraphWriter, dims: readonly number[], factor = 0.7) =>
  g.floats(named("weights"), counted(dims, factor));

/** How a window goes over height and width, and the sizes that it leaves. */
function windowOf([, h = 1, w = 1]: readonly number[], draw: Draw, mayDilate: boolean) {
  const size = [1 + draw(3), 1 + draw(3)] as const;
  const stride = 1 + draw(2);
  const dilation = mayDilate && stride === 1 ? 1 + draw(2) : 1;
  const reach = size.map((side) => (side - 1) * dilation + 1) as [number, number];
  const kinds = ["SAME", ...(h >= reach[0] && w >= reach[1] ? ["VALID"] : [])];
  const padding = kinds[draw(kinds.length)]!;
  const places = [h, w].map((side, axis) =>
    Math.ceil((padding === "SAME" ? side : side - reach[axis]! + 1) / stride),
  ) as [number, number];
  const attributes = {
    strides: ints(1, stride, stride, 1),
    padding: text(padding),
    data_format: text("NHWC"),
    ...(mayDilate && { dilations: ints(1, dilation, dilation, 1) }),
  };
  return { size, places, attributes };
}

const isMap = ({ dims }: Drawn) => dims.length === 4;

/** TF.js does not know LeakyRelu behind depthwise convolutions. */
const fusedKinds = ["Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu"];

function fusedOps(draw: Draw, isDepthwise = false) {
  const kinds = isDepthwise ? fusedKinds.slice(0, -1) : fusedKinds;
  const activation = kinds[draw(kinds.length + 1)];
  return {
    fused_ops: { texts: ["BiasAdd", ...(activation ? [activation] : [])] },
    num_args: { int: 1 },
    leakyrelu_alpha: { float: 0.25 },
  } as const;
}

const convolution: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const { size, places, attributes } = windowOf(x.dims, draw, true);
  const filters = 1 + draw(4);
  const kernel = floats(g, [...size, x.dims[3]!, filters]);
  const dims = [x.dims[0]!, ...places, filters];
  if (draw(2) === 0) return node(g, "Conv2D", [x.name, kernel], dims, attributes);
  const inputs = [x.name, kernel, floats(g, [filters], 0.3)];
  return node(g, "_FusedConv2D", inputs, dims, { ...attributes, ...fusedOps(draw) });
};

const depthwise: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const { size, places, attributes } = windowOf(x.dims, draw, true);
  const multiplier = 1 + draw(2);
  const channels = x.dims[3]! * multiplier;
  const kernel = floats(g, [...size, x.dims[3]!, multiplier]);
  const dims = [x.dims[0]!, ...places, channels];
  if (draw(2) === 0) return node(g, "DepthwiseConv2dNative", [x.name, kernel], dims, attributes);
  const inputs = [x.name, kernel, floats(g, [channels], 0.3)];
  const op = "FusedDepthwiseConv2dNative";
  return node(g, op, inputs, dims, { ...attributes, ...fusedOps(draw, true) });
};

const pool: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const { size, places, attributes } = windowOf(x.dims, draw, false);
  const op = draw(2) === 0 ? "MaxPool" : "AvgPool";
  const dims = [x.dims[0]!, ...places, x.dims[3]!];
  return node(g, op, [x.name], dims, { ...attributes, ksize: ints(1, ...size, 1) });
};

const activationKinds =
  "Relu Relu6 Elu Selu Sigmoid Tanh Softplus LeakyRelu Softmax LogSoftmax Abs Neg Square Sin Identity Erf".split(
    " ",
  );

const activation: Step = (g, x, draw) => {
  const op = activationKinds[draw(activationKinds.length)]!;
  return node(g, op, [x.name], x.dims, op === "LeakyRelu" ? { alpha: { float: 0.1 } } : {});
};

const arithmeticKinds = "Add AddV2 Sub Mul RealDiv Maximum Minimum SquaredDifference".split(" ");

const arithmetic: Step = (g, x, draw) => {
  const op = arithmeticKinds[draw(arithmeticKinds.length)]!;
  const ones = draw(8);
  const dims = x.dims.slice(1).map((dim, axis) => ((ones >> axis) & 1 ? 1 : dim));
  const { data } = counted(dims, 0.4);
  const other = g.floats(named("weights"), { dims, data: data.map((value) => value + 2.5) });
  const isLeft = op === "RealDiv" || draw(2) === 0;
  return node(g, op, isLeft ? [x.name, other] : [other, x.name], x.dims);
};

const bias: Step = (g, x) => node(g, "BiasAdd", [x.name, floats(g, [x.dims.at(-1)!], 0.3)], x.dims);

const normalization: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const channels = x.dims[3]!;
  const three = [0.2, 0.3, 0.4].map((factor) => floats(g, [channels], factor));
  const variance = { dims: [channels], data: Array.from({ length: channels }, (_, i) => 0.5 + i) };
  const inputs = [x.name, ...three, g.floats(named("weights"), variance)];
  const op = ["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"][draw(3)]!;
  const attributes = { epsilon: { float: 0.001 }, is_training: { truth: false } } as const;
  return node(g, op, inputs, x.dims, attributes);
};

const residual: Step = (g, x) => {
  const inner = node(g, "Tanh", [x.name], x.dims);
  return node(g, "AddV2", [inner.name, x.name], x.dims);
};

const excited: Step = (g, x) => {
  if (!isMap(x)) return undefined;
  const [n = 1, , , c = 1] = x.dims;
  const axes = g.ints(named("axes"), [1, 2]);
  const mean = node(g, "Mean", [x.name, axes], [n, 1, 1, c], { keep_dims: { truth: true } });
  const gate = node(g, "Sigmoid", [mean.name], mean.dims);
  return node(g, "Mul", [x.name, gate.name], x.dims);
};

const joined: Step = (g, x) => {
  const inner = node(g, "Sigmoid", [x.name], x.dims);
  const axis = g.ints(named("axis"), [-1], []);
  const dims = x.dims.with(x.dims.length - 1, 2 * x.dims.at(-1)!);
  return node(g, "ConcatV2", [x.name, inner.name, axis], dims, { N: { int: 2 } });
};

const padded: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const widths = [0, 0, draw(3), draw(3), draw(3), draw(2), 0, draw(2)];
  const borders = g.ints(named("borders"), widths, [4, 2]);
  const dims = x.dims.map((dim, axis) => dim + widths[2 * axis]! + widths[2 * axis + 1]!);
  if (draw(2) === 0) return node(g, "Pad", [x.name, borders], dims);
  const fill = g.floats(named("fill"), { dims: [], data: [0.5] });
  return node(g, "PadV2", [x.name, borders, fill], dims);
};

const cut: Step = (g, x, draw) => {
  const axis = 1 + draw(x.dims.length - 1);
  const size = x.dims[axis]!;
  if (size < 2) return undefined;
  const begins = x.dims.map((_, i) => (i === axis ? 1 : 0));
  const inputs = (ends: number[]) => [g.ints(named("begin"), begins), g.ints(named("end"), ends)];
  const dims = x.dims.with(axis, size - 1);
  if (draw(2) === 0) {
    return node(g, "Slice", [x.name, ...inputs(dims.with(0, -1))], dims);
  }
  const steps = g.ints(
    named("steps"),
    x.dims.map(() => 1),
  );
  const mask = { int: 2 ** x.dims.length - 1 - 2 ** axis };
  const whole = { begin_mask: mask, end_mask: mask, ellipsis_mask: { int: 0 } } as const;
  const masks = { ...whole, new_axis_mask: { int: 0 }, shrink_axis_mask: { int: 0 } } as const;
  const ends = x.dims.map((_, i) => (i === axis ? size : 0));
  return node(g, "StridedSlice", [x.name, ...inputs(ends), steps], dims, masks);
};

const parted: Step = (g, x, draw) => {
  const size = x.dims.at(-1)!;
  if (size % 2 === 1) return undefined;
  const axis = g.ints(named("axis"), [x.dims.length - 1], []);
  const half = x.dims.with(x.dims.length - 1, size / 2);
  const parts = node(g, "Split", [axis, x.name], half, { num_split: { int: 2 } });
  const other = `${parts.name}:1`;
  return node(g, draw(2) === 0 ? "Mul" : "Sub", [parts.name, other], half);
};

const resized: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const [n = 1, h = 1, w = 1, c = 1] = x.dims;
  const size = [h + draw(4), w * (1 + draw(2))];
  const op = draw(2) === 0 ? "ResizeBilinear" : "ResizeNearestNeighbor";
  const kind = draw(3);
  const attributes = {
    align_corners: { truth: kind === 1 },
    half_pixel_centers: { truth: kind === 2 },
  };
  return node(g, op, [x.name, g.ints(named("size"), size)], [n, ...size, c], attributes);
};

const turned: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const order = [
    [0, 2, 1, 3],
    [0, 3, 1, 2],
    [0, 1, 3, 2],
  ][draw(3)]!;
  const dims = order.map((axis) => x.dims[axis]!);
  return node(g, "Transpose", [x.name, g.ints(named("order"), order)], dims);
};

const blocks: Step = (g, x) => {
  if (!isMap(x) || x.dims[3]! % 4 !== 0) return undefined;
  const [n = 1, h = 1, w = 1, c = 1] = x.dims;
  const attributes = { block_size: { int: 2 }, data_format: text("NHWC") } as const;
  return node(g, "DepthToSpace", [x.name], [n, 2 * h, 2 * w, c / 4], attributes);
};

const flat: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const features = elementCount(x.dims.slice(1));
  const dims = [x.dims[0]!, features];
  if (draw(2) === 0) {
    return node(g, "Reshape", [x.name, g.ints(named("shape"), [-1, features])], dims);
  }
  const { name: shape } = node(g, "Shape", [x.name], [4], { out_type: { type: "INT32" } });
  const at = [0, 1, 1].map((place) => g.ints(named("at"), [place]));
  const { name: batch } = node(g, "StridedSlice", [shape, ...at], [], {
    shrink_axis_mask: { int: 1 },
    begin_mask: { int: 0 },
    end_mask: { int: 0 },
    ellipsis_mask: { int: 0 },
    new_axis_mask: { int: 0 },
  });
  const rest = g.ints(named("rest"), [features], []);
  const packed = { axis: { int: 0 }, N: { int: 2 } } as const;
  const { name: target } = node(g, "Pack", [batch, rest], [2], packed);
  return node(g, "Reshape", [x.name, target], dims);
};

const pooledAll: Step = (g, x, draw) => {
  if (!isMap(x)) return undefined;
  const op = ["Mean", "Max", "Sum", "Min"][draw(4)]!;
  const axes = g.ints(named("axes"), [1, 2]);
  return node(g, op, [x.name, axes], [x.dims[0]!, x.dims[3]!], { keep_dims: { truth: false } });
};

const dense: Step = (g, x, draw) => {
  if (isMap(x)) return undefined;
  const units = 1 + draw(5);
  const isTurned = draw(2) === 0;
  const features = x.dims[1]!;
  const kernel = floats(g, isTurned ? [units, features] : [features, units]);
  const turns = { transpose_a: { truth: false }, transpose_b: { truth: isTurned } };
  const dims = [x.dims[0]!, units];
  if (draw(2) === 0) return node(g, "MatMul", [x.name, kernel], dims, turns);
  const inputs = [x.name, kernel, floats(g, [units], 0.3)];
  return node(g, "_FusedMatMul", inputs, dims, { ...turns, ...fusedOps(draw) });
};

const steps: readonly Step[] = [
  convolution,
  depthwise,
  pool,
  activation,
  arithmetic,
  bias,
  normalization,
  residual,
  excited,
  joined,
  padded,
  cut,
  parted,
  resized,
  turned,
  blocks,
];
const tails: readonly Step[] = [flat, pooledAll];
const heads: readonly Step[] = [activation, arithmetic, bias, joined, dense, dense];

/** A network that was drawn, with its input `x` and its output. */
export interface DrawnGraph {
  readonly graph: GraphWriter;
  readonly input: readonly number[];
  readonly output: string;
}

/** A network of the steps that the numbers choose; its batch is open. */
function written(size: readonly number[], choices: readonly number[][]): DrawnGraph {
  sequence = 0;
  const graph = new GraphWriter();
  const [n = 1, ...inner] = size;
  graph.shapes.set("x", size);
  let x: Drawn = { name: graph.placeholder("x", [-1, ...inner]), dims: [n, ...inner] };
  const take = (from: readonly Step[], numbers: readonly number[]) => {
    let at = 0;
    const draw: Draw = (count) => numbers[at++ % numbers.length]! % count;
    const next = from[draw(from.length)]!(graph, x, draw);
    if (next && elementCount(next.dims) <= 6000) x = next;
  };
  const [tail = [0], ...rest] = choices;
  const middle = Math.ceil((rest.length * 2) / 3);
  for (const numbers of rest.slice(0, middle)) take(steps, numbers);
  if (tail[0]! % 5 !== 0) take(tails, tail);
  for (const numbers of rest.slice(middle)) take(x.dims.length === 4 ? steps : heads, numbers);
  // What is left of maps is told in the maker's order.
  const shape = graph.ints("y/shape", [-1, elementCount(x.dims.slice(1))]);
  const output = graph.node("y", "Reshape", [x.name, shape], {});
  graph.shapes.set("y", [n, elementCount(x.dims.slice(1))]);
  return { graph, input: size, output };
}

/** Networks over maps of 3 to 8 places a side. */
export const drawnGraphs: fc.Arbitrary<DrawnGraph> = fc
  .tuple(
    fc.tuple(
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 3, max: 8 }),
      fc.integer({ min: 3, max: 8 }),
      fc.integer({ min: 1, max: 4 }),
    ),
    fc.array(fc.array(fc.nat(9973), { minLength: 8, maxLength: 8 }), {
      minLength: 3,
      maxLength: 9,
    }),
  )
  .map(([size, choices]) => written(size, choices));
