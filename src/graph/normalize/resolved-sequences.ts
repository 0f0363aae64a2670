/** @file Sequences whose members are known before anything runs, as plain values. */
import { AttributeReader, toAttributes, type AttributeInput } from "../attributes.ts";
import { valuesRead } from "../edit.ts";
import type { Graph, Node } from "../graph.ts";
import { hasSequences } from "../sequences.ts";
import { tensorOf, toNumbers, type Tensor } from "../tensor.ts";

/** What a value that is no tensor holds. */
type Sequence =
  | { readonly kind: "list"; readonly members: readonly string[] }
  /** Pieces of a tensor along an axis, each of so many places but the last, which may be shorter. */
  | {
      readonly kind: "pieces";
      readonly of: string;
      readonly axis: number;
      readonly places: number;
      /** Whether the axis stays where a piece has one place. */
      readonly keepsAxis: boolean;
    };

/**
 * The graph with sequences taken apart: what reads a member reads the value itself. Sequences whose members only a run
 * tells stay, for `requireNoSequences` to refuse.
 */
export function withoutSequences(graph: Graph): Graph {
  return hasSequences(graph) ? new Resolver(graph).resolve() : graph;
}

class Resolver {
  readonly #graph: Graph;
  readonly #nodes: Node[] = [];
  readonly #initializers: Map<string, Tensor>;
  readonly #sequences = new Map<string, Sequence>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#initializers = new Map(graph.initializers);
  }

  resolve(): Graph {
    for (const node of this.#graph.nodes) {
      if (!this.#isResolved(node)) this.#nodes.push(node);
    }
    return { ...this.#graph, nodes: this.#needed(), initializers: this.#initializers };
  }

  /** The nodes without those that make sequences which nothing reads any more. */
  #needed(): readonly Node[] {
    const read = new Set(this.#graph.outputs.map((output) => output.name));
    const kept = this.#nodes.toReversed().filter((node) => {
      const [made = ""] = node.outputs;
      if (this.#sequences.has(made) && !read.has(made)) return false;
      for (const input of valuesRead(node)) read.add(input);
      return true;
    });
    return kept.reverse();
  }

  /** Whether a node is written in other words. */
  #isResolved(node: Node): boolean {
    if (node.domain !== "") return false;
    const made = this.#sequenceOf(node);
    if (made) {
      this.#sequences.set(node.outputs[0]!, made);
      return false;
    }
    const sequence = this.#sequences.get(node.inputs[0] ?? "");
    if (!sequence) return false;
    switch (node.operator) {
      case "SequenceAt":
        return this.#readAt(node, sequence);
      case "SequenceLength":
        return this.#tellLength(node, sequence);
      case "ConcatFromSequence":
        return this.#join(node, sequence);
      default:
        return false;
    }
  }

  /** The sequence that a node makes, if its members are known. */
  #sequenceOf(node: Node): Sequence | undefined {
    const [first = "", second = ""] = node.inputs;
    const known = this.#sequences.get(first);
    switch (node.operator) {
      case "SequenceConstruct":
        return { kind: "list", members: node.inputs };
      case "SequenceEmpty":
        return { kind: "list", members: [] };
      case "Identity":
        return known;
      case "SplitToSequence":
        return this.#split(node);
      case "SequenceInsert": {
        if (known?.kind !== "list") return undefined;
        const at = this.#place(node, 2, known.members.length);
        const members = at === undefined ? undefined : known.members.toSpliced(at, 0, second);
        return members && { kind: "list", members };
      }
      case "SequenceErase": {
        if (known?.kind !== "list") return undefined;
        const at = this.#place(node, 1, known.members.length - 1);
        const members = at === undefined ? undefined : known.members.toSpliced(at, 1);
        return members && { kind: "list", members };
      }
      default:
        return undefined;
    }
  }

  /** A place that a node names, counted from the end where it is negative; undefined if only a run tells it. */
  #place(node: Node, i: number, fallback: number): number | undefined {
    const name = node.inputs[i] ?? "";
    return name === "" ? fallback : this.#numbers(name)?.[0];
  }

  #numbers(name: string): readonly number[] | undefined {
    const known = this.#initializers.get(name);
    return known && toNumbers(known);
  }

  #split(node: Node): Sequence | undefined {
    const [of = "", split = ""] = node.inputs;
    const attributes = new AttributeReader(node);
    const axis = attributes.int("axis", 0);
    const keepsAxis = split !== "" || attributes.int("keepdims", 1) !== 0;
    if (split === "") return { kind: "pieces", of, axis, places: 1, keepsAxis };
    const sizes = this.#numbers(split);
    if (!sizes) return undefined;
    if (this.#initializers.get(split)!.dims.length === 0) {
      return { kind: "pieces", of, axis, places: sizes[0]!, keepsAxis };
    }
    const members = sizes.map((_, i) => `${node.outputs[0]!}/member-${i}`);
    const list = this.#constant(node, "sizes", sizes);
    this.#nodes.push({ ...this.#plain(node, "Split", [of, list], { axis }), outputs: members });
    return { kind: "list", members };
  }

  #readAt(node: Node, sequence: Sequence): boolean {
    const at = this.#numbers(node.inputs[1] ?? "")?.[0];
    if (at === undefined) return false;
    if (sequence.kind === "list") {
      const member = sequence.members.at(at);
      if (member === undefined) return false;
      this.#nodes.push(this.#plain(node, "Identity", [member]));
      return true;
    }
    const { of, axis, places, keepsAxis } = sequence;
    if (places === 1) {
      const index = this.#constant(node, "place", [at], keepsAxis ? [1] : []);
      this.#nodes.push(this.#plain(node, "Gather", [of, index], { axis }));
      return true;
    }
    // Which piece is the last one depends on how many places there are.
    if (at < 0) return false;
    const bounds = [at * places, (at + 1) * places, axis];
    const inputs = bounds.map((bound, i) => this.#constant(node, `bound-${i}`, [bound]));
    this.#nodes.push(this.#plain(node, "Slice", [of, ...inputs]));
    return true;
  }

  #tellLength(node: Node, sequence: Sequence): boolean {
    if (sequence.kind !== "list") return false;
    const length = tensorOf("int64", [], [sequence.members.length]);
    this.#initializers.set(node.outputs[0]!, length);
    return true;
  }

  #join(node: Node, sequence: Sequence): boolean {
    const attributes = new AttributeReader(node);
    const axis = attributes.int("axis");
    const isNewAxis = attributes.int("new_axis", 0) !== 0;
    if (sequence.kind === "pieces") {
      const isWhole = sequence.axis === axis && sequence.keepsAxis && !isNewAxis;
      if (isWhole) this.#nodes.push(this.#plain(node, "Identity", [sequence.of]));
      return isWhole;
    }
    if (sequence.members.length === 0) return false;
    const parts = isNewAxis
      ? sequence.members.map((m, i) => this.#raised(node, m, i, axis))
      : sequence.members;
    this.#nodes.push(this.#plain(node, "Concat", parts, { axis }));
    return true;
  }

  /** A member with an axis of size 1 more. */
  #raised(node: Node, member: string, i: number, axis: number): string {
    const output = `${node.outputs[0]!}/member-${i}`;
    const axes = this.#constant(node, `axis-${i}`, [axis]);
    const raise = this.#plain(node, "Unsqueeze", [member, axes]);
    this.#nodes.push({ ...raise, name: `${node.name}/member-${i}`, outputs: [output] });
    return output;
  }

  #plain(
    node: Node,
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
  ): Node {
    return { ...node, operator, inputs, attributes: toAttributes(attributes) };
  }

  #constant(
    node: Node,
    what: string,
    values: readonly number[],
    dims: readonly number[] = [values.length],
  ): string {
    const name = `${node.outputs[0]!}/${what}`;
    this.#initializers.set(name, tensorOf("int64", dims, values));
    return name;
  }
}
