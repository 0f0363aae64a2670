/** @file The quantization family: rules against central differences, the interpreter against ONNX Runtime. */
import { expect, test } from "vitest";
import { backpropagate } from "../../src/autodiff/differentiate.ts";
import { missingRules } from "../../src/autodiff/path.ts";
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import type { Node } from "../../src/graph/graph.ts";
import { interpret } from "../reference/interpreter.ts";
import { ndarray } from "../reference/ndarray.ts";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { forwardRows, gradientRows } from "../reference/rows/quantization.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

/** Input [1, 2, 2], quantised, moved by `between` and dequantised. */
function quantized(between: (b: GraphBuilder, levels: Value) => Value): GraphBuilder {
  const b = new GraphBuilder();
  const parameters = [b.scalar(0.5), b.constant([0], [], "int8")];
  const levels = b.op("QuantizeLinear", [b.input("x", [1, 2, 2]), ...parameters]);
  b.output(b.op("DequantizeLinear", [between(b, levels), ...parameters], {}, "y"));
  return b;
}

test("a gradient passes movers of quantised values", () => {
  const b = quantized((b, levels) => b.transpose(b.reshape(levels, [2, 2]), [1, 0]));
  const seed = b.constant([1, 2, 3, 4], [2, 2]);
  const [gradient] = backpropagate(b, { of: b.value("y"), seed, wrt: [b.value("x")] });
  b.output(gradient!);
  const x = ndarray("float32", [1, 2, 2], [1, 1000, -1, -1000]);
  const found = interpret(b.build(), { x })[gradient!.name]!;
  expect(found.type).toBe("float32");
  expect(Array.from(found.data)).toEqual([1, 0, 2, 0]);
});

test("an operator that computes on quantised values is named as missing", () => {
  const graph = quantized((_, levels) => levels).build();
  const [quantize, dequantize] = graph.nodes;
  const product: Node = {
    ...quantize!,
    name: "product",
    operator: "QLinearMatMul",
    outputs: ["z"],
  };
  const changed = {
    ...graph,
    nodes: [
      quantize!,
      { ...product, inputs: [quantize!.outputs[0]!] },
      { ...dequantize!, inputs: ["z", ...dequantize!.inputs.slice(1)] },
    ],
    shapes: new Map([...graph.shapes, ["z", { type: "int8", dims: [1, 2, 2] }] as const]),
  };
  expect(missingRules(changed, { of: "y", wrt: ["x"] })).toEqual([
    { operator: "QLinearMatMul", node: "product" },
  ]);
});
