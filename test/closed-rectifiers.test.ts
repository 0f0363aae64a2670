/** @file What a closed rectifier keeps back is 0, even where the gradient behind it is infinite, as PyTorch has it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differentiate } from "../src/autodiff/differentiate.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import { ndarray } from "./reference/ndarray.ts";
import { runOnnxRuntime } from "./reference/onnxruntime.ts";

type Step = (b: GraphBuilder, v: Value) => Value;

const rectifiers: Readonly<Record<string, Step>> = {
  Relu: (b, v) => b.op("Relu", [v]),
  ReLU6: (b, v) => b.op("Clip", [v, b.scalar(0), b.scalar(6)]),
  Clip: (b, v) => b.op("Clip", [v, b.scalar(0), b.scalar(3)]),
};

const gentle: Readonly<Record<string, Step>> = {
  Identity: (b, v) => b.op("Identity", [v]),
  Reshape: (b, v) => b.reshape(v, [1, 2, 2, 2]),
  Mul: (b, v) => b.mul(v, b.scalar(2)),
  MaxPool: (b, v) => b.op("MaxPool", [v], { kernel_shape: [1, 1] }),
  Relu: (b, v) => b.op("Relu", [v]),
};

/** Functions with an infinite slope at 0, or where the forward value is infinite. */
const steep: Readonly<Record<string, Step>> = {
  Sqrt: (b, v) => b.op("Sqrt", [v]),
  Log: (b, v) => b.op("Log", [v]),
  Reciprocal: (b, v) => b.op("Reciprocal", [v]),
  Div: (b, v) => b.op("Div", [b.scalar(1), v]),
  Pow: (b, v) => b.op("Pow", [v, b.scalar(0.5)]),
  half: (b, v) => b.cast(b.mul(b.cast(v, "float16"), b.scalar(60_000, "float16")), "float32"),
};

const names = (table: Readonly<Record<string, Step>>) => fc.constantFrom(...Object.keys(table));

test("gradients of drawn chains are 0 before a closed rectifier, and numbers where it is open", async () => {
  const chain = fc.record({
    rectifier: names(rectifiers),
    between: fc.array(names(gentle), { maxLength: 3 }),
    root: names(steep),
    behind: fc.array(names(gentle), { maxLength: 2 }),
    x: fc.array(fc.constantFrom(-2, -0.5, 0, 0.25, 1, 2), { minLength: 8, maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(chain, async ({ rectifier, between, root, behind, x }) => {
      const b = new GraphBuilder();
      const rectified = rectifiers[rectifier]!(b, b.input("x", [1, 2, 2, 2]));
      const inner = between.reduce((v, name) => gentle[name]!(b, v), rectified);
      const rooted = behind.reduce((v, name) => gentle[name]!(b, v), steep[root]!(b, inner));
      const outer = b.mul(rooted, b.scalar(100));
      b.output(outer);
      const { graph, gradients } = differentiate(b.build(), { of: outer.name, wrt: ["x"] });
      const dims = [1, 2, 2, 2];
      const results = await runOnnxRuntime(graph, { x: ndarray("float32", dims, x) });
      const got = results[gradients.get("x")!]!.data;
      for (const [i, value] of x.entries()) {
        if (value < 0) expect(got[i]).toBe(0);
        if (value > 0) expect(got[i]).not.toBeNaN();
      }
    }),
    { numRuns: 150 },
  );
});
