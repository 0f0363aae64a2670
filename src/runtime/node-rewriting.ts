/** @file What a node becomes for one provider: the nodes in its place, and what is known around it. */
import { toAttributes, type AttributeInput } from "../graph/attributes.ts";
import type { Dimension, Node } from "../graph/graph.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { freeName } from "../graph/free-name.ts";

/** Sizes that are known of a value, if any. */
export type Dims = readonly Dimension[] | undefined;

/** The graph around a node. */
export interface Surroundings {
  readonly dimsOf: (value: string) => Dims;
  readonly constantOf: (value: string) => Tensor | undefined;
  /** Constants of the new graph. */
  readonly constants: Map<string, Tensor>;
  /** Names that are taken. */
  readonly names: Set<string>;
}

/** Collects the nodes that come in a node's place. */
export class NodeRewriting {
  readonly node: Node;
  readonly around: Surroundings;
  readonly nodes: Node[] = [];

  constructor(node: Node, around: Surroundings) {
    this.node = node;
    this.around = around;
  }

  /** The sizes of an input, where all are known. */
  sizesOf(input: number): readonly number[] | undefined {
    const dims = this.around.dimsOf(this.node.inputs[input] ?? "");
    return dims?.every((dim) => typeof dim === "number") ? dims : undefined;
  }

  /** A new constant of whole numbers. */
  ints(values: readonly number[]): string {
    const name = this.name("constant");
    this.around.constants.set(name, tensorOf("int64", [values.length], values));
    return name;
  }

  /** Adds a node with one output, which has a name of its own by default. */
  op(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
    output?: string,
  ): string {
    const name = this.name(operator);
    const value = output ?? name;
    const node = { name, operator, domain: "", inputs, outputs: [value] };
    this.nodes.push({ ...node, attributes: toAttributes(attributes) });
    return value;
  }

  /** Adds the node itself, changed. */
  itself(changes: Partial<Node>): void {
    this.nodes.push({ ...this.node, ...changes });
  }

  /** A name that is not taken. */
  name(hint: string): string {
    const output = this.node.outputs.find((name) => name !== "") ?? this.node.name;
    return freeName(`${output}/${hint}`, this.around.names);
  }
}
