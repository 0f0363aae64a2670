/** @file The end of a classifier: where its logits are, and which activation function makes probabilities of them. */
import { LimpidError } from "../errors.ts";
import { producers, type Graph, type Node } from "./graph.ts";

/** The end of a network. */
export interface Head {
  /** Value that is explained: the logits, or the output as it is. */
  readonly logits: string;
  /** What turns `logits` into probabilities: the network's own last node, or what is assumed. */
  readonly activation: "softmax" | "sigmoid";
  /** True if the network itself ends in that activation and it was taken off. */
  readonly stripped: boolean;
}

/** Operators that only change the shape. */
const shapeOnly = new Set([
  "Flatten",
  "Identity",
  "Reshape",
  "Squeeze",
  "Unsqueeze",
  "Cast",
  "Dropout",
]);

/**
 * The head of a network: a final Softmax or Sigmoid is taken off, also behind operators that only
 * change the shape, unless `keep` says otherwise. Of several outputs the last that ends in one is
 * meant, else the last output.
 */
export function headOf(graph: Graph, keep = false): Head {
  const makers = producers(graph);
  const names = graph.outputs.map((output) => output.name);
  const output = names.findLast((name) => finalActivation(makers, name)) ?? names.at(-1);
  if (output === undefined) {
    throw new LimpidError(
      "bad-file",
      `model: the network must have an output, got none. export it again.`,
    );
  }
  const node = finalActivation(makers, output);
  if (!node) return { logits: output, activation: "softmax", stripped: false };
  const activation = node.operator === "Sigmoid" ? "sigmoid" : "softmax";
  if (keep) return { logits: output, activation, stripped: false };
  return { logits: node.inputs[0]!, activation, stripped: true };
}

function finalActivation(makers: ReadonlyMap<string, Node>, output: string): Node | undefined {
  let node = makers.get(output);
  while (node && shapeOnly.has(node.operator)) node = makers.get(node.inputs[0]!);
  return node && ["Softmax", "LogSoftmax", "Sigmoid"].includes(node.operator) ? node : undefined;
}
