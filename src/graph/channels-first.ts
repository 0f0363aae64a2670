/** @file Networks that take their pictures channels last, as TensorFlow's do, made to take them channels first. */
import type { Dimension, Graph, Node, ValueInfo } from "./graph.ts";

/**
 * The graph with an input [N, C, H, W] instead of [N, H, W, C], under a name of its own: a Transpose
 * leads to the input that was. Every other graph is returned as it is.
 */
export function channelsFirst(graph: Graph): Graph {
  const [input, ...others] = graph.inputs;
  if (!input || others.length > 0 || !isChannelsLast(input)) return graph;
  const [n, h, w, c] = input.dims as readonly [Dimension, Dimension, Dimension, Dimension];
  const name = `${input.name}/channels-first`;
  const transpose: Node = {
    name: `${input.name}/channels-last`,
    operator: "Transpose",
    domain: "",
    inputs: [name],
    outputs: [input.name],
    attributes: { perm: { kind: "ints", value: [0, 2, 3, 1] } },
  };
  const inputs = [{ ...input, name, dims: [n, c, h, w] }];
  return { ...graph, inputs, nodes: [transpose, ...graph.nodes], shapes: new Map() };
}

function isChannelsLast({ dims }: ValueInfo): boolean {
  if (dims?.length !== 4) return false;
  const isColour = (dim: Dimension | undefined) => dim === 1 || dim === 3;
  return isColour(dims[3]) && !isColour(dims[1]);
}
