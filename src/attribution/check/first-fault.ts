/** @file Which node's gradient is wrong, where that of the whole network is. */
import { isFailure } from "../../errors.ts";
import { valuesRead } from "../../graph/edit.ts";
import type { Graph, Node } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { checkDerivative } from "./derivative-check.ts";
import type { ProbeRequest } from "./gradient-probe.ts";
import { nodesBetween } from "./nodes-between.ts";
import type { PlainNetwork } from "./plain-network.ts";

/**
 * The node nearest to the score whose gradient differs from the network's own differences. Every value is taken for a
 * variable of its own for each node that reads it, from the score backwards: of the first one whose slope is wrong, all
 * that is computed from it has right ones, so that the node which reads it is at fault. Undefined where none of them differs clearly by itself.
 */
export async function firstFault(
  plain: PlainNetwork,
  traced: Graph,
  picture: Tensor,
  request: ProbeRequest,
): Promise<Node | undefined> {
  const { held: _, ...own } = request;
  const path = nodesBetween(traced, request.value, plain.model.explained);
  const values = [...path.map(({ outputs }) => outputs[0]!), request.value];
  const differs = async (graph: Graph, value: string) => {
    try {
      return (
        (await checkDerivative(plain, graph, picture, { ...own, value })).verdict === "differs"
      );
    } catch (error) {
      // What compares or rounds passes no gradient on, of which nothing can be wrong.
      if (isFailure(error) && error.code !== "runtime") return false;
      throw error;
    }
  };
  for (const value of values.filter((name) => isFloat(traced, name))) {
    if (value === plain.model.explained) continue;
    const readers = path.filter((node) => valuesRead(node).includes(value));
    for (const reader of readers) {
      const { graph, copy } = withOwnCopy(traced, value, reader);
      if (await differs(graph, copy)) return reader;
    }
  }
  return undefined;
}

function isFloat(traced: Graph, name: string): boolean {
  return traced.shapes.get(name)?.type === "float32";
}

/** The graph in which one reader of a value reads a copy of it. */
function withOwnCopy(
  traced: Graph,
  value: string,
  reader: Node,
): { readonly graph: Graph; readonly copy: string } {
  const copy = `${value} for ${reader.name}`;
  const own: Node = {
    ...reader,
    inputs: reader.inputs.map((name) => (name === value ? copy : name)),
  };
  const copying: Node = {
    name: copy,
    operator: "Identity",
    domain: "",
    inputs: [value],
    outputs: [copy],
    attributes: {},
  };
  const nodes = traced.nodes.flatMap((node) => (node === reader ? [copying, own] : [node]));
  const shapes = new Map([...traced.shapes, [copy, traced.shapes.get(value)!]]);
  return { graph: { ...traced, nodes, shapes }, copy };
}
