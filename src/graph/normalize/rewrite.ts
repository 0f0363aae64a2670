/** @file How a node of another opset is written anew: a small vocabulary that needs no shapes. */
import type { AttributeReader } from "../attributes.ts";
import { toAttributes, type AttributeInput } from "../attributes.ts";
import type { Graph, Node } from "../graph.ts";
import { tensorOf, type ElementType, type Tensor } from "../tensor.ts";

/** Writes one node anew; `version` is the opset that it comes from. */
export type Rewrite = (
  node: Node,
  to: NodeRewriter,
  attributes: AttributeReader,
  version: number,
) => void;

type Attributes = Readonly<Record<string, AttributeInput>>;

/** Collects the rewritten nodes of one graph. */
export class NodeRewriter {
  readonly #graph: Graph;
  readonly #nodes: Node[] = [];
  readonly #initializers: Map<string, Tensor>;
  readonly #names: Set<string>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#initializers = new Map(graph.initializers);
    this.#names = new Set([
      ...graph.initializers.keys(),
      ...graph.inputs.map((input) => input.name),
      ...graph.nodes.flatMap((node) => [node.name, ...node.outputs]),
    ]);
  }

  /** The node as it is. */
  keep(node: Node): void {
    this.#nodes.push(node);
  }

  /** The node with other inputs, without the attributes named, or as another operator. */
  change(
    node: Node,
    changes: {
      readonly operator?: string;
      readonly inputs?: readonly string[];
      readonly drop?: readonly string[];
      readonly add?: Attributes;
    },
  ): void {
    const kept = Object.entries(node.attributes).filter(
      ([name]) => !(changes.drop ?? []).includes(name),
    );
    this.keep({
      ...node,
      domain: "",
      operator: changes.operator ?? node.operator,
      inputs: withoutTrailingGaps(changes.inputs ?? node.inputs),
      attributes: { ...Object.fromEntries(kept), ...toAttributes(changes.add ?? {}) },
    });
  }

  /** A new node with one output, which is returned; `output` names it if it must have the old node's name. */
  add(
    from: Node,
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output?: string,
  ): string {
    const value = output ?? this.#unique(`${from.name}/${operator}`);
    this.#nodes.push({
      name: this.#unique(`${from.name}/${operator}/node`),
      operator,
      domain: "",
      inputs: withoutTrailingGaps(inputs),
      outputs: [value],
      attributes: toAttributes(attributes),
    });
    return value;
  }

  /** A one-dimensional int64 constant. */
  ints(from: Node, values: readonly number[]): string {
    return this.constant(from, tensorOf("int64", [values.length], values));
  }

  /** A scalar of the element type of the graph's weights, float32 unless told. */
  scalar(from: Node, value: number, type: ElementType = "float32"): string {
    const exact = type === "string" || type === "float16" || type === "bfloat16" ? "float32" : type;
    return this.constant(from, tensorOf(exact, [], [value]));
  }

  constant(from: Node, value: Tensor): string {
    const name = this.#unique(`${from.name}/constant`);
    this.#initializers.set(name, value);
    return name;
  }

  /** The constant that a value is, if it is one. */
  constantOf(name: string | undefined): Tensor | undefined {
    return name === undefined ? undefined : this.#initializers.get(name);
  }

  build(): Graph {
    return { ...this.#graph, nodes: this.#nodes, initializers: this.#initializers };
  }

  #unique(hint: string): string {
    let name = hint;
    for (let i = 1; this.#names.has(name); i++) name = `${hint}_${i}`;
    this.#names.add(name);
    return name;
  }
}

function withoutTrailingGaps(inputs: readonly string[]): readonly string[] {
  const last = inputs.findLastIndex((input) => input !== "");
  return inputs.slice(0, last + 1);
}
