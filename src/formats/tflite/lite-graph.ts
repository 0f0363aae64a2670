/** @file A model of TensorFlow Lite as a description of TensorFlow. */
import type { Tensor } from "../../graph/tensor.ts";
import { shownText } from "../../wording/shown-text.ts";
import type { InputReference, TensorflowDescription } from "../tensorflow/description.ts";
import { badTflite } from "./bad-tflite.ts";
import { graphType, type LiteModel, type LiteOperator } from "./lite-model.ts";
import { liteRows } from "./lite-operators.ts";
import { LiteNodes, LiteOperation } from "./lite-writer.ts";

/** The nodes of a model, their numbers, and what comes of them. */
export interface LiteDescription {
  readonly description: TensorflowDescription;
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly outputs: readonly InputReference[];
}

/** Throws `bad-file`, with names of operators and tensors, for what is not known. */
export function describeLite(model: LiteModel): LiteDescription {
  const nodes = new LiteNodes(model);
  for (const index of model.inputs) {
    const tensor = nodes.tensor(index);
    // Converters write a batch of one where more may come.
    const [batch, ...rest] = tensor.signature;
    const shape = batch === 1 && rest.length > 0 ? [-1, ...rest] : tensor.signature;
    const input = nodes.node(tensor.name, "Placeholder", [], {
      dtype: { kind: "type", value: graphType(tensor) },
      shape: { kind: "shape", value: shape },
    });
    nodes.place(index, input);
  }
  for (const operator of model.operators) write(nodes, operator);
  return {
    description: { nodes: nodes.nodes, functions: new Map() },
    weights: nodes.weights,
    outputs: model.outputs.map((index) => nodes.source(index)),
  };
}

function write(nodes: LiteNodes, operator: LiteOperator): void {
  const o = new LiteOperation(operator, nodes);
  const row = Object.hasOwn(liteRows, o.builtin) ? liteRows[o.builtin] : undefined;
  if (!row) {
    throw badTflite(
      `operators must be ones that are known, got ${o.builtin} at "${shownText(o.name)}"`,
      "export the part before it alone",
    );
  }
  const { node } = row(o);
  for (const [output, index] of operator.outputs.entries()) nodes.place(index, { node, output });
}
