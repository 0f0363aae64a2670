/** @file Whether an opened graph computes what TensorFlow.js does, whose axes are in another order. */
import { expect } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import { elementCount, tensor, type Tensor } from "../../src/graph/tensor.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { createReferenceRuntime } from "../reference/reference-runtime.ts";
import type { Numbers } from "./oracle.ts";

/** The one that people have, and plain arithmetic, which is faster where networks are small and many. */
const runtimes = { node: createNodeRuntime(), plain: createReferenceRuntime() } as const;

/** [N, ..., C] as [N, C, ...]. */
function channelsFirst({ dims, data }: Numbers): Tensor<"float32"> {
  if (dims.length < 4) return tensor("float32", dims, data);
  const [n = 1, ...inner] = dims;
  const channels = inner.at(-1)!;
  const places = elementCount(inner.slice(0, -1));
  const turned = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const [channel, place] = [i % channels, Math.floor(i / channels)];
    const [image, at] = [Math.floor(place / places), place % places];
    turned[(image * channels + channel) * places + at] = data[i]!;
  }
  return tensor("float32", [n, channels, ...inner.slice(0, -1)], turned);
}

/** Maps that come of a Reshape may be given as their maker has them. */
function inOrderOf(dims: readonly number[], wanted: Numbers): Numbers {
  const turned = channelsFirst(wanted);
  return turned.dims.every((dim, axis) => dim === dims[axis]) ? turned : wanted;
}

/** Each output must be within 1e-4 of the largest of its numbers, or of 1. */
export async function expectAs(
  graph: Graph,
  inputs: readonly Numbers[],
  wanted: readonly Numbers[],
  runtime: keyof typeof runtimes = "node",
): Promise<void> {
  const fed = graph.inputs.map(({ name }, i) => [name, channelsFirst(inputs[i]!)] as const);
  const got = await runtimes[runtime].run(graph, Object.fromEntries(fed));
  for (const [i, { name }] of graph.outputs.entries()) {
    const output = got[name]! as Tensor<"float32">;
    const expected = inOrderOf(output.dims, wanted[i]!);
    expect(output.dims).toEqual(expected.dims);
    const size = expected.data.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    const off = expected.data.reduce(
      (most, x, at) => Math.max(most, Math.abs(x - output.data[at]!)),
      0,
    );
    expect(off / size, `largest difference of "${name}"`).toBeLessThan(1e-4);
  }
}
