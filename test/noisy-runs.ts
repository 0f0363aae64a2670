/** @file A process of its own, whose output a test reads: provokes errors that ONNX Runtime likes to print. */
import { LimpidError } from "../src/errors.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensorOf } from "../src/graph/tensor.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { createWebRuntime } from "../src/runtime/onnxruntime-web.ts";

const b = new GraphBuilder();
b.output(b.op("Gather", [b.input("x", [2]), b.input("i", [1], "int64")]));
const graph = b.build();
const feeds = { x: tensorOf("float32", [2], [1, 2]), i: tensorOf("int64", [1], [7]) };

for (const runtime of [createNodeRuntime(), await createWebRuntime()]) {
  try {
    await runtime.run(graph, feeds);
  } catch (error) {
    const code = error instanceof LimpidError ? error.code : String(error);
    process.stdout.write(`${runtime.name}: ${code}\n`);
  }
}
