/** @file The convolution family: rules against central differences, the interpreter against ONNX Runtime. */
import { array, assert, asyncProperty, constantFrom, integer, nat, record } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { drawnAxis, fits, windowAttributes } from "../drawn-axis.ts";
import { assertClose } from "../reference/compare.ts";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { checkGradient, gradcheckAll } from "../reference/gradcheck.ts";
import { interpret } from "../reference/interpreter.ts";
import { fromTensor, toTensor } from "../reference/ndarray.ts";
import { oneNodeGraph, rowName, type Row } from "../reference/row.ts";
import { forwardRows, gradientRows } from "../reference/rows/convolution.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

/* 16 channels are enough for ONNX Runtime's blocked layouts. */
const blocked: readonly Row[] = [
  {
    inputs: [[1, 16, 5, 5], { dims: [16, 16, 3, 3], constant: true }],
    attributes: { pads: [1, 1, 1, 1] },
  },
  { inputs: [[1, 16, 4, 4], { dims: [32, 16, 1, 1], constant: true }] },
  {
    inputs: [[1, 32, 7, 6], { dims: [32, 1, 3, 3], constant: true }],
    attributes: { group: 32, pads: [1, 1, 1, 1], strides: [2, 2] },
  },
  {
    inputs: [[1, 32, 6, 6], { dims: [32, 16, 3, 3], constant: true }],
    attributes: { group: 2, pads: [1, 1, 1, 1] },
  },
];

describe("optimised sessions compute the same input gradient", () => {
  test.each(blocked.map((row) => [rowName(row), row] as const))("%s", async (_name, row) => {
    const { graph, feeds } = oneNodeGraph("Conv", row);
    const result = differentiate(graph, { of: "out0", wrt: ["in0"] });
    const name = result.gradients.get("in0")!;
    const tensors = { in0: toTensor(feeds["in0"]!) };
    const computed = await runtime.run(result.graph, tensors);
    assertClose(fromTensor(computed[name]!), interpret(result.graph, feeds)[name]!, 1e-5, name);
  });
});

test("only convolutions of few phases have their gradient by phases", () => {
  const operators = (stride: number) => {
    const inputs = [[1, 3, 32, 32], { dims: [4, 3, 8, 8], constant: true }] as const;
    const { graph } = oneNodeGraph("Conv", { inputs, attributes: { strides: [stride, stride] } });
    const result = differentiate(graph, { of: "out0", wrt: ["in0"] });
    return result.graph.nodes.map(({ operator }) => operator);
  };
  expect(operators(2)).toContain("Split");
  expect(operators(8)).not.toContain("Split");
});

const axis = drawnAxis({ size: 5, kernel: 3, stride: 3, dilations: [1, 1, 2], pad: 2 }).filter(
  fits,
);

const drawnConvolution = record({
  batch: integer({ min: 1, max: 2 }),
  groups: integer({ min: 1, max: 3 }),
  channels: constantFrom(1, 1, 2),
  filters: integer({ min: 1, max: 2 }),
  axes: array(axis, { minLength: 1, maxLength: 3 }),
  seed: nat(),
}).map(({ batch, groups, channels, filters, axes, seed }): Row => {
  const { kernel_shape: kernel, ...windows } = windowAttributes(axes);
  return {
    inputs: [
      [batch, groups * channels, ...axes.map(({ size }) => size)],
      [groups * filters, channels, ...kernel],
    ],
    attributes: { group: groups, ...windows },
    seed,
  };
});

test("any convolution has the gradients of the differences", async () => {
  const property = asyncProperty(drawnConvolution, (row) => checkGradient("Conv", row));
  await assert(property, { numRuns: 60 });
});

test("weight gradients of one channel each do not grow with the square of a long row", () => {
  const sizeAt = (width: number) => {
    const inputs = [[1, 4, width], { dims: [4, 1, 5], constant: false }] as const;
    const { graph } = oneNodeGraph("Conv", { inputs, attributes: { group: 4 } });
    const result = differentiate(graph, { of: "out0", wrt: ["in1"] });
    const values = [...result.graph.shapes.values(), ...result.graph.initializers.values()];
    return values.reduce((sum, { dims }) => sum + dims.reduce((count, dim) => count * dim, 1), 0);
  };
  expect(sizeAt(64_000) / sizeAt(16_000)).toBeLessThan(5);
});
