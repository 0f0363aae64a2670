/** @file The part of a network that only prepares its input: scalings, orders of colours and sizes, before the first layer. */
import { hasTrait } from "./operators.ts";
import type { Graph, Node } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** Operators that prepare a picture by constants or move its numbers. */
export const preparing: ReadonlySet<string> = new Set(
  "Add BatchNormalization Cast Concat Div Gather Identity Mul Neg Resize Slice Split Squeeze Sub Sum Transpose Unsqueeze".split(
    " ",
  ),
);

/** Operators that tell of a value's shape and not of its numbers. */
const measuring: ReadonlySet<string> = new Set(["Shape", "Size"]);

/**
 * The value that the first layers of a network read: the input's own name where nothing prepares it, and where layers
 * read several values of which one is made of the other.
 */
export function preparedInput(graph: Graph): string {
  const [input] = graph.inputs;
  const prepared = new Set([input!.name]);
  const ofPicture = new Set([input!.name]);
  const read = new Set<string>();
  for (const node of graph.nodes) {
    if (!node.inputs.some((name) => ofPicture.has(name)) || measuring.has(node.operator)) continue;
    const isPreparing = prepares(graph, node, prepared, ofPicture);
    for (const name of node.inputs) if (!isPreparing && prepared.has(name)) read.add(name);
    for (const name of node.outputs) {
      ofPicture.add(name);
      if (isPreparing) prepared.add(name);
    }
  }
  const [only] = read;
  return read.size === 1 ? only! : input!.name;
}

function prepares(
  graph: Graph,
  node: Node,
  prepared: ReadonlySet<string>,
  ofPicture: ReadonlySet<string>,
): boolean {
  const pictures = node.inputs.filter((name) => ofPicture.has(name));
  if (node.domain !== "" || !pictures.every((name) => prepared.has(name))) return false;
  if (node.operator === "Conv") return scalesChannels(graph.initializers.get(node.inputs[1] ?? ""));
  const isAlone = pictures.length === 1 || node.operator === "Concat" || hasTrait(node, "moves");
  // Bounds of pictures: within them it is a line.
  return (preparing.has(node.operator) || node.operator === "Clip") && isAlone;
}

/** Weights [C, 1, 1, 1] or [C, C, 1, 1] with one number other than 0 a row, for at most three channels. */
function scalesChannels(weights: Tensor | undefined): boolean {
  const [outputs = 0, inputs = 0, height, width] = weights?.dims ?? [];
  if (!weights || height !== 1 || width !== 1 || outputs > 3) return false;
  if (inputs !== 1 && inputs !== outputs) return false;
  const numbers = Array.from(weights.data as ArrayLike<number>, Number);
  return Array.from({ length: outputs }).every(
    (_, row) => numbers.slice(row * inputs, (row + 1) * inputs).filter((x) => x !== 0).length === 1,
  );
}
