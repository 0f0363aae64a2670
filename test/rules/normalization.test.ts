/** @file The normalization family: rules against central differences, the interpreter against ONNX Runtime. */
import { afterAll, describe, expect, test } from "vitest";
import { differentiate } from "../../src/autodiff/differentiate.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { assertClose } from "../reference/compare.ts";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { interpret } from "../reference/interpreter.ts";
import { fromTensor, toTensor } from "../reference/ndarray.ts";
import { oneNodeGraph, type InputSpec, type Row } from "../reference/row.ts";
import { forwardRows, gradientRows } from "../reference/rows/normalization.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const parameter: InputSpec = { dims: [3], low: 0.5, high: 2, constant: true };

/** The operators that the gradient by the first input adds between the seed and the result. */
function operatorsOf(operator: string, row: Row): string[] {
  const { graph } = oneNodeGraph(operator, row);
  const added = differentiate(graph, { of: "out0", wrt: ["in0"] }).graph.nodes;
  return added.slice(2, -1).map((node) => node.operator);
}

test("BatchNormalization with constant parameters costs one product", () => {
  const row: Row = { inputs: [[2, 3, 4, 4], ...Array<InputSpec>(4).fill(parameter)] };
  expect(operatorsOf("BatchNormalization", row)).toEqual(["Mul"]);
});

test("LayerNormalization costs itself and two means; four means where it would give its deviation with fewer digits", () => {
  const meansOf = (type: "float32" | "float64") => {
    const parameters = Array<InputSpec>(2).fill({ ...parameter, type });
    const found = operatorsOf("LayerNormalization", {
      inputs: [{ dims: [2, 4, 3], type }, ...parameters],
    });
    return found.filter((operator) => /^(Reduce|Layer)/.test(operator));
  };
  expect(meansOf("float32")).toEqual(["LayerNormalization", "ReduceMean", "ReduceMean"]);
  expect(meansOf("float64")).toEqual(Array(4).fill("ReduceMean"));
});

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

test("LayerNormalization with a bias called nothing runs in an optimised session", async () => {
  const { graph, feeds } = oneNodeGraph("LayerNormalization", { inputs: [[2, 4], [4], null] });
  const tensors = { in0: toTensor(feeds["in0"]!), in1: toTensor(feeds["in1"]!) };
  const { out0 } = await runtime.run(graph, tensors);
  assertClose(fromTensor(out0!), interpret(graph, feeds)["out0"]!, 1e-5, "out0");
});

describe("LpNormalization at a zero vector has gradient 0", () => {
  test.each([
    [1, [0, 0, 0, 0]],
    [2, [0, 0, 0.032, -0.024]],
  ])("p %i", (p, expected) => {
    const values = [0, 0, 3, 4];
    const row: Row = { inputs: [{ dims: [2, 2], values }], attributes: { p } };
    const [gradient] = gradientsOf("LpNormalization", row);
    expect(gradient).toEqual(expected.map((value): unknown => expect.closeTo(value, 12)));
  });
});
