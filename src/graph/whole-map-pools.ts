/** @file Pools over a whole map whose windows a file writes as numbers, which ties the network to pictures of one size. */
import { AttributeReader } from "./attributes.ts";
import type { Graph, Node } from "./graph.ts";
import { elementCount } from "./tensor.ts";

const overAll: ReadonlyMap<string, string> = new Map([
  ["AveragePool", "GlobalAveragePool"],
  ["MaxPool", "GlobalMaxPool"],
]);

/** What the pools give whose one window is the whole map at the size that a graph is traced at. */
export function wholeMapPools(traced: Graph): ReadonlySet<string> {
  const isWhole = (node: Node) => {
    if (node.domain !== "" || !overAll.has(node.operator) || node.outputs.length > 1) return false;
    const window = new AttributeReader(node).ints("kernel_shape", []);
    const map = traced.shapes.get(node.inputs[0]!)?.dims.slice(2) ?? [];
    const made = traced.shapes.get(node.outputs[0]!)?.dims.slice(2) ?? [];
    return elementCount(map) > 1 && elementCount(made) === 1 && String(window) === String(map);
  };
  return new Set(traced.nodes.filter(isWhole).map(({ outputs }) => outputs[0]!));
}

/** A graph in which pools that give these values are over the whole map, however large it is; what they give of the size that they were written for stays. */
export function withWholeMapPools(graph: Graph, values: ReadonlySet<string>): Graph {
  const nodes = graph.nodes.map((node) => {
    const operator = values.has(node.outputs[0]!) ? overAll.get(node.operator) : undefined;
    return operator === undefined ? node : { ...node, operator, attributes: {} };
  });
  return { ...graph, nodes };
}
