import { expect, test } from "vitest";
import { differentiate } from "../autodiff/differentiate.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { execute, graphOf, node } from "../../test/node-lines.ts";
import { withShortStrides } from "./short-strides.ts";
import { tensorOf, toNumbers, zeros } from "./tensor.ts";
import { trace } from "./trace.ts";

const runtime = createNodeRuntime({ threads: 1 });
const picture = tensorOf(
  "float32",
  [1, 3, 8, 8],
  Array.from({ length: 192 }, (_, i) => (i * 37) % 50),
);

/** The gradient of the sum of a pool, or of a convolution with ones, whose one window starts at the first pixel. */
async function gradient(operator: string, stride: number): Promise<readonly number[]> {
  const attributes = { strides: [stride, stride], kernel_shape: [5, 5] };
  const isConv = operator === "Conv";
  const w = tensorOf("float32", [1, 3, 5, 5], Array<number>(75).fill(1));
  const line = `y = ${operator}(x${isConv ? ", w" : ""})`;
  const graph = graphOf([node(line, attributes)], isConv ? { w } : {});
  const traced = withShortStrides(await trace(graph, { x: picture }, execute));
  const built = differentiate(traced, { of: "y", wrt: ["x"] });
  const results = await runtime.run(built.graph, { x: picture });
  return toNumbers(results[built.gradients.get("x")!]!);
}

test.each(["MaxPool", "AveragePool", "Conv"])(
  "the gradient of a %s with an endless stride is that of one that leads just beyond the end",
  async (operator) => {
    expect(await gradient(operator, 2 ** 31 - 1)).toEqual(await gradient(operator, 8));
  },
);

test("strides that are taken, and usual ones, stay", async () => {
  const graph = graphOf([node("y = MaxPool(x)", { kernel_shape: [1, 1], strides: [9, 9] })]);
  const traced = await trace(graph, { x: zeros("float32", [1, 3, 8, 8]) }, execute);
  expect(withShortStrides(traced)).toBe(traced);
});
