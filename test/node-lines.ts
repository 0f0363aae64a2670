/** @file Small graphs whose nodes are lines of text, as strangers' files may have them. */
import { toAttributes, type AttributeInput } from "../src/graph/attributes.ts";
import type { Graph, Node } from "../src/graph/graph.ts";
import type { Execute } from "../src/graph/shape-probes.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";

const runtime = createNodeRuntime({ threads: 1 });

/** Runs a graph once. */
export const execute: Execute = async (graph, feeds) => {
  const session = await runtime.open(graph, { optimization: "none" });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
};

/** `"y = Operator(a, b)"`, with attributes. */
export function node(
  line: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
): Node {
  const [, outputs, operator, inputs] = /^(.*) = (\w+)\((.*)\)$/.exec(line)!;
  const list = (text: string) => (text === "" ? [] : text.split(", "));
  return {
    name: outputs!,
    operator: operator!,
    domain: "",
    inputs: list(inputs!),
    outputs: list(outputs!),
    attributes: toAttributes(attributes),
  };
}

/** Lists and single numbers. */
export const ints = (...values: readonly number[]) => tensorOf("int64", [values.length], values);
export const int = (value: number) => tensorOf("int64", [], [value]);
export const floats = (...values: readonly number[]) =>
  tensorOf("float32", [values.length], values);

/** A graph with the input x [1, 3, 8, 8], whose output is what the last node makes first. */
export function graphOf(
  nodes: readonly Node[],
  constants: Readonly<Record<string, Tensor>> = {},
): Graph {
  return {
    name: "odd",
    inputs: [{ name: "x", type: "float32", dims: [1, 3, 8, 8] }],
    outputs: [{ name: nodes.at(-1)!.outputs[0]!, type: undefined, dims: undefined }],
    nodes,
    initializers: new Map(Object.entries(constants)),
    shapes: new Map(),
    metadata: new Map(),
  };
}
