/** @file Drawn networks as models of TensorFlow Lite, with float weights or bytes. */
import { elementCount } from "../../src/graph/tensor.ts";
import type { FlatFields } from "./flat-writer.ts";
import type { Written, WrittenGraph, WrittenNode, WrittenWeight } from "./graph-model.ts";
import { liteFile, type WrittenOperator, type WrittenTensor } from "./lite-file.ts";

const plain: Readonly<Record<string, string>> = {
  Relu: "RELU",
  Relu6: "RELU6",
  Elu: "ELU",
  Sigmoid: "LOGISTIC",
  Tanh: "TANH",
  Softmax: "SOFTMAX",
  LogSoftmax: "LOG_SOFTMAX",
  Abs: "ABS",
  Neg: "NEG",
  Square: "SQUARE",
  Sin: "SIN",
  Maximum: "MAXIMUM",
  Minimum: "MINIMUM",
  SquaredDifference: "SQUARED_DIFFERENCE",
  BiasAdd: "ADD",
  Add: "ADD",
  AddV2: "ADD",
  Sub: "SUB",
  Mul: "MUL",
  RealDiv: "DIV",
  Pad: "PAD",
  PadV2: "PADV2",
  Slice: "SLICE",
  Transpose: "TRANSPOSE",
  Reshape: "RESHAPE",
  Shape: "SHAPE",
};

const known = new Set([
  ..."Placeholder Const Conv2D _FusedConv2D DepthwiseConv2dNative FusedDepthwiseConv2dNative MaxPool AvgPool".split(
    " ",
  ),
  ..."LeakyRelu Mean Sum Max Min ConcatV2 StridedSlice Split ResizeBilinear ResizeNearestNeighbor".split(
    " ",
  ),
  ..."DepthToSpace Pack MatMul _FusedMatMul".split(" "),
  ...Object.keys(plain),
]);

/** Whether TensorFlow Lite has all operators of a network. */
export function fitsLite({ nodes }: WrittenGraph): boolean {
  return nodes.every(({ op }) => known.has(op));
}

/** The bytes of a network as a .tflite file; weights of layers are bytes if `isQuantized`. */
export function liteGraph(
  graph: WrittenGraph,
  output: string,
  isQuantized = false,
): Uint8Array<ArrayBuffer> {
  const writer = new LiteGraphWriter(graph, isQuantized);
  for (const node of graph.nodes) writer.node(node);
  const { tensors, operators } = writer;
  return liteFile({ tensors, operators, inputs: ["x"], outputs: [output] });
}

/** The network with the weights of its layers as a quantised file has them. */
export function withRoundedWeights(graph: WrittenGraph): WrittenGraph {
  const weights = new Map(graph.weights);
  for (const { op, inputs, attributes } of graph.nodes) {
    const [, kernel = ""] = inputs;
    const weight = weights.get(kernel);
    if (!layers[op] || !weight) continue;
    if (op.includes("Depthwise")) {
      const { dims } = weight;
      const flat = { ...weight, dims: [dims[0]!, dims[1]!, dims[2]! * dims[3]!] };
      weights.set(kernel, { ...roundedWeight(flat, 2), dims });
    } else {
      const axis = truthOf(attributes["transpose_b"]) ? 0 : weight.dims.length - 1;
      weights.set(kernel, roundedWeight(weight, axis));
    }
  }
  return { ...graph, weights };
}

/** A weight as whole numbers by a scale for each entry of an axis. */
function roundedWeight({ dims, data, type }: WrittenWeight, axis: number): WrittenWeight {
  const scales = scalesOf({ dims, data, type }, axis);
  const entry = entryOf(dims, axis);
  const rounded = data.map((value, i) => Math.round(value / scales[entry(i)]!) * scales[entry(i)]!);
  return { dims, type, data: rounded };
}

function entryOf(dims: readonly number[], axis: number): (i: number) => number {
  const inner = elementCount(dims.slice(axis + 1));
  return (i) => Math.floor(i / inner) % dims[axis]!;
}

/** Scales as float32, by which the largest numbers become 127. */
function scalesOf({ dims, data }: WrittenWeight, axis: number): number[] {
  const largest = Array<number>(dims[axis]!).fill(0.01);
  const entry = entryOf(dims, axis);
  for (const [i, value] of data.entries()) {
    largest[entry(i)] = Math.max(largest[entry(i)]!, Math.abs(value));
  }
  return largest.map((value) => Math.fround(value / 127));
}

/** Weights with their axes in another order. */
function turned({ dims, data, type }: WrittenWeight, order: readonly number[]): WrittenWeight {
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const result = order.map((axis) => dims[axis]!);
  const numbers = Array.from({ length: data.length }, (_, index) => {
    let [rest, from] = [index, 0];
    for (let axis = result.length - 1; axis >= 0; axis--) {
      from += (rest % result[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / result[axis]!);
    }
    return data[from]!;
  });
  return { dims: result, data: numbers, type };
}

class LiteGraphWriter {
  readonly tensors: WrittenTensor[] = [];
  readonly operators: WrittenOperator[] = [];
  readonly #graph: WrittenGraph;
  readonly #isQuantized: boolean;

  constructor(graph: WrittenGraph, isQuantized: boolean) {
    this.#graph = graph;
    this.#isQuantized = isQuantized;
  }

  node(node: WrittenNode): void {
    const { name, op, inputs } = node;
    if (op === "Const") return this.#constant(name, this.#graph.weights.get(name)!);
    if (op === "Placeholder") {
      const shape = this.#graph.shapes.get(name)!;
      const signature = shape.with(0, -1);
      this.tensors.push({ name, type: "FLOAT32", shape, signature });
      return;
    }
    const layer = layers[op];
    if (layer) return this.#layer(node, layer);
    const { builtin, read = inputs, options } = operatorOf(node, this.#graph);
    const outputs = op === "Split" ? [name, `${name}:1`] : [name];
    const type =
      ["Shape", "Pack"].includes(op) || inputs.some((i) => this.#isInt(i, op))
        ? "INT32"
        : "FLOAT32";
    for (const output of outputs) this.#value(output, name, type);
    this.operators.push({ builtin, inputs: read, outputs, ...(options && { options }) });
  }

  /** Whether what is cut out of a shape is whole numbers too. */
  #isInt(input: string, op: string): boolean {
    return op === "StridedSlice" && input.startsWith("Shape");
  }

  #value(name: string, shapeOf: string, type: WrittenTensor["type"]): void {
    this.tensors.push({ name, type, shape: this.#graph.shapes.get(shapeOf)! });
  }

  #constant(name: string, weight: WrittenWeight): void {
    const type = { float32: "FLOAT32", int32: "INT32", bool: "BOOL" } as const;
    const array = weight.type === "int32" ? Int32Array : Float32Array;
    const data = new Uint8Array(array.from(weight.data).buffer);
    this.tensors.push({ name, type: type[weight.type], shape: weight.dims, data });
  }

  /** Weights of a layer in the order of TensorFlow Lite, with one scale an entry of an axis. */
  #weights(name: string, weight: WrittenWeight, axis: number): void {
    if (!this.#isQuantized) return this.#constant(name, weight);
    const scales = scalesOf(weight, axis);
    const entry = entryOf(weight.dims, axis);
    const numbers = weight.data.map((value, i) => Math.round(value / scales[entry(i)]!));
    const data = new Uint8Array(Int8Array.from(numbers).buffer);
    const quantization = { scales, zeroPoints: scales.map(() => 0), axis };
    this.tensors.push({ name, type: "INT8", shape: weight.dims, data, quantization });
  }

  #layer(node: WrittenNode, layer: Layer): void {
    const { name, op, inputs, attributes } = node;
    const [x, kernel, bias] = inputs;
    const { weight, axis } = layer.weights(this.#graph.weights.get(kernel!)!, attributes);
    this.#weights(`${name}/lite`, weight, axis);
    const [, activation] = textsOf(attributes["fused_ops"]);
    const fused = ["", "Relu", "-", "Relu6"].indexOf(activation ?? "");
    const isLast = fused >= 0;
    const linear = isLast ? name : `${name}/before`;
    this.#value(linear, name, "FLOAT32");
    const options = layer.options(attributes, Math.max(fused, 0));
    const read = [x, `${name}/lite`, bias];
    this.operators.push({ builtin: layer.builtin, inputs: read, outputs: [linear], options });
    if (isLast) return;
    this.#value(name, name, "FLOAT32");
    const behind = { name, op: activation!, inputs: [linear], attributes: leaky(op, attributes) };
    const { builtin, options: more } = operatorOf(behind, this.#graph);
    this.operators.push({
      builtin,
      inputs: [linear],
      outputs: [name],
      ...(more && { options: more }),
    });
  }
}

type Attributes = WrittenNode["attributes"];

function leaky(_: string, attributes: Attributes): Attributes {
  return { alpha: attributes["leakyrelu_alpha"] ?? { float: 0.2 } };
}

interface Layer {
  readonly builtin: string;
  weights(
    kernel: WrittenWeight,
    attributes: Attributes,
  ): { readonly weight: WrittenWeight; readonly axis: number };
  options(attributes: Attributes, activation: number): FlatFields;
}

const intsOf = (value: Written | undefined) => (value && "ints" in value ? value.ints : []);
const textsOf = (value: Written | undefined) => (value && "texts" in value ? value.texts : []);
const truthOf = (value: Written | undefined) =>
  value !== undefined && "truth" in value && value.truth;

function windowFields({ padding, strides }: Attributes): FlatFields {
  const [, height = 1, width = 1] = intsOf(strides);
  const isSame = padding && "text" in padding && padding.text === "SAME";
  return { 0: { int8: isSame ? 0 : 1 }, 1: { int32: width }, 2: { int32: height } };
}

const convolution: Layer = {
  builtin: "CONV_2D",
  weights: (kernel) => ({ weight: turned(kernel, [3, 0, 1, 2]), axis: 0 }),
  options: (attributes, activation) => {
    const [, h = 1, w = 1] = intsOf(attributes["dilations"]);
    const spread = { 4: { int32: w }, 5: { int32: h } };
    return { ...windowFields(attributes), 3: { int8: activation }, ...spread };
  },
};

const depthwise: Layer = {
  builtin: "DEPTHWISE_CONV_2D",
  weights: (kernel) => {
    const [h = 1, w = 1, c = 1, m = 1] = kernel.dims;
    return { weight: { ...kernel, dims: [1, h, w, c * m] }, axis: 3 };
  },
  options: (attributes, activation) => {
    const [, h = 1, w = 1] = intsOf(attributes["dilations"]);
    const spread = { 5: { int32: w }, 6: { int32: h } };
    return { ...windowFields(attributes), 4: { int8: activation }, ...spread };
  },
};

const dense: Layer = {
  builtin: "FULLY_CONNECTED",
  weights: (kernel, { transpose_b: told }) => ({
    weight: truthOf(told) ? kernel : turned(kernel, [1, 0]),
    axis: 0,
  }),
  options: (_, activation) => ({ 0: { int8: activation } }),
};

const layers: Readonly<Record<string, Layer>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  MatMul: dense,
  _FusedMatMul: dense,
};

interface Told {
  readonly builtin: string;
  readonly read?: readonly string[];
  readonly options?: FlatFields;
}

const reductions: Readonly<Record<string, string>> = {
  Mean: "MEAN",
  Sum: "SUM",
  Max: "REDUCE_MAX",
  Min: "REDUCE_MIN",
};

function operatorOf(node: WrittenNode, graph: WrittenGraph): Told {
  const { op, inputs, attributes: told } = node;
  const reduction = reductions[op];
  if (reduction) {
    return { builtin: reduction, options: { 0: { int8: truthOf(told["keep_dims"]) ? 1 : 0 } } };
  }
  switch (op) {
    case "MaxPool":
    case "AvgPool": {
      const [, h = 1, w = 1] = intsOf(told["ksize"]);
      const options = { ...windowFields(told), 3: { int32: w }, 4: { int32: h } };
      return { builtin: op === "MaxPool" ? "MAX_POOL_2D" : "AVERAGE_POOL_2D", options };
    }
    case "Softmax":
      return { builtin: "SOFTMAX", options: { 0: { float32: 1 } } };
    case "LeakyRelu": {
      const alpha = told["alpha"];
      const number = alpha && "float" in alpha ? alpha.float : 0.2;
      return { builtin: "LEAKY_RELU", options: { 0: { float32: number } } };
    }
    case "ConcatV2":
      return { builtin: "CONCATENATION", read: inputs.slice(0, 2), options: { 0: { int32: -1 } } };
    case "StridedSlice": {
      const masks = ["begin", "end", "ellipsis", "new_axis", "shrink_axis"].map((name, i) => {
        const mask = told[`${name}_mask`];
        return [i, { int32: mask && "int" in mask ? mask.int : 0 }] as const;
      });
      return { builtin: "STRIDED_SLICE", options: Object.fromEntries(masks) };
    }
    case "Split":
      return { builtin: "SPLIT", options: { 0: { int32: 2 } } };
    case "ResizeBilinear":
    case "ResizeNearestNeighbor": {
      const first = op === "ResizeBilinear" ? 2 : 0;
      const flags = [truthOf(told["align_corners"]), truthOf(told["half_pixel_centers"])];
      const options = flags.map((flag, i) => [first + i, { int8: flag ? 1 : 0 }] as const);
      const builtin = first === 2 ? "RESIZE_BILINEAR" : "RESIZE_NEAREST_NEIGHBOR";
      return { builtin, options: Object.fromEntries(options) };
    }
    case "DepthToSpace":
      return { builtin: "DEPTH_TO_SPACE", options: { 0: { int32: 2 } } };
    case "Pack":
      return { builtin: "PACK", options: { 0: { int32: 2 }, 1: { int32: 0 } } };
    default: {
      const builtin = plain[op];
      if (!builtin) throw new Error(`${op} of ${graph.nodes.length} nodes has no form`);
      return { builtin };
    }
  }
}
