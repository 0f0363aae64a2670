/** @file The matchers themselves: what they accept, refuse and say. */
import { expect, test } from "vitest";
import { tensorOf } from "../src/graph/tensor.ts";

function failure(check: () => void): string {
  try {
    check();
  } catch (error) {
    return String(error);
  }
  return "passed";
}

test("toBeAllclose takes what is within atol + rtol |expected|, infinities included", () => {
  expect([100.0009, 0, Infinity]).toBeAllclose([100, 1e-7, Infinity]);
  expect([1.5]).toBeAllclose([1], { atol: 0.5, rtol: 0 });
  expect([]).toBeAllclose([]);
  expect([1]).not.toBeAllclose([1.1]);
});

test("toBeAllclose names the worst element and how many are wrong", () => {
  expect(failure(() => expect([1, 2.5, 9]).toBeAllclose([1, 2, 3]))).toContain(
    "2 of 3 elements are not within rtol 0.00001, atol 0.000001; worst is element 2: expected 3, got 9",
  );
  expect(failure(() => expect([1, NaN]).toBeAllclose([1, 2]))).toContain(
    "1 of 2 elements are not within rtol 0.00001, atol 0.000001; worst is element 1: expected 2, got NaN",
  );
});

test("toBeWithinL2 compares norms and names the worst element", () => {
  expect([3, 4.004]).toBeWithinL2([3, 4], 1e-3);
  expect([0, 0]).toBeWithinL2([0, 0], 0);
  expect([0, 1e-9]).not.toBeWithinL2([0, 0], 1);
  expect([NaN]).not.toBeWithinL2([1], 1);
  expect(failure(() => expect([3, 4.5]).toBeWithinL2([3, 4], 0.01))).toContain(
    "L2 of the difference is 1.00e-1 of the reference's 5.00e+0, over 0.01; worst is element 1: expected 4, got 4.5",
  );
});

test("both refuse another shape", () => {
  const row = tensorOf("float32", [1, 2], [1, 2]);
  const column = tensorOf("float32", [2, 1], [1, 2]);
  expect(failure(() => expect(row).toBeAllclose(column))).toContain(
    "expected shape [2, 1], got [1, 2]",
  );
  expect(failure(() => expect([1]).toBeWithinL2([1, 2], 1))).toContain(
    "expected 2 elements, got 1",
  );
});
