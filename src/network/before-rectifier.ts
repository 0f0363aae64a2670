/** @file Where a channel's number stands before a rectifier makes nothing of all that is below 0. */
import { AttributeReader } from "../graph/attributes.ts";
import { producers, type Graph } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import { isRectifier } from "../graph/rectifiers.ts";

/** A channel of a value [N, C, ...]. */
export interface ChannelPlace {
  readonly value: string;
  readonly channel: number;
}

/** Steps over concatenations, pools and what else leaves a channel's sign alone. */
const mostSteps = 12;

/**
 * The channel that a rectifier (ReLU, ReLU6) turns into this one, also through pools, concatenations and local response
 * normalisation; undefined where none does. `layer` is [N, C, ...] in a traced graph.
 */
export function beforeRectifier(
  graph: Graph,
  layer: string,
  channel: number,
): ChannelPlace | undefined {
  const makers = producers(graph);
  let at: ChannelPlace | undefined = { value: layer, channel };
  for (let step = 0; step < mostSteps && at; step++) {
    const node = makers.get(at.value);
    if (!node) return undefined;
    if (isRectifier(node, graph.initializers))
      return { value: node.inputs[0]!, channel: at.channel };
    const isSame = hasTrait(node, "pool") || ["Identity", "Dropout", "LRN"].includes(node.operator);
    if (isSame) at = { value: node.inputs[0]!, channel: at.channel };
    else if (node.operator === "Concat" && new AttributeReader(node).int("axis", 1) === 1)
      at = inputOf(graph, node.inputs, at.channel);
    else return undefined;
  }
  return undefined;
}

/** The one of concatenated values that holds a channel. */
function inputOf(
  graph: Graph,
  inputs: readonly string[],
  channel: number,
): ChannelPlace | undefined {
  let left = channel;
  for (const value of inputs) {
    const count = graph.shapes.get(value)?.dims[1];
    if (count === undefined) return undefined;
    if (left < count) return { value, channel: left };
    left -= count;
  }
  return undefined;
}
