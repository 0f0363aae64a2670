/** @file Bounded activations as something that can be maximised: what has reached its bound has no gradient. */
import type { Graph, Node } from "../graph/graph.ts";
import { toNumbers } from "../graph/tensor.ts";

/**
 * The network with ReLU6 turned into ReLU where it gives one of the layers: the order of pictures stays,
 * and what has reached the bound at every place still says which way is up.
 */
export function withoutCeiling(network: Graph, layers: readonly string[]): Graph {
  const nodes = network.nodes.map((node): Node =>
    layers.includes(node.outputs[0]!) && hasFloor(node, network)
      ? { ...node, operator: "Relu", inputs: [node.inputs[0]!], attributes: {} }
      : node,
  );
  return { ...network, nodes };
}

/** Whether a node is a `Clip` from 0 on. */
function hasFloor({ operator, inputs }: Node, network: Graph): boolean {
  const floor = network.initializers.get(inputs[1] ?? "");
  return operator === "Clip" && floor !== undefined && toNumbers(floor)[0] === 0;
}
