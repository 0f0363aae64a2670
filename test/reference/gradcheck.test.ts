/** @file The gradient check itself: it must find what is wrong. */
import { expect, test } from "vitest";
import { checkGradient } from "./gradcheck.ts";

const row = { inputs: [[2, 3], [3]] };

test("a right rule passes", async () => {
  await expect(checkGradient("Mul", row)).resolves.toBeUndefined();
});

test("a rule that is wrong by a millionth is found", async () => {
  const wrong = checkGradient("Mul", row, {
    Mul: (n, b) => [b.mul(n.grad(0), n.in(1)), b.scale(b.mul(n.grad(0), n.in(0)), 1.000004)],
  });
  await expect(wrong).rejects.toThrow(/Mul: gradient of in1: at \[\d\] expected/);
});

test("a rule that emits what ONNX Runtime refuses is found", async () => {
  const wrong = checkGradient("Mul", row, {
    Mul: (n, b) => [
      b.op("Add", [b.mul(n.grad(0), n.in(1)), b.scalar(0, "float64")]),
      b.mul(n.grad(0), n.in(0)),
    ],
  });
  await expect(wrong).rejects.toThrow(/type/i);
});

test("a row without a differentiable input is refused", async () => {
  const empty = { inputs: [{ dims: [2], type: "int64" as const }] };
  await expect(checkGradient("Neg", empty)).rejects.toThrow(/no floating graph input/);
});
