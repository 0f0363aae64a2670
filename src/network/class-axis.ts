/** @file Which axis of a map holds its classes: as the operators before it have their channels. */
import { AttributeReader } from "../graph/attributes.ts";
import { producers, type Graph, type Node } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import type { Head } from "./head.ts";

/** Operators beside the element by element ones that leave each axis where it is. */
const keepsAxes: ReadonlySet<string> = new Set(
  "Cast Concat DequantizeLinear Max Mean Min Neg Pad Pow QuantizeLinear Resize Slice Split Sum Where".split(
    " ",
  ),
);

/**
 * The axis of the channels of a value of rank 4, by the last operator before it that has channels on one: convolutions,
 * pools and normalisations on axis 1, products with weights on the last one; transpositions are followed. Undefined where
 * none tells.
 */
export function classAxisTold(graph: Graph, value: string): number | undefined {
  const makers = producers(graph);
  const turns: (readonly number[])[] = [];
  let node = makers.get(value);
  while (node) {
    const axis = ownAxis(graph, node);
    if (axis !== undefined) {
      return turns.reduceRight((at, order) => order.indexOf(at), axis);
    }
    if (node.operator === "Transpose") {
      turns.push(new AttributeReader(node).ints("perm", [3, 2, 1, 0]));
    } else if (!leavesAxes(node)) {
      return undefined;
    }
    node = node.inputs.map((name) => makers.get(name)).find((maker) => maker !== undefined);
  }
  return undefined;
}

/** The axis of the classes of a map of rank 4: as its activation has it, or the operators before it; else as the input's. */
export function mapClassAxis(
  graph: Graph,
  { classAxis, logits }: Pick<Head, "classAxis" | "logits">,
  isInputChannelsLast: boolean,
): number {
  if (classAxis === undefined) return classAxisTold(graph, logits) ?? (isInputChannelsLast ? 3 : 1);
  return classAxis < 0 ? classAxis + 4 : classAxis;
}

function ownAxis(graph: Graph, node: Node): number | undefined {
  if (hasTrait(node, "channelsFirst")) return 1;
  const isDense =
    node.operator === "MatMul" && graph.initializers.get(node.inputs[1]!)?.dims.length === 2;
  return isDense ? 3 : undefined;
}

function leavesAxes(node: Node): boolean {
  return hasTrait(node, "elementwise") || hasTrait(node, "inPlace") || keepsAxes.has(node.operator);
}
