/** @file The end of a classifier: where its logits are, and which activation function makes probabilities of them. */
import { operatorsWith } from "../graph/operators.ts";
import { LimpidError } from "../errors.ts";
import { nodesBefore } from "../graph/edit.ts";
import { producers, type Graph, type Node, type ValueInfo } from "../graph/graph.ts";

/** The end of a network. */
export interface Head {
  /** The output that holds the classes. */
  readonly output: string;
  /** What the network's final activation reads; the output itself if there is none. */
  readonly logits: string;
  /** The final activation of the network itself. */
  readonly activation: "softmax" | "sigmoid" | undefined;
}

type Producers = ReadonlyMap<string, Node>;

/**
 * The head of a network, a final softmax or sigmoid found also behind operators that only change the
 * shape. Of several outputs the floating one that most nodes lead to is meant, the first of equals: an
 * auxiliary classifier, logits beside their softmax and features all lie before it. Throws `bad-file`
 * if there is no floating output.
 */
export function headOf(graph: Graph): Head {
  const makers = producers(graph);
  const output = classOutput(graph);
  let node = makers.get(output);
  while (node && operatorsWith("shapeOnly").has(node.operator)) node = makers.get(node.inputs[0]!);
  if (node?.domain !== "") return { output, logits: output, activation: undefined };
  if (node.operator === "Softmax" || node.operator === "LogSoftmax") {
    return { output, logits: node.inputs[0]!, activation: "softmax" };
  }
  if (node.operator === "Sigmoid") {
    return { output, logits: node.inputs[0]!, activation: "sigmoid" };
  }
  const logits = writtenOutSoftmax(makers, node);
  return { output, logits: logits ?? output, activation: logits ? "softmax" : undefined };
}

/** What exp(x) / sum(exp(x)) is computed of, also if the largest x is taken off first. */
function writtenOutSoftmax(makers: Producers, node: Node): string | undefined {
  if (node.operator !== "Div") return undefined;
  const [above, below] = node.inputs.map((input) => makers.get(input));
  if (above?.operator !== "Exp" || below?.operator !== "ReduceSum") return undefined;
  if (below.inputs[0] !== above.outputs[0]) return undefined;
  const exponent = makers.get(above.inputs[0]!);
  const largest = exponent?.operator === "Sub" && makers.get(exponent.inputs[1]!);
  const isShifted =
    largest && largest.operator === "ReduceMax" && largest.inputs[0] === exponent.inputs[0];
  return isShifted ? exponent.inputs[0] : above.inputs[0];
}

function classOutput(graph: Graph): string {
  const floating = graph.outputs.filter(isFloating);
  const [first] = floating;
  if (!first) {
    const found = graph.outputs.map((output) => `"${output.name}" ${output.type}`).join(", ");
    throw new LimpidError(
      "bad-file",
      `model: the network must have an output of floating numbers, got ${found || "none"}. export it with its logits.`,
    );
  }
  if (floating.length === 1) return first.name;
  const depths = floating.map(({ name }) => nodesBefore(graph, name).size);
  return floating[depths.indexOf(Math.max(...depths))]!.name;
}

function isFloating({ type }: ValueInfo): boolean {
  return type === undefined || /^b?float/.test(type);
}
