/** @file Networks that take grey pictures without an axis of channels, made to take them with one. */
import type { Graph, Node, ValueInfo } from "./graph.ts";

/**
 * The graph with an input [N, 1, H, W] instead of its only one of [N, H, W], under a name of its own: a Squeeze leads to
 * the input that was. Networks of digits often flatten their pictures so. Every other graph is returned as it is.
 */
export function withGreyChannel(graph: Graph): Graph {
  const [input, ...others] = graph.inputs;
  if (!input || others.length > 0 || !isGrey(input)) return graph;
  const name = `${input.name}/grey`;
  const axes = `${name}/axis`;
  const [n, h, w] = input.dims!;
  const squeeze: Node = {
    name: `${name}/squeezed`,
    operator: "Squeeze",
    domain: "",
    inputs: [name, axes],
    outputs: [input.name],
    attributes: {},
  };
  return {
    ...graph,
    inputs: [{ ...input, name, dims: [n!, 1, h!, w!] }],
    nodes: [squeeze, ...graph.nodes],
    initializers: new Map([
      ...graph.initializers,
      [axes, { type: "int64", dims: [1], data: BigInt64Array.of(1n) }],
    ]),
    shapes: new Map(),
  };
}

/** Sizes that are not 3, since [3, H, W] is a colour picture without a batch, and [H, W, 3] too. */
function isGrey({ type, dims }: ValueInfo): boolean {
  const isFloat = type === undefined || type === "float32";
  return isFloat && dims?.length === 3 && dims[0] !== 3 && dims[2] !== 3;
}
