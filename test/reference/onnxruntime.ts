/** @file Runs a graph once in float32 on onnxruntime-node. */
import type { Graph } from "../../src/graph/graph.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import type { Feeds } from "./interpreter.ts";
import { fromTensor, toTensor, type NdArray } from "./ndarray.ts";

const runtime = createNodeRuntime({ threads: 1 });

/** The outputs of a graph. Throws what ONNX Runtime throws. */
export async function runOnnxRuntime(graph: Graph, feeds: Feeds): Promise<Record<string, NdArray>> {
  const session = await runtime.open(graph, { optimization: "none" });
  try {
    const tensors = Object.entries(feeds).map(([name, array]) => [name, toTensor(array)] as const);
    const results = await session.run(Object.fromEntries(tensors));
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, fromTensor(tensor)]),
    );
  } finally {
    await session.release();
  }
}
