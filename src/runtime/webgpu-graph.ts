/** @file Graphs for ONNX Runtime's WebGPU provider: what it computes wrongly or not at all is said in another way. */
import { AttributeReader, toAttributes, type AttributeInput } from "../graph/attributes.ts";
import { valuesRead } from "../graph/edit.ts";
import type { Dimension, Graph, Node } from "../graph/graph.ts";
import { withSubgraphs } from "../graph/inference/subgraphs.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { windowsOf } from "../graph/windows.ts";
import { freeName, identity } from "./keyed-graph.ts";

/**
 * The same function without the convolutions that WebGPU computes wrongly; the graph itself if there is none. Two kinds of
 * Conv of one group over one or two axes are wrong (conv2d_mm_webgpu.cc and conv.cc of ONNX Runtime 1.30; the first is
 * microsoft/onnxruntime#29651); groups, three axes and ConvTranspose are computed by other code, which is right.
 *
 * - The input is read in steps of three channels where their number is a multiple of 3 but not of 4 and that of the
 *   outputs one of 4, but the steps are counted in fours, which is right for three channels alone. Channels of zeros, of
 *   the input and of the weights, make a multiple of 4 of them.
 * - A kernel of one place, or as large as the input, is taken for a product of matrices if no place is padded before the
 *   input, whatever is padded behind it. Those places become part of the input, and channels of zeros with them, because
 *   ONNX Runtime would put a Pad of places alone back into the convolution.
 *
 * Dropout, with which no session opens there, copies its input in inference.
 *
 * Where the graph does not tell the number of channels they are counted as it runs; sizes of inputs with `auto_pad` have
 * to be known, as they are after `trace`.
 */
export function webGpuGraph(graph: Graph): Graph {
  return adapted(graph, { dimsOf: () => undefined, names: namesOf(graph) });
}

type Dims = readonly Dimension[] | undefined;

/** What a graph knows of the one around it. */
interface Surroundings {
  readonly dimsOf: (value: string) => Dims;
  /** Names that are taken. */
  readonly names: Set<string>;
}

function adapted(graph: Graph, { dimsOf, names }: Surroundings): Graph {
  const inputs = new Map(graph.inputs.map(({ name, dims }) => [name, dims]));
  const known = (value: string): Dims =>
    graph.initializers.get(value)?.dims ??
    graph.shapes.get(value)?.dims ??
    inputs.get(value) ??
    dimsOf(value);
  const constants = new Map(graph.initializers);
  const nodes = graph.nodes.flatMap((node) => {
    const inner = withSubgraphs(node, (body) => adapted(body, { dimsOf: known, names }));
    const copy = copied(inner, graph, names);
    if (copy) return copy;
    const zeros = missingZeros(inner, known);
    return zeros ? new Widening(inner, constants, names).with(zeros) : [inner];
  });
  if (nodes.length === graph.nodes.length && nodes.every((node, i) => node === graph.nodes[i]))
    return graph;
  return { ...graph, nodes, initializers: constants };
}

/** Dropout in inference: its input, and a mask that is true everywhere. Undefined for all else. */
function copied(
  { name, operator, domain, inputs, outputs }: Node,
  { initializers }: Graph,
  names: Set<string>,
): Node[] | undefined {
  const [data, , training = ""] = inputs as [string, string?, string?];
  const [output, mask = ""] = outputs as [string, string?];
  const isInference = training === "" || initializers.get(training)?.data[0] === 0;
  if (operator !== "Dropout" || domain !== "" || !isInference) return undefined;
  const copy = identity(data, output, name);
  if (mask === "") return [copy];
  const shape = freeName(`${mask}/Shape`, names);
  const made = { domain: "", attributes: {} };
  return [
    copy,
    { ...made, name: shape, operator: "Shape", inputs: [data], outputs: [shape] },
    {
      ...made,
      name: freeName(`${mask}/ConstantOfShape`, names),
      operator: "ConstantOfShape",
      inputs: [shape],
      outputs: [mask],
      attributes: toAttributes({ value: tensorOf("bool", [1], [1]) }),
    },
  ];
}

/** What a convolution's input lacks. */
interface Zeros {
  /** Channels; "counted" if their number shows only as the graph runs. */
  readonly channels: number | "counted";
  /** Places behind each axis, which its `pads` add otherwise; undefined if they may stay there. */
  readonly behind: readonly number[] | undefined;
  /** How many axes there are behind the channels; 0 where that is counted. */
  readonly axes: number;
}

function missingZeros(node: Node, dimsOf: (value: string) => Dims): Zeros | undefined {
  if (node.operator !== "Conv" || node.domain !== "") return undefined;
  if (new AttributeReader(node).int("group", 1) !== 1) return undefined;
  const weights = dimsOf(node.inputs[1]!);
  if (weights && weights.length > 4) return undefined;
  const behind = placesBehind(node, dimsOf(node.inputs[0]!), weights);
  const channels = missingChannels(weights, behind !== undefined);
  return channels === 0 && !behind
    ? undefined
    : { channels, behind, axes: (weights?.length ?? 2) - 2 };
}

/** What makes a multiple of 4 of the channels, if that is needed: from 1 to 4. */
function missingChannels(weights: Dims, isNeeded: boolean): number | "counted" {
  const [outputs, channels] = weights ?? [];
  if (!isNeeded && typeof outputs === "number" && outputs % 4 !== 0) return 0;
  if (typeof channels !== "number") return "counted";
  const isWrong = channels % 3 === 0 && channels % 4 !== 0 && channels !== 3;
  return isNeeded || isWrong ? 4 - (channels % 4) : 0;
}

/** What is padded behind each axis, if nothing is before and the kernel is not known to be of a right kind. */
function placesBehind(node: Node, input: Dims, weights: Dims): readonly number[] | undefined {
  const attributes = new AttributeReader(node);
  const kernel = sizesOf(weights?.slice(2)) ?? attributes.ints("kernel_shape", []);
  const spatial = sizesOf(input?.slice(2));
  const isOnePlace = kernel.every((side) => side === 1);
  const isAsInput = spatial === undefined || spatial.every((size, i) => size === kernel[i]);
  if (!isOnePlace && !isAsInput) return undefined;
  const isAutomatic = attributes.string("auto_pad", "NOTSET") !== "NOTSET";
  if (isAutomatic && !spatial) return undefined;
  const pads = attributes.ints("pads", []);
  const { padsBegin, padsEnd } = isAutomatic
    ? windowsOf(attributes, spatial!, kernel)
    : { padsBegin: pads.slice(0, pads.length / 2), padsEnd: pads.slice(pads.length / 2) };
  const isBehind = padsBegin.every((pad) => pad === 0) && padsEnd.some((pad) => pad > 0);
  return isBehind ? padsEnd : undefined;
}

function sizesOf(dims: Dims): readonly number[] | undefined {
  return dims?.every((dim) => typeof dim === "number") ? dims : undefined;
}

/** A convolution behind the nodes that add zeros to what it reads. */
class Widening {
  readonly #node: Node;
  readonly #constants: Map<string, Tensor>;
  readonly #names: Set<string>;
  readonly #before: Node[] = [];

  /** `constants` and `names` are those of the graph, and are added to. */
  constructor(node: Node, constants: Map<string, Tensor>, names: Set<string>) {
    this.#node = node;
    this.#constants = constants;
    this.#names = names;
  }

  with(zeros: Zeros): Node[] {
    const { inputs, attributes } = this.#node;
    const [input, weights, ...bias] = inputs as [string, string, ...string[]];
    const { channels, behind, axes } = zeros;
    const wide = this.#op("Pad", [input, this.#pads(weights, zeros)]);
    const ofWeights = this.#pads(weights, { channels, behind: undefined, axes });
    const wideWeights = channels === 0 ? weights : this.#op("Pad", [weights, ofWeights]);
    const { auto_pad: _, ...others } = attributes;
    const pads = behind && toAttributes({ pads: [...behind, ...behind].map(() => 0) });
    const convolution = {
      ...this.#node,
      inputs: [wide, wideWeights, ...bias],
      attributes: pads ? { ...others, ...pads } : attributes,
    };
    return [...this.#before, convolution];
  }

  /** `pads` of Pad: nothing before each axis, then channels and places behind. */
  #pads(weights: string, { channels, behind, axes }: Zeros): string {
    if (channels !== "counted") {
      const places = behind ?? Array<number>(axes).fill(0);
      return this.#ints([0, 0, ...places.map(() => 0), 0, channels, ...places]);
    }
    const shape = this.#op("Shape", [weights]);
    const none = this.#op("Sub", [shape, shape]);
    const [one, two] = [this.#ints([1]), this.#ints([2])];
    const [four, end] = [this.#ints([4]), this.#ints([8])];
    const count = this.#op("Slice", [shape, one, two]);
    const lacking = this.#op("Sub", [four, this.#op("Mod", [count, four])]);
    const first = this.#op("Slice", [none, one, two]);
    const places = behind ? this.#ints(behind) : this.#op("Slice", [none, two, end]);
    return this.#op("Concat", [none, first, lacking, places], { axis: 0 });
  }

  #ints(values: readonly number[]): string {
    const name = freeName(`${this.#node.outputs[0]!}/zeros`, this.#names);
    this.#constants.set(name, tensorOf("int64", [values.length], values));
    return name;
  }

  #op(
    operator: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeInput> = {},
  ): string {
    const name = freeName(`${this.#node.outputs[0]!}/${operator}`, this.#names);
    const node = { name, operator, domain: "", inputs, outputs: [name] };
    this.#before.push({ ...node, attributes: toAttributes(attributes) });
    return name;
  }
}

/** All names of a graph and of the graphs in its nodes. */
function namesOf(graph: Graph): Set<string> {
  const names = new Set([
    ...[...graph.inputs, ...graph.outputs, ...graph.nodes].map(({ name }) => name),
    ...graph.initializers.keys(),
  ]);
  for (const node of graph.nodes) {
    for (const name of [...node.outputs, ...valuesRead(node)]) names.add(name);
    withSubgraphs(node, (body) => {
      for (const name of namesOf(body)) names.add(name);
      return body;
    });
  }
  return names;
}
