/** @file Whatever a stranger writes into a node, a network of it is refused in words or computed as the file says. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differentiate } from "../src/autodiff/differentiate.ts";
import { LimpidError } from "../src/errors.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import type { Graph } from "../src/graph/graph.ts";
import { tensorOf, toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { networkOf, oddNodes } from "./odd-nodes.ts";

const runtime = createNodeRuntime({ threads: 1 });
const picture = tensorOf(
  "float32",
  [1, 3, 8, 8],
  Array.from({ length: 192 }, (_, i) => (i % 7) / 3 - 1),
);

async function numbersOf(graph: Graph, name: string): Promise<readonly number[]> {
  const session = await runtime.open(graph, { optimization: "none" });
  try {
    const results = await session.run({ x: picture }, { outputs: [name] });
    return toNumbers(results[name]!);
  } finally {
    await session.release();
  }
}

/** Undefined for a refusal in words. */
async function orRefused<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    expect(error).toBeInstanceOf(LimpidError);
    expect(error).not.toMatchObject({ code: "internal" });
    expect((error as LimpidError).message.length).toBeLessThan(4100);
    return undefined;
  }
}

test("odd nodes are refused in words, or computed as the file says", async () => {
  await fc.assert(
    fc.asyncProperty(oddNodes, async (odd) => {
      const network = await orRefused(() => decodeOnnx(encodeOnnx(networkOf(odd)).bytes));
      if (!network) return;
      const model = new Model(network, runtime);
      const traced = await orRefused(() => model.whole(model.inputDims()));
      if (!traced) return;
      if (odd.operator !== "RandomNormal") {
        expect(await numbersOf(traced, "logits")).toEqual(await numbersOf(network, "logits"));
      }
      const graph = await orRefused(
        () => differentiate(traced, { of: "logits", wrt: ["x"] }).graph,
      );
      if (graph) await orRefused(() => numbersOf(graph, graph.outputs.at(-1)!.name));
    }),
    { numRuns: 400 },
  );
});
