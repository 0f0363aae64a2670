/** @file How the numbers of a channel come about, step by step: what it reads, through which windows, and what follows. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { toFloat32, toNumbers } from "../graph/tensor.ts";
import { poolWindowsOf, windowsOf, type Windows } from "../graph/windows.ts";
import { stageOf, type ChannelStage } from "./channel-stages.ts";
import { GraphReader } from "./graph-reader.ts";

/** A channel that is read. */
export interface ReadChannel {
  /** The value that it is of. */
  readonly layer: string;
  readonly channel: number;
  /** [height, width], row-major, of sums. */
  readonly kernel: Float32Array | undefined;
}

/** Windows over maps, [rows, columns] each. */
export interface MapWindows {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Rows above and columns before the map that windows reach over. */
  readonly pads: Pair;
  readonly padsEnd: Pair;
  readonly input: Pair;
  readonly output: Pair;
}

type Pair = readonly [rows: number, columns: number];

/** A channel whose numbers can be followed one by one. */
export interface ChannelSteps {
  /** Sums of products over all that is read, or what a window of one channel holds at most, or in the mean. */
  readonly kind: "sum" | "max" | "mean";
  /** ONNX operator. */
  readonly operator: string;
  /** The value that the windows give, and which of its channels. */
  readonly value: string;
  readonly channel: number;
  readonly reads: readonly ReadChannel[];
  readonly windows: MapWindows;
  readonly bias: number;
  /** Of means: places outside of the map count as zeros. */
  readonly countsOutside: boolean;
  /** Whether what is read are single numbers in a row rather than maps. */
  readonly isDense: boolean;
  /** One after the other, the last gives the layer. */
  readonly stages: readonly ChannelStage[];
}

/** Why a channel cannot be followed, one sentence without a full stop. */
export interface NoSteps {
  readonly refused: string;
}

/** So many stages are followed back. */
const mostStages = 16;

/**
 * How a channel of a layer [N, C, H, W], [N, C, T] or [N, C] of a traced graph comes about: back over what treats each
 * number by itself, to the convolution, pool, dense layer or sum before it.
 */
export function channelSteps(graph: Graph, layer: string, at: number): ChannelSteps | NoSteps {
  const reader = new GraphReader(graph);
  const stages: ChannelStage[] = [];
  let [value, channel] = [layer, at];
  for (let step = 0; step < mostStages; step++) {
    const node = reader.makerOf(value);
    if (!node) return { refused: `"${value}" is what the network is given, nothing computes it` };
    const found = makersOf(reader, node, channel);
    if (found) return "refused" in found ? found : { ...found, stages: stages.toReversed() };
    const moved = passedOn(reader, node, channel);
    if (moved) {
      [value, channel] = [moved.from, moved.channel];
      continue;
    }
    const next = stageOf(reader, node, channel);
    if (!next) return { refused: whyNot(reader, node) };
    stages.push(next.stage);
    value = next.from;
  }
  return { refused: `more than ${mostStages} operators lie between "${layer}" and what it reads` };
}

function whyNot(reader: GraphReader, node: Node): string {
  const count = reader.variablesOf(node).length;
  const what = `"${node.outputs[0]}" is given by ${node.operator}`;
  if (count > 1) return `${what}, which mixes ${count} values that all come from the picture`;
  return `${what}, which is neither a sum through a window nor a function of one number`;
}

type Makers = Omit<ChannelSteps, "stages">;

/** Undefined for operators that are not steps themselves. */
function makersOf(reader: GraphReader, node: Node, channel: number): Makers | NoSteps | undefined {
  if (node.domain !== "") return undefined;
  switch (node.operator) {
    case "Conv":
      return convolution(reader, node, channel);
    case "MaxPool":
    case "AveragePool":
    case "GlobalMaxPool":
    case "GlobalAveragePool":
      return pool(reader, node, channel);
    case "ReduceMean":
    case "ReduceMax":
      return wholeMap(reader, node, channel);
    case "Gemm":
    case "MatMul":
      return dense(reader, node, channel);
    case "Add":
    case "Sum":
      return sumOfLayers(reader, node, channel);
    default:
      return undefined;
  }
}

/** The value of which a node gives the same numbers, and which of its channels. */
function passedOn(
  reader: GraphReader,
  node: Node,
  channel: number,
): { readonly from: string; readonly channel: number } | undefined {
  const from = node.inputs[0]!;
  if (["Identity", "Dropout"].includes(node.operator)) return { from, channel };
  if (["Flatten", "Reshape", "Squeeze", "Unsqueeze"].includes(node.operator)) {
    const [before, after] = [dimsOf(reader, from), dimsOf(reader, node.outputs[0]!)];
    const isSame = before?.[0] === after?.[0] && before?.[1] === after?.[1];
    return isSame ? { from, channel } : undefined;
  }
  if (node.operator !== "Concat" || new AttributeReader(node).int("axis", 1) !== 1)
    return undefined;
  let left = channel;
  for (const input of node.inputs) {
    const count = dimsOf(reader, input)?.[1];
    if (count === undefined) return undefined;
    if (left < count) return { from: input, channel: left };
    left -= count;
  }
  return undefined;
}

function dimsOf(reader: GraphReader, value: string): readonly number[] | undefined {
  return reader.graph.shapes.get(value)?.dims;
}

/** The rows and columns of a map [N, C, H, W], of a signal [N, C, T] one row, of [N, C] one place. */
function sizeOf(dims: readonly number[]): Pair | undefined {
  if (dims.length === 2) return [1, 1];
  if (dims.length === 3) return [1, dims[2]!];
  return dims.length === 4 ? [dims[2]!, dims[3]!] : undefined;
}

const notConstant = (node: Node) => ({
  refused: `the weights of ${node.operator} "${node.outputs[0]}" are computed from the picture`,
});

const moreAxes = (node: Node) => ({
  refused: `${node.operator} "${node.outputs[0]}" goes over more than two axes, and windows are shown on two`,
});

/** Numbers along spatial axes as a pair; of signals there is one row. */
function pairOf(numbers: readonly number[], row: number): Pair {
  return numbers.length === 1 ? [row, numbers[0]!] : [numbers[0]!, numbers[1]!];
}

function mapWindows(found: Windows, spatial: readonly number[]): MapWindows {
  return {
    kernel: pairOf(found.kernel, 1),
    strides: pairOf(found.strides, 1),
    dilations: pairOf(found.dilations, 1),
    pads: pairOf(found.padsBegin, 0),
    padsEnd: pairOf(found.padsEnd, 0),
    input: pairOf(spatial, 1),
    output: pairOf(found.output, 1),
  };
}

/** Windows that are all of a map, of which there is one. */
function wholeWindows(input: Pair): MapWindows {
  const [one, none] = [[1, 1] as const, [0, 0] as const];
  const still = { strides: one, dilations: one, pads: none, padsEnd: none };
  return { kernel: input, ...still, input, output: one };
}

function convolution(reader: GraphReader, node: Node, channel: number): Makers | NoSteps {
  const [from, weights, bias = ""] = node.inputs as [string, string, string?];
  const kernels = reader.constantOf(weights);
  const dims = dimsOf(reader, from);
  if (!kernels) return notConstant(node);
  if (!dims || (dims.length !== 3 && dims.length !== 4)) return moreAxes(node);
  const added = bias === "" ? undefined : reader.constantOf(bias);
  if (bias !== "" && !added) return notConstant(node);
  const [outputs, inputs, ...kernel] = kernels.dims as [number, number, ...number[]];
  const groups = new AttributeReader(node).int("group", 1);
  const first = Math.floor((channel * groups) / outputs) * inputs;
  const places = kernel.reduce((product, size) => product * size, 1);
  const all = toFloat32(kernels);
  return {
    ...madeBy(node, channel),
    kind: "sum",
    reads: Array.from({ length: inputs }, (_, i) => {
      const at = (channel * inputs + i) * places;
      return { layer: from, channel: first + i, kernel: all.slice(at, at + places) };
    }),
    windows: mapWindows(windowsOf(new AttributeReader(node), dims.slice(2), kernel), dims.slice(2)),
    bias: added ? toNumbers(added)[channel]! : 0,
  };
}

function madeBy(node: Node, channel: number) {
  const value = node.outputs[0]!;
  return { operator: node.operator, value, channel, countsOutside: true, isDense: false, bias: 0 };
}

function pool(reader: GraphReader, node: Node, channel: number): Makers | NoSteps {
  const from = node.inputs[0]!;
  const dims = dimsOf(reader, from);
  if (!dims || (dims.length !== 3 && dims.length !== 4)) return moreAxes(node);
  const n = new AttributeReader(node);
  const isGlobal = node.operator.startsWith("Global");
  return {
    ...madeBy(node, channel),
    kind: node.operator.endsWith("MaxPool") ? "max" : "mean",
    reads: [{ layer: from, channel, kernel: undefined }],
    windows: isGlobal
      ? wholeWindows(sizeOf(dims)!)
      : mapWindows(poolWindowsOf(n, dims.slice(2)), dims.slice(2)),
    countsOutside: n.int("count_include_pad", 0) === 1,
  };
}

/** A mean or maximum over all places; over other axes it is no step. */
function wholeMap(reader: GraphReader, node: Node, channel: number): Makers | undefined {
  const from = node.inputs[0]!;
  const dims = dimsOf(reader, from);
  const axes = node.inputs[1] ? reader.constantOf(node.inputs[1]) : undefined;
  if (dims?.length !== 4 || !axes) return undefined;
  const over = toNumbers(axes).map((axis) => (axis < 0 ? axis + 4 : axis));
  if (over.length !== 2 || !over.includes(2) || !over.includes(3)) return undefined;
  return {
    ...madeBy(node, channel),
    kind: node.operator === "ReduceMax" ? "max" : "mean",
    reads: [{ layer: from, channel, kernel: undefined }],
    windows: wholeWindows([dims[2]!, dims[3]!]),
  };
}

function dense(reader: GraphReader, node: Node, channel: number): Makers | NoSteps {
  const [from, weights, bias = ""] = node.inputs as [string, string, string?];
  const matrix = reader.constantOf(weights);
  const dims = dimsOf(reader, from);
  if (!matrix) return notConstant(node);
  const n = new AttributeReader(node);
  if (dims?.length !== 2 || matrix.dims.length !== 2 || n.int("transA", 0) === 1) {
    return {
      refused: `${node.operator} "${node.outputs[0]}" works on tokens, each of which has a row of its own and no window`,
    };
  }
  const added = bias === "" ? undefined : reader.constantOf(bias);
  if (bias !== "" && !added) return notConstant(node);
  const [rows, columns] = matrix.dims as [number, number];
  const isTurned = n.int("transB", 0) === 1;
  const all = toFloat32(matrix);
  const alpha = n.float("alpha", 1);
  const row = Float32Array.from(
    { length: isTurned ? columns : rows },
    (_, i) => alpha * (isTurned ? all[channel * columns + i]! : all[i * columns + channel]!),
  );
  return {
    ...madeBy(node, channel),
    kind: "sum",
    ...mapsBehind(reader, from, row),
    bias: added ? n.float("beta", 1) * biasOf(toNumbers(added), channel) : 0,
  };
}

function biasOf(numbers: readonly number[], channel: number): number {
  return numbers.length === 1 ? numbers[0]! : numbers[channel]!;
}

/** What a dense unit reads: maps that were flattened, with a kernel as large as they are, else single numbers. */
function mapsBehind(
  reader: GraphReader,
  from: string,
  row: Float32Array,
): Pick<Makers, "reads" | "windows" | "isDense"> {
  const flattened = flattenedMaps(reader, from);
  if (!flattened) {
    return {
      reads: Array.from(row, (weight, channel) => ({
        layer: from,
        channel,
        kernel: Float32Array.of(weight),
      })),
      windows: wholeWindows([1, 1]),
      isDense: true,
    };
  }
  const { layer, dims, isLast } = flattened;
  const [, channels, height, width] = dims;
  const places = height * width;
  return {
    reads: Array.from({ length: channels }, (_, c) => ({
      layer,
      channel: c,
      kernel: isLast
        ? Float32Array.from({ length: places }, (_place, i) => row[i * channels + c]!)
        : row.slice(c * places, (c + 1) * places),
    })),
    windows: wholeWindows([height, width]),
    isDense: false,
  };
}

/** The maps that a row of numbers was: in their own order, or with the channels last. */
function flattenedMaps(reader: GraphReader, value: string) {
  let [name, isLast] = [value, false];
  for (let step = 0; step < mostStages; step++) {
    const dims = dimsOf(reader, name);
    if (dims?.length === 4 && (isLast || step > 0)) {
      return { layer: name, dims: dims as readonly [number, number, number, number], isLast };
    }
    const node = reader.makerOf(name);
    if (!node) return undefined;
    const before = dimsOf(reader, node.inputs[0]!);
    if (["Identity", "Dropout"].includes(node.operator)) name = node.inputs[0]!;
    else if (["Flatten", "Reshape"].includes(node.operator) && before?.length === 4) {
      const maker = reader.makerOf(node.inputs[0]!);
      const order = maker?.operator === "Transpose" ? new AttributeReader(maker).ints("perm") : [];
      isLast = order.join() === "0,2,3,1";
      if (order.length > 0 && !isLast) return undefined;
      name = isLast ? maker!.inputs[0]! : node.inputs[0]!;
    } else return undefined;
  }
  return undefined;
}

/** The sum of the same place of several layers, as residual networks have it; of a constant it is a stage. */
function sumOfLayers(
  reader: GraphReader,
  node: Node,
  channel: number,
): Makers | NoSteps | undefined {
  const layers = reader.variablesOf(node);
  if (layers.length < 2) return undefined;
  const dims = dimsOf(reader, node.outputs[0]!);
  const size = dims && sizeOf(dims);
  const isSame = layers.every((name) => dimsOf(reader, name)?.join() === dims?.join());
  if (!size || !isSame || layers.length !== node.inputs.length) return undefined;
  return {
    ...madeBy(node, channel),
    kind: "sum",
    reads: layers.map((layer) => ({ layer, channel, kernel: Float32Array.of(1) })),
    windows: { ...wholeWindows([1, 1]), input: size, output: size },
    isDense: dims.length === 2,
  };
}
