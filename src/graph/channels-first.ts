/** @file Networks that take their pictures channels last, as TensorFlow's do, made to take them channels first. */
import type { Dimension, Graph, Node } from "./graph.ts";
import { inputLayout } from "./input-layout.ts";

/**
 * The graph with an input [N, C, H, W] instead of [N, H, W, C], under a name of its own: a Transpose
 * leads to the input that was. Every other graph is returned as it is. See `inputLayout`.
 */
export function channelsFirst(graph: Graph): Graph {
  const [input] = graph.inputs;
  if (!input || inputLayout(graph)?.channels !== "last") return graph;
  const [n, h, w, c] = input.dims ?? (["N", "H", "W", "C"] satisfies readonly Dimension[]);
  const name = `${input.name}/channels-first`;
  const transpose: Node = {
    name: `${input.name}/channels-last`,
    operator: "Transpose",
    domain: "",
    inputs: [name],
    outputs: [input.name],
    attributes: { perm: { kind: "ints", value: [0, 2, 3, 1] } },
  };
  const inputs = [{ ...input, name, dims: [n!, c!, h!, w!] }];
  return { ...graph, inputs, nodes: [transpose, ...graph.nodes], shapes: new Map() };
}
