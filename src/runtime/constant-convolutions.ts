/** @file Which graphs gain from ONNX Runtime's blocked layout. */
import { valuesRead } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";

/**
 * Whether a convolution's weights do not depend on what is fed, so that it runs in blocks. Where none does, as in a
 * training step, pools alone would: what they read would be kept twice from the forward pass to the backward pass, a
 * tenth of the memory of a step of cats-dogs, which takes a twelfth more time so.
 */
export function hasConstantConvolution(graph: Graph): boolean {
  const fed = new Set(graph.inputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    const isConvolution = node.operator === "Conv" || node.operator === "FusedConv";
    if (isConvolution && !fed.has(node.inputs[1]!)) return true;
    if (valuesRead(node).some((name) => fed.has(name))) {
      for (const name of node.outputs) fed.add(name);
    }
  }
  return false;
}
