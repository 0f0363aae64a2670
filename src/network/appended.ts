/** @file Nodes and constants that are put behind an output. */
import { nodeOf } from "../graph/added-nodes.ts";
import type { Attribute, Graph, Node } from "../graph/graph.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";

/** Nodes and constants behind an output, whose values have names that say what they are. */
export class Appended {
  readonly #of: string;
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();

  constructor(output: string) {
    this.#of = output;
  }

  node(
    operator: string,
    inputs: readonly string[],
    what: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = this.#name(what);
    this.#nodes.push(nodeOf(operator, inputs, name, attributes));
    return name;
  }

  numbers(what: string, dims: readonly number[], values: readonly number[]): string {
    const name = this.#name(what);
    this.#constants.set(name, tensorOf("float32", dims, values));
    return name;
  }

  whole(
    what: string,
    values: readonly number[],
    dims: readonly number[] = [values.length],
  ): string {
    const name = this.#name(what);
    this.#constants.set(name, tensorOf("int64", dims, values));
    return name;
  }

  /** The graph with all of them behind it. */
  behind(graph: Graph): Graph {
    return {
      ...graph,
      nodes: [...graph.nodes, ...this.#nodes],
      initializers: new Map([...graph.initializers, ...this.#constants]),
    };
  }

  #name(what: string): string {
    return `${this.#of}, ${what}`;
  }
}
