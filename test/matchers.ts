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

expect.extend({
  toBeAllclose(actual: Numbers, expected: Numbers, tolerance: Tolerance = {}) {
    const { rtol = 1e-5, atol = 1e-6 } = tolerance;
    const problem = shapeProblem(actual, expected);
    if (problem) return { pass: false, message: () => problem };
    const wanted = numbersOf(expected);
    let worst = { excess: 0, index: -1, got: 0 };
    for (const [index, got] of numbersOf(actual).entries()) {
      const excess = Math.abs(got - wanted[index]!) - atol - rtol * Math.abs(wanted[index]!);
      if (!(excess <= worst.excess)) worst = { excess, index, got };
      if (Number.isNaN(excess)) break;
    }
    return {
      pass: worst.index < 0,
      message: () =>
        `element ${worst.index}: expected ${wanted[worst.index]}, got ${worst.got} (rtol ${rtol}, atol ${atol})`,
    };
  },
  toBeWithinL2(actual: Numbers, expected: Numbers, tolerance: number) {
    const problem = shapeProblem(actual, expected);
    if (problem) return { pass: false, message: () => problem };
    const wanted = numbersOf(expected);
    let difference = 0;
    let reference = 0;
    for (const [i, got] of numbersOf(actual).entries()) {
      difference += (got - wanted[i]!) ** 2;
      reference += wanted[i]! ** 2;
    }
    const ratio = Math.sqrt(difference / reference);
    return {
      pass: ratio <= tolerance,
      message: () =>
        `L2 of the difference is ${ratio.toExponential(2)} of the reference's, over ${tolerance}`,
    };
  },
});
