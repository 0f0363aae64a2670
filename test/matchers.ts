/** @file Matchers for tensors, which say where and by how much they differ. */
import { expect } from "vitest";
import { formatShape, toNumbers, type Tensor } from "../src/graph/tensor.ts";

/** Anything with numbers in it. */
type Numbers = Tensor | ArrayLike<number>;

export interface Tolerance {
  /** Relative to the expected number. */
  readonly rtol?: number;
  readonly atol?: number;
}

interface TensorMatchers {
  /** Every element within atol + rtol * |expected| (1e-5 and 1e-6 by default). */
  toBeAllclose(expected: Numbers, tolerance?: Tolerance): void;
  /** L2 norm of the difference at most `tolerance` times that of `expected`; shapes equal. */
  toBeWithinL2(expected: Numbers, tolerance: number): void;
}

declare module "vitest" {
  // oxlint-disable-next-line typescript/no-empty-object-type
  interface Assertion extends TensorMatchers {}
}

function numbersOf(value: Numbers): readonly number[] {
  return "dims" in value ? toNumbers(value) : Array.from(value);
}

function shapeProblem(actual: Numbers, expected: Numbers): string | undefined {
  if ("dims" in actual && "dims" in expected) {
    const [a, e] = [formatShape(actual.dims), formatShape(expected.dims)];
    if (a !== e) return `expected shape ${e}, got ${a}`;
  }
  const [a, e] = [numbersOf(actual).length, numbersOf(expected).length];
  return a === e ? undefined : `expected ${e} elements, got ${a}`;
}

function length(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Where two lists differ most, by `measure`; NaN counts as the largest difference. */
function worstElement(
  actual: readonly number[],
  expected: readonly number[],
  measure: (got: number, wanted: number) => number,
): { index: number; size: number; found: string } {
  let worst = { index: -1, size: Number.NEGATIVE_INFINITY };
  for (const [index, got] of actual.entries()) {
    const size = measure(got, expected[index]!);
    if (size > worst.size || Number.isNaN(size)) worst = { index, size };
    if (Number.isNaN(size)) break;
  }
  const found = `element ${worst.index}: expected ${expected[worst.index]}, got ${actual[worst.index]}`;
  return { ...worst, found };
}

expect.extend({
  toBeAllclose(actual: Numbers, expected: Numbers, tolerance: Tolerance = {}) {
    const { rtol = 1e-5, atol = 1e-6 } = tolerance;
    const problem = shapeProblem(actual, expected);
    if (problem) return { pass: false, message: () => problem };
    const excess = (got: number, wanted: number) =>
      got === wanted
        ? Number.NEGATIVE_INFINITY
        : Math.abs(got - wanted) - atol - rtol * Math.abs(wanted);
    const [got, wanted] = [numbersOf(actual), numbersOf(expected)];
    const worst = worstElement(got, wanted, excess);
    const outside = got.filter((value, i) => !(excess(value, wanted[i]!) <= 0)).length;
    return {
      pass: outside === 0,
      message: () =>
        `${outside} of ${got.length} elements are not within rtol ${rtol}, atol ${atol}; worst is ${worst.found}`,
    };
  },
  toBeWithinL2(actual: Numbers, expected: Numbers, tolerance: number) {
    const problem = shapeProblem(actual, expected);
    if (problem) return { pass: false, message: () => problem };
    const [got, wanted] = [numbersOf(actual), numbersOf(expected)];
    const difference = length(got.map((value, i) => value - wanted[i]!));
    const reference = length(wanted);
    const ratio = difference === 0 ? 0 : difference / reference;
    const worst = worstElement(got, wanted, (a, b) => Math.abs(a - b));
    return {
      pass: ratio <= tolerance,
      message: () =>
        `L2 of the difference is ${ratio.toExponential(2)} of the reference's ${reference.toExponential(2)}, over ${tolerance}; worst is ${worst.found}`,
    };
  },
});
