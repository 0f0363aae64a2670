/** @file Which values ONNX Runtime keeps in blocks of channels, as its transformer of layouts follows them. */
import { AttributeReader } from "../graph/attributes.ts";
import { consumers, producers, type Graph, type Node } from "../graph/graph.ts";
import { toNumbers } from "../graph/tensor.ts";
import { followConstants } from "./constant-values.ts";

/** The largest block that there is; smaller ones divide it. */
export const block = 16;

/** Operators that read and write blocks where all their inputs are of one shape. */
const elementwise: ReadonlySet<string> = new Set([
  "Add",
  "Clip",
  "HardSigmoid",
  "HardSwish",
  "Mul",
  "Relu",
  "Sigmoid",
  "Tanh",
]);

const pools: ReadonlySet<string> = new Set([
  "AveragePool",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "MaxPool",
]);

/** Follows nodes in topological order; a value counts only if its channels fill the blocks. */
export class BlockedValues {
  readonly #graph: Graph;
  readonly #blocked = new Set<string>();
  readonly #dims = new Map<string, readonly number[]>();
  /** What ONNX Runtime computes once, when it opens the graph. */
  readonly #constants: Set<string>;
  readonly #before: ReadonlyMap<string, Node>;
  readonly #readers: ReadonlyMap<string, readonly Node[]>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#before = producers(graph);
    this.#readers = consumers(graph);
    this.#constants = new Set(graph.initializers.keys());
  }

  has(value: string): boolean {
    return this.#blocked.has(value);
  }

  /** True if the channels of a value fill blocks, whatever layout it is in. */
  couldHave(value: string): boolean {
    const shape = this.#graph.shapes.get(value);
    return shape?.type === "float32" && shape.dims.length === 4 && shape.dims[1]! % block === 0;
  }

  /** The shape [N, C, H, W] of a value in blocks, or of any other whose shape is known. */
  dims(value: string): readonly number[] | undefined {
    return this.#dims.get(value) ?? this.#graph.shapes.get(value)?.dims;
  }

  follow(node: Node): void {
    followConstants(node, this.#constants);
    if (!this.#isBlocked(node)) return;
    const [output] = node.outputs;
    this.#blocked.add(output!);
    // What is added has the shape of what it reads, unless it was said.
    if (!this.dims(output!)) this.#dims.set(output!, this.dims(node.inputs[0]!)!);
  }

  /** Says the shape of a value that is added. */
  shape(value: string, dims: readonly number[]): void {
    this.#dims.set(value, dims);
  }

  #isBlocked(node: Node): boolean {
    const { operator, inputs, outputs } = node;
    const [output = ""] = outputs;
    const dims = this.dims(output) ?? this.dims(inputs[0]!);
    if (!dims || dims.length !== 4 || dims[1]! % block !== 0 || outputs.length > 1) return false;
    const shape = this.#graph.shapes.get(output);
    if (shape && shape.type !== "float32") return false;
    if (operator === "Conv" || operator === "FusedConv") return this.#isBlockedConv(node);
    const data = operator === "Clip" || operator === "Resize" ? inputs.slice(0, 1) : inputs;
    if (!data.every((name) => this.has(name))) return false;
    if (operator === "Concat") return new AttributeReader(node).int("axis") === 1;
    if (operator === "Resize") return this.#repeats(node);
    if (pools.has(operator)) return true;
    if (operator === "LeakyRelu") return this.#isOfConv(inputs[0]!);
    return (
      elementwise.has(operator) && data.every((name) => String(this.dims(name)) === String(dims))
    );
  }

  /** Whether it makes each cell several, without blending. */
  #repeats(node: Node): boolean {
    const read = new AttributeReader(node);
    const [, , scales = ""] = node.inputs;
    const given = this.#graph.initializers.get(scales);
    return (
      node.inputs.length === 3 &&
      read.string("mode", "nearest") === "nearest" &&
      read.string("coordinate_transformation_mode", "half_pixel") === "asymmetric" &&
      read.string("nearest_mode", "round_prefer_floor") === "floor" &&
      (given === undefined || toNumbers(given).every(Number.isInteger))
    );
  }

  /** Whether a convolution makes a value that one node alone reads, which ONNX Runtime makes a part of the convolution. */
  #isOfConv(value: string): boolean {
    const isRead = this.#graph.outputs.some(({ name }) => name === value);
    const isReadOnce = this.#readers.get(value)?.length === 1 && !isRead;
    return isReadOnce && this.#before.get(value)?.operator === "Conv";
  }

  #isBlockedConv(node: Node): boolean {
    const given = node.inputs[1]!;
    const weights = this.#graph.initializers.get(given) ?? this.#graph.shapes.get(given);
    // Those that are added are depthwise.
    if (!weights) return true;
    if (!this.#constants.has(given) || weights.type !== "float32" || weights.dims.length !== 4)
      return false;
    const [filters, channels] = weights.dims as [number, number];
    const groups = new AttributeReader(node).int("group", 1);
    if (filters % block !== 0) return false;
    if (groups === 1) return channels < block || channels % 4 === 0;
    const isDepthwise = channels === 1 && filters === groups;
    return isDepthwise || (channels % block === 0 && (filters / groups) % block === 0);
  }
}

/** Whether a sum or mean is over all cells of maps [N, C, height, width], and keeps their axes. */
export function sumsMaps(node: Node, { initializers }: Graph): boolean {
  const axes = initializers.get(node.inputs[1] ?? "");
  const keeps = new AttributeReader(node).int("keepdims", 1) === 1;
  return keeps && axes !== undefined && String(toNumbers(axes)) === "2,3";
}
