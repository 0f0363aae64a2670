/** @file Fewer nodes for the same numbers: what the rules of single operators leave in a gradient that was put together. */
import { AttributeReader, toAttributes } from "../graph/attributes.ts";
import { valuesRead } from "../graph/edit.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { positiveAxis } from "../graph/infer.ts";
import { toNumbers } from "../graph/tensor.ts";

/**
 * The graph with nodes from number `first` on merged; those before stay, and so do all outputs. A gradient's nodes are
 * behind those of its network, which others may still read. Merged are
 *
 * - nodes that compute what is there already;
 * - two reshapes, transposes or negations in a row;
 * - a slice of a concatenation that is one of its parts;
 * - a sum of parts that are padded with zeros to stand side by side, which is a concatenation.
 */
export function mergedNodes(graph: Graph, first: number): Graph {
  return new Merging(graph, first).result();
}

/** Values that stand side by side along an axis, with zeros before and behind. */
interface Placed {
  readonly parts: readonly string[];
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/** What draws lots, so that two of one kind are two. */
const drawing: ReadonlySet<string> = new Set(
  "Bernoulli Dropout Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike".split(
    " ",
  ),
);

class Merging {
  readonly #graph: Graph;
  readonly #first: number;
  readonly #outputs: ReadonlySet<string>;
  readonly #made = new Map<string, Node>();
  /** The first output of each computation. */
  readonly #known = new Map<string, string>();
  /** What stands for values that are gone. */
  readonly #instead = new Map<string, string>();
  /** Sums of what stands side by side. */
  readonly #sums = new Map<string, Placed>();
  readonly #nodes: Node[] = [];

  constructor(graph: Graph, first: number) {
    this.#graph = graph;
    this.#first = first;
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
  }

  result(): Graph {
    for (const node of this.#graph.nodes.slice(0, this.#first)) this.#keep(node);
    for (const node of this.#graph.nodes.slice(this.#first)) this.#merge(node);
    return { ...this.#graph, nodes: this.#read() };
  }

  /** The nodes whose outputs somebody reads, or that were there before. */
  #read(): Node[] {
    const read = new Set(this.#outputs);
    const before = new Set(this.#graph.nodes.slice(0, this.#first));
    const kept = this.#nodes.toReversed().filter((node) => {
      if (!before.has(node) && !node.outputs.some((name) => read.has(name))) return false;
      for (const name of valuesRead(node)) read.add(name);
      return true;
    });
    return kept.toReversed();
  }

  #merge(given: Node): void {
    const inputs = given.inputs.map((name) => this.#instead.get(name) ?? name);
    const isPlain = given.domain === "" && given.outputs.length === 1;
    const node = { ...given, inputs };
    const simpler = isPlain ? this.#simpler(node) : node;
    const output = given.outputs[0]!;
    if (typeof simpler !== "string" && !this.#known.has(keyOf(simpler) ?? "")) {
      this.#keep(simpler);
      return;
    }
    const same = typeof simpler === "string" ? simpler : this.#known.get(keyOf(simpler)!)!;
    if (!this.#outputs.has(output)) this.#instead.set(output, same);
    else this.#keep({ ...node, operator: "Identity", inputs: [same], attributes: {} });
  }

  #keep(node: Node): void {
    this.#nodes.push(node);
    for (const output of node.outputs) this.#made.set(output, node);
    const key = keyOf(node);
    if (key !== undefined && !this.#known.has(key)) this.#known.set(key, node.outputs[0]!);
  }

  /** A node that computes the same, or the value that is the same. */
  #simpler(node: Node): Node | string {
    const [value = ""] = node.inputs;
    switch (node.operator) {
      case "Add":
        return this.#sum(node);
      case "Neg":
        return this.#madeBy(value, "Neg")?.inputs[0] ?? node;
      case "Reshape":
        return this.#reshape(node);
      case "Slice":
        return this.#slice(node);
      case "Transpose":
        return this.#transpose(node);
      default:
        return node;
    }
  }

  #reshape(node: Node): Node | string {
    const sizes = this.#numbers(node.inputs[1]);
    // A 0 stands for a size of what is reshaped.
    if (!sizes || sizes.includes(0)) return node;
    const before = this.#madeBy(node.inputs[0]!, "Reshape");
    const value = before?.inputs[0] ?? node.inputs[0]!;
    const [from, to] = [this.#dims(value), this.#dims(node.outputs[0]!)];
    if (from && to && String(from) === String(to)) return value;
    return before ? { ...node, inputs: [value, ...node.inputs.slice(1)] } : node;
  }

  #transpose(node: Node): Node | string {
    const rank = this.#dims(node.inputs[0]!)?.length;
    if (rank === undefined) return node;
    const before = this.#madeBy(node.inputs[0]!, "Transpose");
    const orders = [before, node].map((each) =>
      each
        ? new AttributeReader(each).ints(
            "perm",
            Array.from({ length: rank }, (_, axis) => rank - 1 - axis),
          )
        : Array.from({ length: rank }, (_, axis) => axis),
    );
    const order = orders[1]!.map((axis) => orders[0]![axis]!);
    const value = before?.inputs[0] ?? node.inputs[0]!;
    if (order.every((axis, i) => axis === i)) return value;
    return before ? { ...node, inputs: [value], attributes: toAttributes({ perm: order }) } : node;
  }

  #slice(node: Node): Node | string {
    const parts = this.#madeBy(node.inputs[0]!, "Concat");
    const dims = this.#dims(node.inputs[0]!);
    const [starts, ends, axes] = node.inputs.slice(1, 4).map((name) => this.#numbers(name));
    const isPlain = node.inputs.length === 4 && starts?.length === 1 && axes?.length === 1;
    if (!parts || !dims || !isPlain) return node;
    const axis = positiveAxis(axes[0]!, dims.length);
    if (positiveAxis(new AttributeReader(parts).int("axis"), dims.length) !== axis) return node;
    let end = 0;
    for (const part of parts.inputs) {
      const size = this.#dims(part)?.[axis];
      if (size === undefined) return node;
      end += size;
      if (starts[0] === end - size && ends?.[0] === end && size > 0) return part;
    }
    return node;
  }

  /** A sum of parts that stand side by side; until they fill their axis it stays a sum. */
  #sum(node: Node): Node {
    const output = node.outputs[0]!;
    const dims = this.#dims(output);
    const placed = node.inputs.map((name) => this.#placed(name));
    const [first, second] = placed.toSorted((a, b) => (a?.start ?? 0) - (b?.start ?? 0));
    if (!first || !second || first.axis !== second.axis || first.end !== second.start) return node;
    // Nothing is broadcast where both have the shape of the sum.
    const isWhole = node.inputs.every((name) => String(this.#dims(name)) === String(dims));
    if (!dims || !isWhole) return node;
    const { axis, start } = first;
    const parts = [...first.parts, ...second.parts];
    this.#sums.set(output, { parts, axis, start, end: second.end });
    if (start !== 0 || second.end !== dims[axis]) return node;
    return { ...node, operator: "Concat", inputs: parts, attributes: toAttributes({ axis }) };
  }

  #placed(value: string): Placed | undefined {
    const pad = this.#madeBy(value, "Pad");
    if (!pad) return this.#sums.get(value);
    const [part = "", amounts = "", fill = "", axes = ""] = pad.inputs;
    const isConstant = new AttributeReader(pad).string("mode", "constant") === "constant";
    const isZero = fill === "" || this.#numbers(fill)?.every((number) => number === 0);
    const [inner, outer, pads] = [this.#dims(part), this.#dims(value), this.#numbers(amounts)];
    if (!isConstant || !isZero || axes !== "" || !inner || !outer || !pads) return undefined;
    const padded = outer.flatMap((size, axis) => (size === inner[axis] ? [] : [axis]));
    const [axis] = padded;
    const isShifted = pads.some((rows, i) => rows !== 0 && i % outer.length !== axis);
    if (axis === undefined || padded.length > 1 || isShifted || pads.some((rows) => rows < 0)) {
      return undefined;
    }
    const start = pads[axis]!;
    return { parts: [part], axis, start, end: start + inner[axis]! };
  }

  #madeBy(value: string, operator: string): Node | undefined {
    const node = this.#made.get(value);
    return node?.domain === "" && node.operator === operator ? node : undefined;
  }

  #dims(value: string): readonly number[] | undefined {
    return (this.#graph.shapes.get(value) ?? this.#graph.initializers.get(value))?.dims;
  }

  #numbers(value: string | undefined): readonly number[] | undefined {
    const known = this.#graph.initializers.get(value ?? "");
    return known && toNumbers(known);
  }
}

/** What a node computes, in one text; undefined where two of one kind could differ. */
function keyOf(node: Node): string | undefined {
  if (drawing.has(node.operator) || node.outputs.length !== 1) return undefined;
  const attributes = Object.entries(node.attributes);
  if (attributes.some(([, { kind }]) => kind === "graph" || kind === "tensor")) return undefined;
  const sorted = attributes.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([node.domain, node.operator, node.inputs, sorted]);
}
