/** @file Graphs for ONNX Runtime's blocked layout, in which channels come in whole blocks: what lacks some is filled up with zeros. */
import { AttributeReader, toAttributes, type AttributeInput } from "../graph/attributes.ts";
import { valuesRead } from "../graph/edit.ts";
import { consumers, type Graph, type Node, type ValueShape } from "../graph/graph.ts";
import { elementCount, tensorOf, toNumbers, type Tensor } from "../graph/tensor.ts";
import { block } from "./blocked-values.ts";
import { ChannelTies, type Taken } from "./channel-ties.ts";
import { allNames, freeName } from "../graph/free-name.ts";

/**
 * The same function for ONNX Runtime on x86-64 processors, where a depthwise or grouped convolution is in blocks only if
 * its channels, or those of each group, fill them: values that hang together get so many channels that they do, by zeros
 * in the weights of the convolutions that make them. What is in the new channels is finite, and nothing reads it. Values
 * are filled where what is gained is more than what it takes to add and drop channels where other operators begin.
 * Groups of fewer channels than `narrow`, the smallest block that the processor may have, become groups of the largest,
 * with zeros between the old ones.
 */
export function filledGraph(graph: Graph, narrow: 8 | 16): Graph {
  return new Filling(graph, narrow).result();
}

class Filling {
  readonly #graph: Graph;
  readonly #ties: ChannelTies;
  readonly #taken: ReadonlyMap<Node, Taken | undefined>;
  readonly #filled: ReadonlySet<string>;
  readonly #names: Set<string>;
  readonly #constants: Map<string, Tensor>;
  readonly #shapes: Map<string, ValueShape>;
  /** Names of values with all their channels, by the old ones. */
  readonly #whole = new Map<string, string>();
  /** Constants that were made longer, by what was asked. */
  readonly #longer = new Map<string, string>();
  #nodes: Node[] = [];

  constructor(graph: Graph, narrow: number) {
    this.#graph = graph;
    this.#ties = new ChannelTies(graph, narrow);
    this.#taken = new Map(graph.nodes.map((node) => [node, this.#ties.taken(node)]));
    this.#filled = worthFilling(graph, this.#ties, this.#taken);
    this.#constants = new Map(graph.initializers);
    this.#shapes = new Map(graph.shapes);
    this.#names = allNames(graph);
  }

  result(): Graph {
    const read = new Set(this.#graph.outputs.map(({ name }) => name));
    for (const node of this.#graph.nodes) {
      if (this.#takes(node)) continue;
      for (const name of valuesRead(node)) read.add(name);
    }
    for (const { name } of this.#graph.inputs) if (this.#filled.has(name)) this.#lengthen(name);
    let isChanged = false;
    for (const node of this.#graph.nodes) {
      const changed = this.#changed(node);
      isChanged ||= changed !== node;
      this.#nodes.push(changed);
      for (const output of node.outputs) {
        if (!this.#filled.has(output)) continue;
        if (!this.#takes(node)) this.#lengthen(output);
        else if (read.has(output)) this.#shorten(output);
      }
    }
    if (!isChanged) return this.#graph;
    return {
      ...this.#graph,
      nodes: this.#nodes,
      initializers: this.#constants,
      shapes: this.#shapes,
    };
  }

  #takes(node: Node): boolean {
    return this.#taken.get(node) !== undefined;
  }

  #changed(node: Node): Node {
    if (!this.#takes(node)) return node;
    const narrow = this.#ties.narrowGroups(node);
    const isFilled = [...node.inputs, ...node.outputs].some((name) => this.#filled.has(name));
    const isWhole = narrow !== undefined && missing(this.#dims(node.inputs[1]!)[0]!) === 0;
    if (!isFilled && !isWhole) return node;
    const outputs = node.outputs.map((name) => this.#wholeName(name));
    if (node.operator === "Conv" || node.operator === "ConvTranspose") {
      return { ...this.#convolution(node, narrow), outputs };
    }
    const channels = this.#ties.dims(node.outputs[0]!)![1]!;
    const inputs = node.inputs.map((name, i) =>
      node.operator === "Expand" && i === 1
        ? this.#shape(name)
        : this.#ties.isConstant(name)
          ? this.#perChannel(name, channels)
          : this.#wholeName(name),
    );
    return { ...node, inputs, outputs };
  }

  #convolution(node: Node, narrow: number | undefined): Node {
    const [value = "", given = "", bias = ""] = node.inputs;
    const weights = this.#ties.dims(given)!;
    const groups = new AttributeReader(node).int("group", 1);
    const [into, out] = [value, node.outputs[0]!].map((name) =>
      this.#filled.has(name) ? missing(this.#ties.dims(name)![1]!) : 0,
    ) as [number, number];
    const isTransposed = node.operator === "ConvTranspose";
    const [first, second] = isTransposed ? [into, out] : [out, into];
    let longer = this.#padded(given, [first, groups === 1 ? second : 0]);
    let count = groups === 1 ? 1 : (weights[0]! + first) / (weights[0]! / groups);
    if (narrow !== undefined) {
      longer = this.#blockDiagonal(longer, weights[0]! + first, narrow);
      count = (weights[0]! + first) / block;
    }
    const inputs = [this.#wholeName(value), longer];
    if (bias) inputs.push(this.#padded(bias, [out]));
    const group = toAttributes({ group: count });
    return { ...node, inputs, attributes: { ...node.attributes, ...group } };
  }

  /** Weights [M, width, ...kernel] of narrow groups as [M, block, ...kernel], 0 where a filter must not read. */
  #blockDiagonal(weights: string, filters: number, width: number): string {
    const key = `${weights}:blocks`;
    const known = this.#longer.get(key);
    if (known !== undefined) return known;
    const { type } = this.#shapes.get(weights) ?? this.#constants.get(weights)!;
    const [, , ...kernel] = this.#dims(weights);
    const dims = [filters, block, ...kernel];
    const copies = Array<string>(block / width).fill(weights);
    const all = this.#add("Concat", copies, dims, { axis: 1 }, type);
    const isRead = Array.from({ length: filters * block }, (_, i) => {
      const [filter, channel] = [Math.floor(i / block) % block, i % block];
      return Math.floor(filter / width) === Math.floor(channel / width) ? 1 : 0;
    });
    const mask = this.#constant(tensorOf("float32", [filters, block, 1, 1], isRead));
    const result = this.#add("Mul", [all, mask], dims, {}, type);
    this.#longer.set(key, result);
    return result;
  }

  #wholeName(value: string): string {
    if (!this.#filled.has(value)) return value;
    const known = this.#whole.get(value);
    if (known !== undefined) return known;
    const name = freeName(`${value}/filled`, this.#names);
    this.#whole.set(value, name);
    const { type, dims } = this.#graph.shapes.get(value)!;
    this.#shapes.set(name, { type, dims: dims.with(1, dims[1]! + missing(dims[1]!)) });
    return name;
  }

  /** Makes the filled value of the one that is there. */
  #lengthen(value: string): void {
    const name = this.#wholeName(value);
    const pads = [0, 0, 0, 0, 0, missing(this.#dims(value)[1]!), 0, 0];
    this.#push("Pad", [value, this.#ints(pads)], name, {});
  }

  /** Makes the value of the filled one. */
  #shorten(value: string): void {
    const bounds = [[0], [this.#dims(value)[1]!], [1]].map((numbers) => this.#ints(numbers));
    this.#push("Slice", [this.#wholeName(value), ...bounds], value, {});
  }

  /** A constant with zeros behind its first axes. */
  #padded(constant: string, added: readonly number[]): string {
    if (added.every((count) => count === 0)) return constant;
    const key = `${constant}:${added.join()}`;
    const known = this.#longer.get(key);
    if (known !== undefined) return known;
    const dims = this.#dims(constant);
    const behind = dims.map((_, axis) => added[axis] ?? 0);
    const pads = this.#ints([...dims.map(() => 0), ...behind]);
    const { type } = this.#shapes.get(constant) ?? this.#constants.get(constant)!;
    const sizes = dims.map((size, axis) => size + behind[axis]!);
    const result = this.#add("Pad", [constant, pads], sizes, {}, type);
    this.#longer.set(key, result);
    return result;
  }

  /** A constant operand, which may have a number for each channel. */
  #perChannel(constant: string, channels: number): string {
    const dims = this.#dims(constant);
    const axis = dims.length - 3;
    if (dims[axis] !== channels) return constant;
    return this.#padded(constant, [...Array<number>(axis).fill(0), missing(channels)]);
  }

  /** The shape [N, C, H, W] with all channels. */
  #shape(constant: string): string {
    const dims = toNumbers(this.#constants.get(constant)!);
    return dims[1] === 1 ? constant : this.#ints([...dims].with(1, dims[1]! + missing(dims[1]!)));
  }

  #dims(value: string): readonly number[] {
    return (this.#shapes.get(value) ?? this.#constants.get(value))!.dims;
  }

  #ints(values: readonly number[]): string {
    return this.#constant(tensorOf("int64", [values.length], values));
  }

  #constant(value: Tensor): string {
    const name = freeName("constant/filled", this.#names);
    this.#constants.set(name, value);
    return name;
  }

  #add(
    operator: string,
    inputs: readonly string[],
    dims: readonly number[],
    attributes: Readonly<Record<string, AttributeInput>>,
    type: ValueShape["type"],
  ): string {
    const name = freeName(`${inputs[0]!}/${operator}`, this.#names);
    this.#shapes.set(name, { type, dims });
    this.#push(operator, inputs, name, attributes);
    return name;
  }

  #push(
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, AttributeInput>>,
  ): void {
    const name = freeName(`${output}/${operator}`, this.#names);
    const given = toAttributes(attributes);
    this.#nodes.push({ name, operator, domain: "", inputs, outputs: [output], attributes: given });
  }
}

/** Channels that a number of them lacks of whole blocks. */
function missing(channels: number): number {
  return (block - (channels % block)) % block;
}

/** The values that are filled: sets of those that hang together, as far as it pays. */
function worthFilling(
  graph: Graph,
  ties: ChannelTies,
  taken: ReadonlyMap<Node, Taken | undefined>,
): ReadonlySet<string> {
  const open = [...graph.shapes.keys()].filter((name) => ties.isOpen(name));
  const sets = new Sets(open);
  const worth = new Map<string, number>();
  const count = (value: string, change: number) => {
    const root = sets.of(value);
    worth.set(root, (worth.get(root) ?? 0) + change);
  };
  for (const how of taken.values()) if (how?.how === "tied") sets.join(how.values);
  const readers = consumers(graph);
  const made = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  for (const name of open) {
    const cells = elementCount(ties.dims(name)!);
    const maker = made.get(name);
    const isFloat = graph.shapes.get(name)!.type === "float32";
    if (!maker || taken.get(maker) === undefined) count(name, isFloat ? -cells : -Infinity);
    const read = readers.get(name) ?? [];
    const leaves = outputs.has(name) || read.some((node) => taken.get(node) === undefined);
    if (leaves) count(name, -cells);
  }
  for (const how of taken.values()) {
    if (how?.how === "tied" && sets.has(how.values[0]!)) count(how.values[0]!, how.gain);
  }
  return new Set(open.filter((name) => (worth.get(sets.of(name)) ?? 0) > 0));
}

/** Disjoint sets of values. */
class Sets {
  readonly #parents: Map<string, string>;

  constructor(values: readonly string[]) {
    this.#parents = new Map(values.map((value) => [value, value]));
  }

  has(value: string): boolean {
    return this.#parents.has(value);
  }

  /** The value that stands for a set. */
  of(value: string): string {
    let root = value;
    while (this.#parents.get(root) !== root) root = this.#parents.get(root)!;
    this.#parents.set(value, root);
    return root;
  }

  /** Those of the values that are in a set come into one. */
  join(values: readonly string[]): void {
    const [first, ...others] = values.filter((value) => this.has(value));
    for (const other of others) this.#parents.set(this.of(other), this.of(first!));
  }
}
