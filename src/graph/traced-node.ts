/** @file What rules see of a node in a traced graph. */
import { AttributeReader } from "./attributes.ts";
import type { Graph, Node } from "./graph.ts";
import { toNumbers } from "./tensor.ts";

/** A node of a traced graph with its attributes, the sizes of values and the numbers of constants. */
export class TracedNode extends AttributeReader {
  readonly node: Node;
  readonly #graph: Graph;

  constructor(graph: Graph, node: Node) {
    super(node);
    this.node = node;
    this.#graph = graph;
  }

  /** Sizes of a value; undefined for one that is no tensor. */
  dimsOf(name: string): readonly number[] | undefined {
    return (this.#graph.shapes.get(name) ?? this.#graph.initializers.get(name))?.dims;
  }

  in(i: number): readonly number[] {
    return this.dimsOf(this.node.inputs[i] ?? "") ?? [];
  }

  /** The numbers of input `i`, if it is a constant. */
  constant(i: number): readonly number[] | undefined {
    const known = this.#graph.initializers.get(this.node.inputs[i] ?? "");
    return known && toNumbers(known);
  }
}
