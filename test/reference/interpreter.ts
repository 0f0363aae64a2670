/** @file A float64 interpreter of graphs, slow and plain: what the fast runtimes are judged by. */
import { AttributeReader } from "../../src/graph/attributes.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { fromTensor, type NdArray } from "./ndarray.ts";
import type { OperatorTable } from "./operator.ts";
import { activations } from "./operators/activations.ts";
import { convolution } from "./operators/convolution.ts";
import { detection } from "./operators/detection.ts";
import { elementwise } from "./operators/elementwise.ts";
import { linearAlgebra } from "./operators/linear-algebra.ts";
import { movement } from "./operators/movement.ts";
import { normalization } from "./operators/normalization.ts";
import { pooling } from "./operators/pooling.ts";
import { quantization } from "./operators/quantization.ts";
import { random } from "./operators/random.ts";
import { reductions } from "./operators/reductions.ts";
import { resampling } from "./operators/resampling.ts";
import { softmax } from "./operators/softmax.ts";

/** Every operator that the interpreter knows. */
export const operators: OperatorTable = {
  ...activations,
  ...convolution,
  ...detection,
  ...elementwise,
  ...linearAlgebra,
  ...movement,
  ...normalization,
  ...pooling,
  ...quantization,
  ...random,
  ...reductions,
  ...resampling,
  ...softmax,
};

/** Arrays by value name. */
export type Feeds = Readonly<Record<string, NdArray>>;

/** The outputs of a graph. Throws if an input is not fed or an operator is not known. */
export function interpret(graph: Graph, feeds: Feeds): Record<string, NdArray> {
  const values = interpretValues(graph, feeds);
  return Object.fromEntries(
    graph.outputs.map(({ name }) => {
      const value = values.get(name);
      if (!value) throw new Error(`interpret: output "${name}" was not computed`);
      return [name, value];
    }),
  );
}

/** Every value of a graph: inputs, initializers and what its nodes compute. */
export function interpretValues(graph: Graph, feeds: Feeds): ReadonlyMap<string, NdArray> {
  const values = new Map<string, NdArray>();
  for (const [name, tensor] of graph.initializers) {
    if (tensor.type !== "string") values.set(name, fromTensor(tensor));
  }
  for (const [name, array] of Object.entries(feeds)) values.set(name, array);
  for (const node of graph.nodes) {
    const operator = node.domain === "" ? operators[node.operator] : undefined;
    if (!operator) throw new Error(`interpret: ${node.domain}${node.operator} is not known`);
    const inputs = node.inputs.map((name) => {
      if (name === "") return undefined;
      const value = values.get(name);
      if (!value) throw new Error(`interpret: "${name}" of "${node.name}" has no value`);
      return value;
    });
    const outputs = operator(inputs, new AttributeReader(node), node);
    for (const [i, name] of node.outputs.entries()) {
      if (name === "") continue;
      const output = outputs[i];
      if (!output) throw new Error(`interpret: ${node.operator} gave no output ${i}`);
      values.set(name, output);
    }
  }
  return values;
}
