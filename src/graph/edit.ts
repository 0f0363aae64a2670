/** @file Cuts: the part of a graph that computes given values, from its inputs or from values inside it. */
import { LimpidError } from "../errors.ts";
import type { Graph, Node, ValueInfo } from "./graph.ts";

export interface CutOptions {
  /** Values that become graph outputs, in this order. */
  readonly outputs: readonly string[];
  /** Values that become graph inputs; what only they depended on is dropped. */
  readonly inputs?: readonly string[];
}

/**
 * The smallest graph that computes `outputs`, with only the inputs, nodes and initializers they need.
 * Throws `unknown-layer` if a name is not a value of the graph.
 */
export function cut(graph: Graph, options: CutOptions): Graph {
  const isCut = new Set(options.inputs);
  const known = new Map([...graph.inputs, ...graph.outputs].map((info) => [info.name, info]));
  const wanted = new Set(options.outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => wanted.has(output) && !isCut.has(output))) continue;
    for (const input of valuesRead(node)) wanted.add(input);
    nodes.push(node);
  }
  nodes.reverse();
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const describe = (name: string): ValueInfo => {
    const shape = graph.shapes.get(name) ?? graph.initializers.get(name);
    return shape
      ? { name, type: shape.type, dims: shape.dims }
      : (known.get(name) ?? { name, type: undefined, dims: undefined });
  };
  const inputs = [
    ...graph.inputs.filter((input) => wanted.has(input.name) && !isCut.has(input.name)),
    ...[...isCut].filter((name) => wanted.has(name)).map(describe),
  ];
  const initializers = new Map(
    [...graph.initializers].filter(([name]) => wanted.has(name) && !isCut.has(name)),
  );
  for (const name of options.outputs) {
    const exists = made.has(name) || initializers.has(name) || inputs.some((i) => i.name === name);
    if (!exists) {
      throw new LimpidError(
        "unknown-layer",
        `cut: the graph must have a value "${name}", got none.`,
      );
    }
  }
  const kept = new Set([...inputs.map((input) => input.name), ...made]);
  const shapes = new Map([...graph.shapes].filter(([name]) => kept.has(name)));
  return { ...graph, inputs, outputs: options.outputs.map(describe), nodes, initializers, shapes };
}

/** The nodes that a value is computed by, the last first. */
export function nodesBefore(graph: Graph, value: string): ReadonlySet<Node> {
  const wanted = new Set([value]);
  const found = new Set<Node>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    for (const input of valuesRead(node)) wanted.add(input);
    found.add(node);
  }
  return found;
}

/** The values that a node reads, those that its subgraphs capture included. */
export function valuesRead(node: Node): string[] {
  const names = node.inputs.filter((input) => input !== "");
  for (const attribute of Object.values(node.attributes)) {
    if (attribute.kind === "graph")
      for (const each of capturedValues(attribute.value)) names.push(each);
  }
  return names;
}

/** The values of the enclosing graph that a subgraph reads. */
function capturedValues(subgraph: Graph): string[] {
  const own = new Set([
    ...subgraph.inputs.map((input) => input.name),
    ...subgraph.initializers.keys(),
    ...subgraph.nodes.flatMap((node) => node.outputs),
  ]);
  const read = [...subgraph.nodes.flatMap(valuesRead), ...subgraph.outputs.map((o) => o.name)];
  return [...new Set(read.filter((name) => !own.has(name)))];
}
