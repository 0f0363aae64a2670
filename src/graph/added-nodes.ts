/** @file Nodes of one output that are put before a graph, or behind it. */
import type { Attribute, Graph, Node, ValueInfo } from "./graph.ts";
import { tensorOf, type Tensor } from "./tensor.ts";

/** Nodes that are added to a graph, with their constants. */
export interface AddedNodes {
  readonly nodes: Node[];
  readonly constants: Map<string, Tensor>;
}

/** A value of one row for each picture. */
export function spread(
  before: AddedNodes,
  {
    picture,
    held,
    to,
    rank,
  }: {
    readonly picture: string;
    readonly held: string;
    readonly to: string;
    readonly rank: number;
  },
): void {
  const [batch, sizes] = [`${to}/batch`, `${to}/sizes`];
  before.nodes.push(nodeOf("Shape", [picture], batch, { start: int(0), end: int(1) }));
  if (rank > 1) {
    const ones = constant(before, `${to}/ones`, Array(rank - 1).fill(1));
    before.nodes.push(nodeOf("Concat", [batch, ones], sizes, { axis: int(0) }));
  }
  before.nodes.push(nodeOf("Expand", [held, rank > 1 ? sizes : batch], to));
}

/** The graph behind the nodes, with other inputs. */
export function prefixed(
  graph: Graph,
  { nodes, constants }: AddedNodes,
  inputs: readonly ValueInfo[],
): Graph {
  return {
    ...graph,
    inputs,
    nodes: [...nodes, ...graph.nodes],
    initializers: new Map([...graph.initializers, ...constants]),
    shapes: new Map(),
  };
}

/** Whole numbers under a name of their own. */
export function constant(
  { constants }: Pick<AddedNodes, "constants">,
  name: string,
  numbers: readonly number[],
): string {
  constants.set(name, tensorOf("int64", [numbers.length], numbers));
  return name;
}

function int(value: number): Attribute {
  return { kind: "int", value };
}

/** A node of one output. */
export function nodeOf(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Node {
  return { name: output, operator, domain: "", inputs, outputs: [output], attributes };
}
