/** @file Some channels of a layer alone: they are computed by themselves as far back as a network has them apart. */
import { constant, nodeOf } from "./added-nodes.ts";
import { AttributeReader, toAttributes } from "./attributes.ts";
import { cut, valuesRead } from "./edit.ts";
import { allNames, freeName } from "./free-name.ts";
import { producers, type Graph, type Node, type ValueShape } from "./graph.ts";
import { hasTrait } from "./operators.ts";
import { arrayType, elementCount, tensor, type Tensor } from "./tensor.ts";

/** A node that gives some of its channels, reading what `chooser` says; undefined where they cannot be had alone. */
type ChannelRule = (
  node: Node,
  channels: readonly number[],
  chooser: ChannelChooser,
) => Node | undefined;

/**
 * The graph that gives of `value`, [N, C, ...] of a traced graph, only these channels, in rising order, under the same name: kernels of other channels
 * are left out, as are branches that a concatenation joins with them. Undefined where that spares nothing.
 */
export function withChannels(
  graph: Graph,
  value: string,
  channels: readonly number[],
): Graph | undefined {
  const part = cut(graph, { outputs: [value] });
  const chooser = new ChannelChooser(part);
  return chooser.narrow(value, channels) && chooser.isSparing ? chooser.build(value) : undefined;
}

/** Some channels of a value, for those that read them. */
interface Selection {
  readonly channels: readonly number[];
  /** What stands for it in what reads it. */
  readonly name: string;
  /** How many times it is read. */
  readings: number;
  /** Whether the value itself gives them alone. */
  isNarrow: boolean;
}

/** Chooses channels from a value back to where they are no longer apart. */
class ChannelChooser {
  readonly #graph: Graph;
  readonly #makers: ReadonlyMap<string, Node>;
  /** How many times each value is read. */
  readonly #readings = new Map<string, number>();
  readonly #replaced = new Map<Node, Node>();
  /** Of each value, by their channels. */
  readonly #selections = new Map<string, Map<string, Selection>>();
  readonly #names: Set<string>;
  readonly #initializers: Map<string, Tensor>;
  readonly #shapes: Map<string, ValueShape>;
  /** Whether weights were left out. */
  isSparing = false;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#makers = producers(graph);
    this.#initializers = new Map(graph.initializers);
    this.#shapes = new Map(graph.shapes);
    this.#names = allNames(graph);
    for (const name of graph.nodes.flatMap(valuesRead))
      this.#readings.set(name, (this.#readings.get(name) ?? 0) + 1);
  }

  /** Exact dimensions of a value or constant. */
  dims(name: string): readonly number[] | undefined {
    return this.#graph.shapes.get(name)?.dims ?? this.constant(name)?.dims;
  }

  constant(name: string): Tensor | undefined {
    return this.#graph.initializers.get(name);
  }

  /** Makes the node of a value give these channels alone; false where it cannot, with nothing changed that is read. */
  narrow(value: string, channels: readonly number[]): boolean {
    const node = this.#makers.get(value);
    const rule = node?.domain === "" ? ruleOf(node) : undefined;
    if (!node || !rule || node.outputs.length !== 1) return false;
    const narrowed = rule(node, channels, this);
    if (!narrowed) return false;
    this.#replaced.set(node, narrowed);
    this.#reshape(value, value, channels.length);
    return true;
  }

  /** The name of what holds these channels of a value, which is made narrow once all that read it have asked for the same. */
  chosen(value: string, channels: readonly number[]): string {
    if (channels.length === this.dims(value)?.[1]) return value;
    const selection = this.#selection(value, channels);
    selection.readings++;
    if (selection.readings === this.#readings.get(value))
      selection.isNarrow = this.narrow(value, channels);
    return selection.name;
  }

  /** A constant's entries of these channels along an axis, as a constant of its own. */
  entries(name: string, axis: number, channels: readonly number[]): string {
    const own = freeName(`${name}/chosen`, this.#names);
    this.#initializers.set(own, entriesAlong(this.constant(name)!, axis, channels));
    return own;
  }

  build(value: string): Graph {
    const ofInputs = this.#graph.inputs.flatMap(({ name }) => this.#picked(name));
    const nodes = this.#graph.nodes.flatMap((node) => [
      this.#replaced.get(node) ?? node,
      ...node.outputs.flatMap((made) => this.#picked(made)),
    ]);
    const narrow = new Map<string, string>();
    for (const [of, selections] of this.#selections)
      for (const { name, isNarrow } of selections.values()) if (isNarrow) narrow.set(name, of);
    const read = [...ofInputs, ...nodes].map((node) =>
      node.inputs.some((name) => narrow.has(name))
        ? { ...node, inputs: node.inputs.map((name) => narrow.get(name) ?? name) }
        : node,
    );
    const [initializers, shapes] = [this.#initializers, this.#shapes];
    return cut({ ...this.#graph, nodes: read, initializers, shapes }, { outputs: [value] });
  }

  #selection(value: string, channels: readonly number[]): Selection {
    const ofValue = this.#selections.get(value) ?? new Map<string, Selection>();
    this.#selections.set(value, ofValue);
    const found = ofValue.get(String(channels)) ?? {
      channels,
      name: freeName(`${value}/chosen`, this.#names),
      readings: 0,
      isNarrow: false,
    };
    ofValue.set(String(channels), found);
    return found;
  }

  /** The nodes that pick channels of a value that could not be made narrow. */
  #picked(value: string): readonly Node[] {
    const selections = [...(this.#selections.get(value)?.values() ?? [])];
    return selections.flatMap(({ channels, name, isNarrow }) => {
      if (isNarrow) return [];
      const indices = freeName(`${name}/channels`, this.#names);
      constant({ constants: this.#initializers }, indices, channels);
      this.#reshape(value, name, channels.length);
      return [nodeOf("Gather", [value, indices], name, toAttributes({ axis: 1 }))];
    });
  }

  #reshape(from: string, to: string, count: number): void {
    const shape = this.#graph.shapes.get(from);
    if (shape) this.#shapes.set(to, { ...shape, dims: shape.dims.with(1, count) });
  }
}

/** THE table of operators whose channels can be had alone, beside functions of each element and pools. */
const rules: Readonly<Record<string, ChannelRule>> = {
  Add: eachOperand,
  BatchNormalization: normalized,
  Concat: joinedParts,
  Conv: convolution,
  Div: eachOperand,
  Dropout: firstInput,
  Gemm: denseRows,
  Identity: firstInput,
  MatMul: denseColumns,
  Mul: eachOperand,
  Sub: eachOperand,
  Sum: eachOperand,
};

function ruleOf(node: Node): ChannelRule | undefined {
  const isEach = hasTrait(node, "elementwise") || hasTrait(node, "pool");
  return Object.hasOwn(rules, node.operator)
    ? rules[node.operator]
    : isEach
      ? firstInput
      : undefined;
}

/** What treats every channel alike, by single numbers at most. */
function firstInput(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const [from, ...others] = node.inputs;
  const isAlike = (name: string) => {
    const dims = name === "" ? [] : chooser.constant(name)?.dims;
    return dims !== undefined && elementCount(dims) === 1;
  };
  if (chooser.dims(from!)?.length !== chooser.dims(node.outputs[0]!)?.length) return undefined;
  return others.every(isAlike)
    ? { ...node, inputs: [chooser.chosen(from!, channels), ...others] }
    : undefined;
}

/** Operands that have the channels, the same number for all of them, or one number each. */
function eachOperand(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const whole = chooser.dims(node.outputs[0]!)!;
  const isOfChannels = (name: string) => {
    const dims = chooser.dims(name);
    return dims && (dims.at(1 - whole.length) ?? 1) > 1;
  };
  const known = node.inputs.every((name) => {
    const dims = chooser.dims(name);
    if (!dims || !isOfChannels(name)) return dims !== undefined;
    const isValue = chooser.constant(name) === undefined;
    return !isValue || dims.length === whole.length;
  });
  if (!known) return undefined;
  const inputs = node.inputs.map((name) => {
    if (!isOfChannels(name)) return name;
    const axis = chooser.dims(name)!.length - whole.length + 1;
    return chooser.constant(name)
      ? chooser.entries(name, axis, channels)
      : chooser.chosen(name, channels);
  });
  return { ...node, inputs };
}

function normalized(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const [from, ...numbers] = node.inputs;
  if (!numbers.every((name) => chooser.constant(name))) return undefined;
  const inputs = [chooser.chosen(from!, channels)];
  for (const name of numbers) inputs.push(chooser.entries(name, 0, channels));
  return { ...node, inputs };
}

/** Of what is joined channel by channel, the parts that hold some of them. */
function joinedParts(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const rank = chooser.dims(node.outputs[0]!)!.length;
  const axis = new AttributeReader(node).int("axis", 0);
  const areValues = node.inputs.every((name) => !chooser.constant(name) && chooser.dims(name));
  if ((axis + rank) % rank !== 1 || !areValues) return undefined;
  const inputs: string[] = [];
  let first = 0;
  for (const name of node.inputs) {
    const end = first + chooser.dims(name)![1]!;
    const own = channels.filter((channel) => channel >= first && channel < end);
    const start = first;
    first = end;
    if (own.length === 0) chooser.isSparing = true;
    else
      inputs.push(
        chooser.chosen(
          name,
          own.map((channel) => channel - start),
        ),
      );
  }
  return { ...node, inputs };
}

/** A kernel each where a convolution has one group; of one channel each, its input's channels too. */
function convolution(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const [from, weights, bias] = node.inputs;
  const groups = new AttributeReader(node).int("group", 1);
  const [kernels, ofGroup] = chooser.constant(weights!)?.dims ?? [];
  const isDepthwise = ofGroup === 1 && kernels === groups;
  if (kernels === undefined || !(groups === 1 || isDepthwise)) return undefined;
  if (bias && !chooser.constant(bias)) return undefined;
  const inputs = [
    isDepthwise && groups > 1 ? chooser.chosen(from!, channels) : from!,
    chooser.entries(weights!, 0, channels),
    ...(bias ? [chooser.entries(bias, 0, channels)] : []),
  ];
  chooser.isSparing = true;
  const group = isDepthwise && groups > 1 ? toAttributes({ group: channels.length }) : {};
  return { ...node, inputs, attributes: { ...node.attributes, ...group } };
}

function denseRows(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const [from, weights, bias] = node.inputs;
  if (!chooser.constant(weights!) || (bias && !chooser.constant(bias))) return undefined;
  const axis = new AttributeReader(node).int("transB", 0) === 1 ? 0 : 1;
  const inputs = [from!, chooser.entries(weights!, axis, channels)];
  if (bias) {
    const dims = chooser.dims(bias)!;
    const isOfEach = (dims.at(-1) ?? 1) > 1;
    inputs.push(isOfEach ? chooser.entries(bias, dims.length - 1, channels) : bias);
  }
  chooser.isSparing = true;
  return { ...node, inputs };
}

/** Rows [N, C] times constant weights [C', C]. */
function denseColumns(node: Node, channels: readonly number[], chooser: ChannelChooser) {
  const [from, weights] = node.inputs;
  const areRows = chooser.dims(node.outputs[0]!)?.length === 2;
  if (!areRows || chooser.constant(weights!)?.dims.length !== 2) return undefined;
  chooser.isSparing = true;
  return { ...node, inputs: [from!, chooser.entries(weights!, 1, channels)] };
}

/** Weights that lie on disk are read through once, a few MiB at a time. */
function entriesAlong(of: Tensor, axis: number, chosen: readonly number[]): Tensor {
  const { type, dims } = of;
  if (type === "string") return of;
  const inner = elementCount(dims.slice(axis + 1));
  const rows = elementCount(dims.slice(0, axis));
  const found = new (arrayType(type))(rows * chosen.length * inner);
  let [offset, run] = [0, 0];
  for (const piece of of.pieces?.() ?? [of.data]) {
    const end = offset + piece.length;
    for (; run < rows * chosen.length; run++) {
      const [row, i] = [Math.floor(run / chosen.length), run % chosen.length];
      const from = (row * dims[axis]! + chosen[i]!) * inner;
      const [first, last] = [Math.max(from, offset), Math.min(from + inner, end)];
      if (first < last) {
        const part = piece.slice(first - offset, last - offset) as never;
        found.set(part, run * inner + first - from);
      }
      if (from + inner > end) break;
    }
    offset = end;
    if (run === rows * chosen.length) break;
  }
  return tensor(type, dims.with(axis, chosen.length), found);
}
